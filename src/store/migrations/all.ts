import { ledgerMigration } from './0001-ledger.ts';
import { projectionsMigration } from './0002-projections.ts';
import { readModelsMigration } from './0003-read-models.ts';
import { doorMigration } from './0004-door.ts';
import { workMigration } from './0005-work.ts';
import { deliveriesMigration } from './0006-deliveries.ts';
import { hostsMigration } from './0007-hosts.ts';
import type { Migration } from './migration.ts';

/** In order. New ones are added at the end. */
export const migrations: readonly Migration[] = [
  ledgerMigration,
  projectionsMigration,
  readModelsMigration,
  doorMigration,
  workMigration,
  deliveriesMigration,
  hostsMigration,
];
