import type { LinkedCheckpoint, LogName, StoredCheckpoint } from '../app/ports.ts';
import type { Queryable } from './database.ts';
import { keysetPages } from './keyset-pages.ts';
import { tenant } from './tenant.ts';

const columns = 'size, root, note';

export async function latestCheckpoint(
  database: Queryable,
  log: LogName,
): Promise<StoredCheckpoint | undefined> {
  const [latest] = await database.query<StoredCheckpoint & Record<string, unknown>>(
    `SELECT ${columns} FROM reentry.log_checkpoint WHERE tenant_id = $1 AND log = $2 ORDER BY size DESC LIMIT 1`,
    [tenant, log],
  );
  return latest;
}

/**
 * Inserts the checkpoint if the newest one has `previousSize` (there being none counts as any size up to 0) and is smaller.
 * Two that follow the same one collide on its uniqueness as a predecessor, so one of them at most gets in, without a lock.
 */
export async function insertCheckpoint(
  database: Queryable,
  log: LogName,
  { size, root, note }: StoredCheckpoint,
  previousSize: number,
): Promise<boolean> {
  const inserted = await database.query(
    `INSERT INTO reentry.log_checkpoint (tenant_id, log, size, previous_size, root, note)
     SELECT $1, $2, $3, newest.size, $4, $5
     FROM (
       SELECT coalesce(max(size), -1) AS size FROM reentry.log_checkpoint WHERE tenant_id = $1 AND log = $2
     ) AS newest
     WHERE newest.size < $3 AND (newest.size = $6 OR (newest.size = -1 AND $6 <= 0))
     ON CONFLICT DO NOTHING
     RETURNING size`,
    [tenant, log, size, Buffer.from(root), note, previousSize],
  );
  return inserted.length === 1;
}

const checkpointsPerPage = 1_000;

export function readCheckpointPages(
  database: Queryable,
  log: LogName,
): AsyncGenerator<readonly LinkedCheckpoint[]> {
  return keysetPages<LinkedCheckpoint>(checkpointsPerPage, (after) =>
    database.query<LinkedCheckpoint & Record<string, unknown>>(
      `SELECT ${columns}, previous_size AS "previousSize" FROM reentry.log_checkpoint
       WHERE tenant_id = $1 AND log = $2 AND size > $3 ORDER BY size LIMIT $4`,
      [tenant, log, after?.size ?? -1, checkpointsPerPage],
    ),
  );
}
