import { createHash } from 'node:crypto';
import type { LogState, Logs } from '../contract/evidence.ts';
import { encodeBase64 } from '../core/tlog/bytes.ts';
import { parseCheckpoint } from '../core/tlog/checkpoint.ts';
import { parseNote } from '../core/tlog/note.ts';
import type { LedgerStore, LogName } from './ports.ts';
import type { PublishedLog, WorkBoard } from './serving-ports.ts';

export interface LogSources {
  readonly logs: Readonly<Record<LogName, PublishedLog>>;
  readonly ledger: Pick<LedgerStore, 'size'>;
  readonly work: Pick<WorkBoard, 'verifications'>;
}

const names = ['events', 'evidence'] as const;
/** The newest ones: a few that were stopped do not hide the last one that ended. */
const looked = 20;

/** Both logs as they stand, and the newest verification that came to an end, else the newest one. */
export async function describeLogs(sources: LogSources): Promise<Logs> {
  const [logs, verifications] = await Promise.all([
    Promise.all(names.map((log) => describeLog(sources, log))),
    sources.work.verifications(looked),
  ]);
  const ended = verifications.find(({ state }) => state === 'passed' || state === 'failed');
  return { logs, lastVerification: ended ?? verifications[0] ?? null };
}

async function describeLog({ logs, ledger }: LogSources, log: LogName): Promise<LogState> {
  const { origin, vkey, publicKey } = logs[log];
  const [size, note, publishedAt] = await Promise.all([
    ledger.size(log),
    logs[log].checkpoint(),
    logs[log].publishedAt(),
  ]);
  return {
    log,
    origin,
    vkey,
    fingerprint: createHash('sha256').update(publicKey).digest('hex'),
    size,
    checkpoint: note === undefined ? null : describeCheckpoint(note, publishedAt),
  };
}

/** A note that cannot be read is shown as it is: that is for a verification to judge, not for this page to hide. */
function describeCheckpoint(
  note: string,
  publishedAt: Date | undefined,
): NonNullable<LogState['checkpoint']> {
  const parsed = parseNote(Buffer.from(note, 'utf8'));
  const checkpoint = parsed.ok ? parseCheckpoint(parsed.note.text) : parsed;
  const head = checkpoint.ok
    ? { size: Number(checkpoint.checkpoint.size), root: encodeBase64(checkpoint.checkpoint.root) }
    : { size: 0, root: '' };
  return { ...head, note, publishedAt: publishedAt?.toISOString() ?? null };
}
