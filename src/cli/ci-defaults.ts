import { readFile } from 'node:fs/promises';
import type { CiSettings } from '../config.ts';
import { AppError } from '../core/errors.ts';

/** What CI says of the run that a report comes from; null where it does not. */
export interface CiDefaults {
  readonly repo: string | null;
  readonly sha: string | null;
  readonly pullRequest: number | null;
  readonly attempt: number | null;
  readonly url: string | null;
}

/**
 * What the run is about. On GitHub the commit of a run for a pull request is a merge made to try it, which nobody reviews and
 * nobody keeps: the head stands in the event's file alone, and without that there is no commit to fall back on. Error: USAGE.
 */
export async function ciDefaults({ system, event, eventFile, ...ci }: CiSettings): Promise<CiDefaults> {
  const plain = { repo: ci.repo, sha: ci.sha, pullRequest: ci.pullRequest, attempt: ci.attempt, url: ci.url };
  if (system !== 'github') return plain;
  const isPullRequest = event?.startsWith('pull_request') ?? false;
  if (!isPullRequest && event !== 'workflow_run') return plain;
  const told = await readEvent(eventFile);
  if (isPullRequest) {
    const { head, number } = objectIn(told, 'pull_request');
    return {
      ...plain,
      sha: commitIn(objectOf(head).sha),
      pullRequest: typeof number === 'number' ? number : null,
    };
  }
  return { ...plain, sha: commitIn(objectIn(told, 'workflow_run').head_sha) };
}

async function readEvent(file: string | null): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file ?? '', 'utf8'));
  } catch (cause) {
    throw new AppError('USAGE', { detail: noHead }, { cause });
  }
}

const noHead = 'GITHUB_EVENT_PATH does not tell the head of the pull request: give --sha';

function commitIn(sha: unknown): string {
  if (typeof sha === 'string' && /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(sha)) return sha;
  throw new AppError('USAGE', { detail: noHead });
}

function objectIn(value: unknown, key: string): Readonly<Record<string, unknown>> {
  return objectOf(objectOf(value)[key]);
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}
