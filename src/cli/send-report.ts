import { setTimeout as wait } from 'node:timers/promises';
import { endpoints } from '../contract/endpoints.ts';
import type { Problem } from '../contract/problem.ts';
import type { ReportReceipt } from '../contract/reports.ts';
import { AppError } from '../core/errors.ts';

export interface SendReport {
  readonly server: string;
  readonly key: string;
  readonly query: Readonly<Record<string, string>>;
  readonly file: Uint8Array<ArrayBuffer>;
  readonly signal: AbortSignal;
}

export type Sent =
  | { readonly ok: true; readonly receipt: ReportReceipt }
  | { readonly ok: false; readonly problem: Pick<Problem, 'code' | 'detail' | 'action'> };

const attempts = 5;
const requestMs = 120_000;
const usualWaitMs = 2_000;
const longestWaitMs = 60_000;

/**
 * Sends one report. Where the server is busy or cannot be reached it is tried again: what arrived twice is stored once.
 * Error: SERVER_UNREACHABLE.
 */
export async function sendReport(given: SendReport): Promise<Sent> {
  for (let attempt = 1; ; attempt += 1) {
    const outcome = await trySending(given);
    if (!('again' in outcome)) return outcome;
    given.signal.throwIfAborted();
    if (attempt === attempts) return outcome.again();
    await wait(outcome.afterMs, undefined, { signal: given.signal });
  }
}

interface Again {
  readonly afterMs: number;
  /** How it ends where there is no further attempt. */
  again(): Sent;
}

async function trySending({ server, key, query, file, signal }: SendReport): Promise<Sent | Again> {
  const url = `${server}${endpoints.receiveReport.path}?${new URLSearchParams(query)}`;
  let response: Response;
  let text: string;
  try {
    response = await fetch(url, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/octet-stream' },
      body: file,
      // A key goes nowhere that nobody named.
      redirect: 'error',
      signal: AbortSignal.any([signal, AbortSignal.timeout(requestMs)]),
    });
    text = await response.text();
  } catch (cause) {
    return {
      afterMs: usualWaitMs,
      again: () => {
        throw new AppError('SERVER_UNREACHABLE', { server, detail: reasonOf(cause) }, { cause });
      },
    };
  }
  return understood(server, response, text);
}

function understood(server: string, response: Response, text: string): Sent | Again {
  const answer = parsed(text);
  if (response.status === 201 && 'index' in answer)
    return { ok: true, receipt: answer as unknown as ReportReceipt };
  const { code, detail, action } = answer;
  const isProblem = typeof code === 'string' && typeof detail === 'string' && typeof action === 'string';
  const end = (): Sent => {
    if (isProblem) return { ok: false, problem: { code, detail, action } };
    throw new AppError('SERVER_UNREACHABLE', { server, detail: `${response.status}, and not from Reentry` });
  };
  if (response.status !== 429 && response.status !== 503) return end();
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
  const afterMs = Number.isFinite(seconds) && seconds >= 0 ? seconds * 1_000 : usualWaitMs;
  return { afterMs: Math.min(afterMs, longestWaitMs), again: end };
}

function parsed(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
  } catch {
    return {};
  }
}

function reasonOf(cause: unknown): string {
  const beneath = cause instanceof Error && cause.cause instanceof Error ? cause.cause : cause;
  return beneath instanceof Error ? beneath.message || beneath.name : String(beneath);
}
