import type pg from 'pg';
import type { LedgerStore, ProjectionStore } from '../app/ports.ts';
import { AppError } from '../core/errors.ts';
import { Database } from './database.ts';
import { ledgerStore } from './ledger-store.ts';
import { projectionStore } from './projection-store.ts';

/** What a thread of ours looks at the database through. */
export interface StoreReader {
  readonly ledger: LedgerStore;
  readonly projections: ProjectionStore;
  close(): Promise<void>;
}

/** A few connections of its own to the database of an open store (`Store.connection`). Nothing is prepared or checked. */
export function openStoreReader(connection: pg.ClientConfig): StoreReader {
  const database = new Database({
    connection: { ...connection, max: 2 },
    place: 'the database server',
    explainLoss: async (cause) =>
      new AppError('DATABASE_UNREACHABLE', { detail: messageOf(cause) }, { cause }),
  });
  return {
    ledger: ledgerStore(database),
    projections: projectionStore(database),
    close: () => database.close(),
  };
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
