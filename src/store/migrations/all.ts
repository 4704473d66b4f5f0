import { ledgerMigration } from './0001-ledger.ts';
import { projectionsMigration } from './0002-projections.ts';
import type { Migration } from './migration.ts';

/** In order. New ones are added at the end. */
export const migrations: readonly Migration[] = [ledgerMigration, projectionsMigration];
