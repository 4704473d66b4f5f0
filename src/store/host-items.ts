import type { HostProjections, HostRepositoryRow, PullRequestKey } from '../app/host-row-ports.ts';
import { storedText } from '../core/evidence/stored-text.ts';
import type { HostItemRow } from '../core/host/host-item.ts';
import type { HostObservation } from '../core/host/observation.ts';
import type { Told } from '../core/host/told.ts';
import type { Queryable } from './database.ts';
import { keysetPages } from './keyset-pages.ts';
import { type Columns, insertRows, orReplace, selectList } from './rows.ts';
import { tenant } from './tenant.ts';

const columns = {
  repositoryHostId: 'text',
  schema: 'text',
  subject: 'text',
  item: 'text',
  occurredAt: 'text',
  factSeq: 'bigint',
  receivedAt: 'text',
  capture: 'text',
  data: 'text',
} as const satisfies Columns<HostItemRow>;

const key = ['repositoryHostId', 'schema', 'subject', 'item'] as const;
/** Webhooks overtake each other: what happened before what is known changes nothing. */
const isLater =
  'WHERE (excluded.occurred_at, excluded.fact_seq) >= (host_item.occurred_at, host_item.fact_seq)';
const onConflict = `${orReplace<HostItemRow>(columns, key)} ${isLater}`;

export async function upsertHostItems(database: Queryable, rows: readonly HostItemRow[]): Promise<void> {
  await insertRows<HostItemRow>(
    database,
    { table: 'reentry.host_item AS host_item', columns, onConflict },
    rows,
  );
}

export const hostItemsAt: (database: Queryable) => HostProjections['hostItems'] =
  (database) =>
  async <Schema extends HostObservation['schema']>(
    repositoryHostId: string,
    schema: Schema,
    subjects: readonly string[],
  ) => {
    const rows = await database.query<Selected>(
      `SELECT ${selectList(columns)} FROM reentry.host_item
       WHERE tenant_id = $1 AND repository_host_id = $2 AND schema = $3 AND subject = ANY($4::text[])
       ORDER BY fact_seq`,
      [tenant, storedText(repositoryHostId), schema, subjects.map(storedText)],
    );
    return rows.map((row) => toldOf<Extract<HostObservation, { readonly schema: Schema }>>(row));
  };

type Selected = HostItemRow & Record<string, unknown>;

function toldOf<Observation extends HostObservation>({
  factSeq,
  receivedAt,
  capture,
  data,
}: HostItemRow): Told<Observation> {
  return { index: factSeq, receivedAt, capture, data: JSON.parse(data) as Observation };
}

/** Pull requests of which something was told after they were assessed last: a crash, or a host that could not be asked. */
export async function unassessedPullRequests(database: Queryable): Promise<readonly PullRequestKey[]> {
  return database.query<PullRequestKey & Record<string, unknown>>(
    `SELECT told.repository_host_id AS "repositoryHostId", told.number
     FROM (
       SELECT repository_host_id, substr(subject, 14)::bigint AS number, max(fact_seq) AS last
       FROM reentry.host_item
       WHERE tenant_id = $1 AND schema IN ('reentry.pull-request/1', 'reentry.review/1')
       GROUP BY repository_host_id, subject
     ) AS told
     LEFT JOIN reentry.pull_request AS done
       ON done.tenant_id = $1 AND done.repository_host_id = told.repository_host_id AND done.number = told.number
     WHERE done.fact_seq IS NULL OR done.fact_seq < told.last
     ORDER BY told.last`,
    [tenant],
  );
}

const rowsPerPage = 1_000;

/** In the order of the key. */
export function readHostItemPages(database: Queryable): AsyncGenerator<readonly HostItemRow[]> {
  return keysetPages<HostItemRow>(rowsPerPage, (after) =>
    database.query<Selected>(
      `SELECT ${selectList(columns)} FROM reentry.host_item
       WHERE tenant_id = $1 AND (repository_host_id, schema, subject, item) > ($2, $3, $4, $5)
       ORDER BY repository_host_id, schema, subject, item LIMIT $6`,
      [tenant, ...key.map((column) => after?.[column] ?? ''), rowsPerPage],
    ),
  );
}

const repositoryColumns = {
  hostId: 'text',
  host: 'text',
  repoId: 'text',
  name: 'text',
  url: 'text',
  defaultBranch: 'text',
  factSeq: 'bigint',
} as const satisfies Columns<HostRepositoryRow>;

const nameMovesOn = `ON CONFLICT (tenant_id, host_id) DO UPDATE SET name = excluded.name, url = excluded.url,
  default_branch = coalesce(excluded.default_branch, host_repository.default_branch), fact_seq = excluded.fact_seq
  WHERE excluded.fact_seq >= host_repository.fact_seq`;

export async function upsertHostRepositories(
  database: Queryable,
  rows: readonly HostRepositoryRow[],
): Promise<void> {
  await insertRows<HostRepositoryRow>(
    database,
    {
      table: 'reentry.host_repository AS host_repository',
      columns: repositoryColumns,
      onConflict: nameMovesOn,
    },
    rows,
  );
}

export async function hostRepositories(
  database: Queryable,
  hostId?: string,
): Promise<readonly HostRepositoryRow[]> {
  return database.query<HostRepositoryRow & Record<string, unknown>>(
    `SELECT ${selectList(repositoryColumns)} FROM reentry.host_repository
     WHERE tenant_id = $1 ${hostId === undefined ? '' : 'AND host_id = $2'} ORDER BY repo_id, host_id`,
    hostId === undefined ? [tenant] : [tenant, storedText(hostId)],
  );
}
