import type { ChangeReader, Neighbour } from '../../app/serving-ports.ts';
import type { ChangeListItem } from '../../contract/changes.ts';
import { storedText } from '../../core/evidence/stored-text.ts';
import type { Queryable, Row } from '../database.ts';
import { tenant } from '../tenant.ts';
import { type ItemRow, itemColumns, itemOf } from './change-items.ts';

export async function findChange(
  database: Queryable,
  repoId: string,
  changeId: string,
): Promise<ChangeListItem | undefined> {
  const [row] = await database.query<ItemRow>(
    `SELECT ${itemColumns} FROM reentry.change AS change WHERE tenant_id = $1 AND repo_id = $2 AND change_id = $3`,
    [tenant, storedText(repoId), storedText(changeId)],
  );
  return row && itemOf(row);
}

type RecordItem = Awaited<ReturnType<ChangeReader['records']>>[number];

export async function recordsOf(
  database: Queryable,
  repoId: string,
  changeId: string,
): Promise<readonly RecordItem[]> {
  return database.query<RecordItem & Row>(
    `SELECT evidence_seq AS "evidenceSeq", fact_seq AS "factSeq", reason, statement_digest AS "statementDigest"
     FROM reentry.evidence_record WHERE tenant_id = $1 AND repo_id = $2 AND change_id = $3 ORDER BY evidence_seq DESC`,
    [tenant, storedText(repoId), storedText(changeId)],
  );
}

/** The changes next to it in its repository, in the order in which they landed. */
export async function neighboursOf(
  database: Queryable,
  repoId: string,
  changeId: string,
): Promise<{ readonly older: Neighbour | null; readonly newer: Neighbour | null }> {
  const beside = (sign: '<' | '>', direction: 'ASC' | 'DESC') => `
    (SELECT '${sign}' AS side, near.change_id AS "changeId", near.title FROM reentry.change AS near
     WHERE near.tenant_id = $1 AND near.repo_id = $2 AND near.ordinal ${sign} (
       SELECT ordinal FROM reentry.change WHERE tenant_id = $1 AND repo_id = $2 AND change_id = $3
     ) ORDER BY near.ordinal ${direction} LIMIT 1)`;
  const rows = await database.query<Neighbour & Row & { side: string }>(
    `${beside('<', 'DESC')} UNION ALL ${beside('>', 'ASC')}`,
    [tenant, storedText(repoId), storedText(changeId)],
  );
  const on = (wanted: string): Neighbour | null => {
    const row = rows.find(({ side }) => side === wanted);
    return row ? { changeId: row.changeId, title: row.title } : null;
  };
  return { older: on('<'), newer: on('>') };
}
