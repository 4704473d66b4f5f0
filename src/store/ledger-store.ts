import type { AppendOutcome, LedgerWriter, LogName } from '../app/ports.ts';
import { insertCheckpoint, latestCheckpoint, readCheckpointPages } from './checkpoints.ts';
import type { Database } from './database.ts';
import { GroupCommit } from './group-commit.ts';
import { appendEntries, encodeEntries, logSize, readEntryPages, readSealedPages } from './log-entries.ts';

/** The ledger in PostgreSQL. Calls of `append` that come while one is being committed share the next transaction. */
export function ledgerStore(database: Database): LedgerWriter {
  const queues = new Map<LogName, GroupCommit>();
  const queueOf = (log: LogName) => {
    const queue =
      queues.get(log) ??
      new GroupCommit((entries) =>
        database.transaction((connection) => appendEntries(connection, log, entries)),
      );
    queues.set(log, queue);
    return queue;
  };
  return {
    append: async (log, entries): Promise<AppendOutcome> => queueOf(log).append(encodeEntries(entries)),
    size: (log) => logSize(database, log),
    readEntries: (log, from, to) => readEntryPages(database, { log, from, to }),
    readSealed: (log, from, to) => readSealedPages(database, { log, from, to }),
    latestCheckpoint: (log) => latestCheckpoint(database, log),
    insertCheckpoint: (log, checkpoint, previousSize) =>
      insertCheckpoint(database, log, checkpoint, previousSize),
    checkpoints: (log) => readCheckpointPages(database, log),
  };
}
