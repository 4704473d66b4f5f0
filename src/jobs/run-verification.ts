import type { Surroundings } from '../app/ports.ts';
import type { Verification as Findings, VerifyArchiveOptions } from '../app/verify-archive.ts';
import type { WorkStore } from '../app/work-ports.ts';
import type { Verification } from '../contract/evidence.ts';
import { count, plural } from '../core/sentence-parts.ts';

export interface VerificationWork {
  readonly work: WorkStore;
  readonly surroundings: Surroundings;
  readonly verify: (options: VerifyArchiveOptions) => Promise<Findings>;
}

export interface VerificationRun {
  readonly id: string;
  readonly requestedBy: string;
  readonly tell: (step: string, done: number, total: number) => void;
  readonly signal: AbortSignal;
}

const keptFindings = 100;

/** Verifies the whole archive, keeps what was found and tells in a sentence how it ended. */
export async function runVerification(
  { work, surroundings, verify }: VerificationWork,
  { id, requestedBy, tell, signal }: VerificationRun,
): Promise<string> {
  const startedAt = surroundings.now().toISOString();
  const begun = { id, requestedBy, startedAt, finishedAt: null, logs: [], findings: [] };
  await work.putVerification({ ...begun, state: 'running' });
  try {
    const found = await verify({
      onProgress: (log, done, total) => tell(`Checking the ${log} log`, done, total),
      signal,
    });
    await work.putVerification({
      ...begun,
      state: found.findingCount === 0 ? 'passed' : 'failed',
      finishedAt: surroundings.now().toISOString(),
      logs: logsOf(found),
      findings: found.findings.slice(0, keptFindings).map(({ code, log, index, tile, detail }) => ({
        code,
        log,
        index: index ?? null,
        tile: tile ?? null,
        detail,
      })),
    });
    return outcomeText(found);
  } catch (error) {
    await work
      .putVerification({ ...begun, state: 'stopped', finishedAt: surroundings.now().toISOString() })
      .catch(() => undefined);
    throw error;
  }
}

function logsOf({ logs }: Findings): Verification['logs'] {
  return logs.map(({ log, checkpoint, entries, unpublished, counts }) => ({
    log,
    size: checkpoint?.size ?? null,
    entries,
    unpublished,
    findings: [...counts.values()].reduce((sum, count) => sum + count, 0),
  }));
}

function outcomeText({ logs, findingCount }: Findings): string {
  const entries = logs.reduce((sum, log) => sum + log.entries, 0);
  if (findingCount === 0) return `All ${count(entries)} entries hold.`;
  return `${plural(findingCount, 'thing is', 'things are')} wrong in ${plural(entries, 'entry', 'entries')}.`;
}
