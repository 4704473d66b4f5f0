import type {
  AppendOutcome,
  LedgerWriter,
  LinkedCheckpoint,
  LogName,
  NewEntry,
  SealedEntry,
  StoredCheckpoint,
} from '../../app/ports.ts';
import { commitmentTo, encodeEntry } from '../../core/tlog/entry.ts';
import { hmacSha256 } from '../../core/tlog/node-primitives.ts';

/** One log as the tables hold it; open to whoever wants to tamper with it. */
export interface MemoryLog {
  size: number;
  rows: SealedEntry[];
  checkpoints: LinkedCheckpoint[];
}

const pageSize = 512;

/** The ledger's tables in memory, with the port's promises and none of its durability. */
export class MemoryLedger implements LedgerWriter {
  readonly logs: Readonly<Record<LogName, MemoryLog>> = {
    events: { size: 0, rows: [], checkpoints: [] },
    evidence: { size: 0, rows: [], checkpoints: [] },
  };
  readonly #keys = new Map<string, number>();

  async append(log: LogName, entries: readonly NewEntry[]): Promise<AppendOutcome> {
    const into = this.logs[log];
    const outcomes = entries.map((entry) => {
      const key = `${log} ${Buffer.from(entry.idempotencyKey).toString('hex')}`;
      const before = this.#keys.get(key);
      if (before !== undefined) return { seq: before, duplicate: true };
      const seq = into.size;
      into.size += 1;
      into.rows.push(seal(seq, entry));
      this.#keys.set(key, seq);
      return { seq, duplicate: false };
    });
    return { entries: outcomes, size: into.size };
  }

  async size(log: LogName): Promise<number> {
    return this.logs[log].size;
  }

  async *readEntries(log: LogName, from: number, to: number): AsyncGenerator<readonly SealedEntry[]> {
    yield* this.readSealed(log, from, to);
  }

  async *readSealed(log: LogName, from: number, to: number): AsyncGenerator<readonly SealedEntry[]> {
    const rows = this.logs[log].rows.filter(({ seq }) => seq >= from && seq < to);
    for (let at = 0; at < rows.length; at += pageSize) yield rows.slice(at, at + pageSize);
  }

  async latestCheckpoint(log: LogName): Promise<StoredCheckpoint | undefined> {
    return this.logs[log].checkpoints.at(-1);
  }

  async insertCheckpoint(log: LogName, checkpoint: StoredCheckpoint, previousSize: number): Promise<boolean> {
    const { checkpoints } = this.logs[log];
    const latest = checkpoints.at(-1)?.size ?? -1;
    if (latest !== previousSize || checkpoint.size <= latest) return false;
    checkpoints.push({ ...checkpoint, previousSize });
    return true;
  }

  async *checkpoints(log: LogName): AsyncGenerator<readonly LinkedCheckpoint[]> {
    const { checkpoints } = this.logs[log];
    for (let at = 0; at < checkpoints.length; at += 3) yield checkpoints.slice(at, at + 3);
  }
}

function seal(seq: number, { kind, timeMs, id, salt, payload }: NewEntry): SealedEntry {
  const commitment = commitmentTo(hmacSha256, salt, payload);
  return { seq, entry: encodeEntry({ kind, timeMs, id, commitment }), salt, payload };
}
