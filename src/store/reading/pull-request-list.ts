import { Buffer } from 'node:buffer';
import type { OverviewCounts } from '../../app/serving-ports.ts';
import type { ParsedQuery } from '../../contract/api.ts';
import { PullRequestItem, type PullRequestList } from '../../contract/pull-requests.ts';
import { AppError } from '../../core/errors.ts';
import { storedText } from '../../core/evidence/stored-text.ts';
import type { Queryable, Row } from '../database.ts';
import { columnName } from '../rows.ts';
import { tenant } from '../tenant.ts';
import { allOf, type Bind, Parameters } from './parameters.ts';

type Query = ParsedQuery<'listPullRequests'>;
type ItemRow = PullRequestItem & Row;

/** Right after, or before, the pull request that was assessed then with this record. */
interface Cursor {
  readonly side: 'after' | 'before';
  readonly assessedAt: string;
  readonly evidenceSeq: number;
}

const columns = Object.keys(PullRequestItem.shape)
  .map((field) => `pull.${columnName(field)} AS "${field}"`)
  .join(', ');

/** Assessed last first; of equal times the record decides, which no two share. */
export async function listPullRequests(database: Queryable, query: Query): Promise<PullRequestList> {
  const cursor = query.cursor === undefined ? undefined : decodeCursor(query.cursor);
  const back = cursor?.side === 'before';
  const { bind, values } = new Parameters();
  const selected = allOf(conditions(query, bind));
  const direction = back ? 'ASC' : 'DESC';
  const rows = await database.query<ItemRow>(
    `SELECT ${columns} FROM reentry.pull_request AS pull
     WHERE ${selected} AND ${cursor ? beside(cursor, cursor.side, bind) : 'true'}
     ORDER BY pull.assessed_at ${direction}, pull.evidence_seq ${direction} LIMIT ${bind(query.limit + 1)}`,
    values,
  );
  const { total, before } = await countAround(database, query, cursor);
  const isCut = rows.length > query.limit;
  const page = rows.slice(0, query.limit);
  const items = back ? page.toReversed() : page;
  const offset = Math.max(0, back ? before - items.length : before);
  const link = (side: Cursor['side'], row: ItemRow | undefined, exists: boolean) =>
    row && exists ? encodeCursor({ ...row, side }) : null;
  return {
    items: [...items],
    total,
    offset,
    next: link('after', items.at(-1), back || isCut),
    previous: link('before', items[0], back ? isCut : before > 0),
  };
}

export async function findPullRequest(
  database: Queryable,
  repoId: string,
  changeId: string,
): Promise<PullRequestItem | undefined> {
  const [row] = await database.query<ItemRow>(
    `SELECT ${columns} FROM reentry.pull_request AS pull
     WHERE pull.tenant_id = $1 AND pull.repo_id = $2 AND pull.change_id = $3
     ORDER BY pull.evidence_seq DESC LIMIT 1`,
    [tenant, storedText(repoId), storedText(changeId)],
  );
  return row;
}

export async function countPullRequests(database: Queryable): Promise<OverviewCounts['pullRequests']> {
  const [counts] = await database.query<OverviewCounts['pullRequests'] & Row>(
    `SELECT count(*) AS total, count(*) FILTER (WHERE state = 'open') AS open,
       count(*) FILTER (WHERE state = 'merged' AND NOT pending AND verdict = 'violated') AS "mergedViolated",
       count(*) FILTER (WHERE state = 'merged' AND (pending OR verdict NOT IN ('violated', 'satisfied')))
         AS "mergedUndecided"
     FROM reentry.pull_request WHERE tenant_id = $1`,
    [tenant],
  );
  return counts ?? { total: 0, open: 0, mergedViolated: 0, mergedUndecided: 0 };
}

async function countAround(
  database: Queryable,
  query: Query,
  cursor: Cursor | undefined,
): Promise<{ readonly total: number; readonly before: number }> {
  const { bind, values } = new Parameters();
  const selected = allOf(conditions(query, bind));
  const before = cursor ? beside(cursor, 'before', bind) : 'false';
  const [counts] = await database.query<{ total: number; before: number }>(
    `SELECT count(*) AS total, count(*) FILTER (WHERE ${before}) AS before
     FROM reentry.pull_request AS pull WHERE ${selected}`,
    values,
  );
  return counts ?? { total: 0, before: 0 };
}

function conditions({ repo, state, verdict }: Query, bind: Bind): readonly string[] {
  const anyOf = (column: string, wanted: readonly string[] | undefined) =>
    wanted === undefined ? [] : [`${column} = ANY(${bind(wanted.map(storedText))}::text[])`];
  return [
    `pull.tenant_id = ${tenant}`,
    ...anyOf('pull.repo_id', repo),
    ...anyOf('pull.state', state),
    ...anyOf(`CASE WHEN pull.pending THEN 'pending' ELSE pull.verdict END`, verdict),
  ];
}

/** True of those that stand before the cursor, or after it; the one that it names lies before a cursor after it. */
function beside(cursor: Cursor, which: Cursor['side'], bind: Bind): string {
  const sign = `${which === 'after' ? '<' : '>'}${cursor.side === which ? '' : '='}`;
  return `(pull.assessed_at, pull.evidence_seq) ${sign} (${bind(cursor.assessedAt)}::text, ${bind(cursor.evidenceSeq)}::bigint)`;
}

/** Tells it from the cursors of other lists. */
const listName = 'assessed';

function encodeCursor({ side, assessedAt, evidenceSeq }: Cursor): string {
  return Buffer.from(JSON.stringify([listName, side, assessedAt, evidenceSeq]), 'utf8').toString('base64url');
}

/** Error: INPUT_INVALID where it is none of this list. */
function decodeCursor(text: string): Cursor {
  const [list, side, assessedAt, evidenceSeq, ...rest] = parsed(text);
  if (
    list !== listName ||
    (side !== 'after' && side !== 'before') ||
    typeof assessedAt !== 'string' ||
    typeof evidenceSeq !== 'number' ||
    !Number.isSafeInteger(evidenceSeq) ||
    rest.length > 0
  )
    throw new AppError('INPUT_INVALID', { detail: 'the cursor is not one that this list gave' });
  return { side, assessedAt: storedText(assessedAt), evidenceSeq };
}

function parsed(text: string): readonly unknown[] {
  try {
    const value: unknown = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
    return Array.isArray(value) ? value : [];
  } catch {
    return [];
  }
}
