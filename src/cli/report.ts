import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Config } from '../config.ts';
import type { ReportReceipt } from '../contract/reports.ts';
import { AppError, errorTable } from '../core/errors.ts';
import { plural } from '../core/sentence-parts.ts';
import { ciDefaults } from './ci-defaults.ts';
import { type Sent, sendReport } from './send-report.ts';
import { printable, style } from './terminal.ts';
import type { World } from './world.ts';

export interface ReportOptions {
  readonly files: readonly string[];
  readonly repo?: string;
  readonly sha?: string;
  readonly name?: string;
  readonly attempt?: string;
  readonly pullRequest?: string;
  readonly server?: string;
  readonly key?: string;
  readonly json?: true;
}

/**
 * Hands reports in, each by itself: one that is refused does not keep the others back. Reporting is not judging, so a report that
 * tells of failures ends with 0; the worst status of those that were not taken is the command's.
 */
export async function report(world: World, { files, json, ...options }: ReportOptions): Promise<number> {
  const { config, terminal, signal } = world;
  const to = await destination(config, options);
  let status = 0;
  for (const path of files) {
    const sent = await attempt(async () => {
      const file = await readReportFile(resolve(config.workingFolder, path));
      return sendReport({ ...to, query: { ...to.query, part: path.slice(-500) }, file, signal });
    });
    if (signal.aborted) signal.throwIfAborted();
    if (json) await terminal.out(`${JSON.stringify(jsonLine(path, sent))}\n`);
    else if (sent.ok) await terminal.out(`${printable(path)}: ${receiptText(sent.receipt)}\n`);
    else {
      const code = style({ colour: terminal.errColour }, 'red', sent.problem.code);
      terminal.err(
        `${printable(path)}: ${code} ${printable(sent.problem.detail)}\n${printable(sent.problem.action)}\n`,
      );
    }
    if (!sent.ok) status = Math.max(status, statusOf(sent.problem.code));
  }
  return status;
}

interface Destination {
  readonly server: string;
  readonly key: string;
  readonly query: Readonly<Record<string, string>>;
}

async function destination(
  { reportUrl, apiKey, ci }: Config,
  options: Omit<ReportOptions, 'files' | 'json'>,
): Promise<Destination> {
  const server = options.server ?? reportUrl;
  if (server === undefined) throw missing('the server', '--server or REENTRY_URL');
  if (!URL.canParse(server) || !/^https?:$/.test(new URL(server).protocol))
    throw new AppError('USAGE', { detail: 'the server must be an address like https://reentry.example.org' });
  const key = options.key ?? apiKey;
  if (key === undefined) throw missing('the API key', 'REENTRY_API_KEY or --key');
  if (!/^[\x21-\x7e]+$/.test(key))
    throw new AppError('USAGE', { detail: 'the API key holds a character that no key has' });
  // Nothing is asked of CI that was said: a given commit needs no event.
  const known = options.sha === undefined ? await ciDefaults(ci) : { ...ci, sha: options.sha };
  const repo = options.repo ?? known.repo;
  if (repo === null) throw missing('the repository', '--repo');
  if (known.sha === null) throw missing('the commit', '--sha');
  const query = {
    repo,
    sha: known.sha,
    name: options.name,
    attempt: options.attempt ?? known.attempt?.toString(),
    pullRequest: options.pullRequest ?? known.pullRequest?.toString(),
    url: known.url ?? undefined,
  };
  const given = Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return { server: server.replace(/\/+$/, ''), key, query: Object.fromEntries(given) };
}

function missing(what: string, where: string): AppError {
  return new AppError('USAGE', { detail: `${what} is not known: give ${where}` });
}

async function readReportFile(path: string): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return new Uint8Array(await readFile(path));
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? 'it cannot be read';
    throw new AppError('REPORT_INVALID', { detail: `the file cannot be read (${code})` }, { cause });
  }
}

async function attempt(work: () => Promise<Sent>): Promise<Sent> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { ok: false, problem: { code: error.code, detail: error.message, action: error.action } };
  }
}

function jsonLine(file: string, sent: Sent): object {
  return sent.ok ? { file, ...sent.receipt } : { file, error: sent.problem };
}

/** Of a newer server's code that this version does not know: bad input. */
function statusOf(code: string): number {
  return Object.hasOwn(errorTable, code) ? errorTable[code as keyof typeof errorTable].exitStatus : 3;
}

function receiptText({ name, conclusion, summary, index, duplicate }: ReportReceipt): string {
  const { findings, tests, coverage, components, format } = summary;
  const told = [
    ...(findings ? [findingsText(findings.bySeverity)] : []),
    ...(tests
      ? [`${plural(tests.total, 'test')}, ${tests.failed + tests.errors} failed, ${tests.skipped} skipped`]
      : []),
    ...(coverage ? [`${coverage.covered} of ${plural(coverage.coverable, 'line')} covered`] : []),
    ...(components ? [plural(components.total, 'component')] : []),
  ];
  const place = duplicate ? `known already as fact ${index}` : `sealed as fact ${index}`;
  return `${format} of ${printable(name)}, ${printable(conclusion)} (${told.join('; ')}), ${place}`;
}

function findingsText(bySeverity: Readonly<Record<string, number>>): string {
  const counted = Object.entries(bySeverity).filter(([, count]) => count > 0);
  return counted.length === 0
    ? 'no findings'
    : counted.map(([severity, count]) => `${count} ${severity}`).join(', ');
}
