import type { Queryable } from './database.ts';
import { tenant } from './tenant.ts';

export async function readCursor(database: Queryable): Promise<number> {
  const [row] = await database.query<{ next: number }>(
    'SELECT next_seq AS next FROM reentry.projection_cursor WHERE tenant_id = $1',
    [tenant],
  );
  return row?.next ?? 0;
}

export async function setCursor(database: Queryable, nextSeq: number): Promise<void> {
  await database.query(
    `INSERT INTO reentry.projection_cursor (tenant_id, next_seq) VALUES ($1, $2)
     ON CONFLICT (tenant_id) DO UPDATE SET next_seq = excluded.next_seq`,
    [tenant, nextSeq],
  );
}
