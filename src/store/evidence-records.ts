import type { EvidenceRecordRow } from '../app/ports.ts';
import type { Queryable } from './database.ts';
import { keysetPages } from './keyset-pages.ts';
import { type Columns, insertRows, selectList } from './rows.ts';
import { tenant } from './tenant.ts';

const columns = {
  evidenceSeq: 'bigint',
  repoId: 'text',
  changeId: 'text',
  factSeq: 'bigint',
  reason: 'text',
  statementDigest: 'bytea',
} as const satisfies Columns<EvidenceRecordRow>;

export async function insertEvidenceRecords(
  database: Queryable,
  rows: readonly EvidenceRecordRow[],
): Promise<void> {
  await insertRows<EvidenceRecordRow>(database, { table: 'reentry.evidence_record', columns }, rows);
}

export async function lastEvidenceSeq(database: Queryable): Promise<number> {
  const [row] = await database.query<{ seq: number }>(
    'SELECT coalesce(max(evidence_seq), -1) AS seq FROM reentry.evidence_record WHERE tenant_id = $1',
    [tenant],
  );
  return row?.seq ?? -1;
}

const rowsPerPage = 2_000;

export function readEvidenceRecordPages(database: Queryable): AsyncGenerator<readonly EvidenceRecordRow[]> {
  return keysetPages<EvidenceRecordRow>(rowsPerPage, (after) =>
    database.query<EvidenceRecordRow & Record<string, unknown>>(
      `SELECT ${selectList(columns)} FROM reentry.evidence_record
       WHERE tenant_id = $1 AND evidence_seq > $2 ORDER BY evidence_seq LIMIT $3`,
      [tenant, after?.evidenceSeq ?? -1, rowsPerPage],
    ),
  );
}
