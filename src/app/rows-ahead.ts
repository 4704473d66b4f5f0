import type { LedgerStore, LogName, ProjectionStore } from './ports.ts';

export interface RowsAhead {
  readonly log: LogName;
  /** Entries in the log. */
  readonly held: number;
  /** Entries that rows are derived from. */
  readonly derived: number;
}

/**
 * Logs that hold less than what rows were derived from. Rows and entries are committed together, so it never comes from a
 * crash: the log was cut off, checkpoints and all, or somebody added rows.
 */
export async function rowsAhead({
  ledger,
  projections,
}: {
  readonly ledger: LedgerStore;
  readonly projections: ProjectionStore;
}): Promise<readonly RowsAhead[]> {
  const logs = [
    { log: 'events', held: await ledger.size('events'), derived: await projections.cursor() },
    {
      log: 'evidence',
      held: await ledger.size('evidence'),
      derived: (await projections.lastEvidenceSeq()) + 1,
    },
  ] as const;
  return logs.filter(({ held, derived }) => derived > held);
}
