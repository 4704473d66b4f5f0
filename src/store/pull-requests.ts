import type { PullRequestRow } from '../app/host-row-ports.ts';
import { storedText } from '../core/evidence/stored-text.ts';
import type { Queryable } from './database.ts';
import { keysetPages } from './keyset-pages.ts';
import { type Columns, insertRows, orReplace, repoIdsOf, selectList } from './rows.ts';
import { tenant } from './tenant.ts';

const columns = {
  repoId: 'text',
  number: 'bigint',
  changeId: 'text',
  ordinal: 'bigint',
  repositoryHostId: 'text',
  title: 'text',
  authorLogin: 'text',
  state: 'text',
  draft: 'boolean',
  targetBranch: 'text',
  headSha: 'text',
  class: 'text',
  attributionLevel: 'smallint',
  riskScore: 'double precision',
  riskBand: 'text',
  verdict: 'text',
  pending: 'boolean',
  because: 'text',
  policyDigest: 'text',
  stateDigest: 'text',
  approvals: 'integer',
  assessedAt: 'text',
  createdAt: 'text',
  mergedAt: 'text',
  mergeSha: 'text',
  landed: 'text[]',
  factSeq: 'bigint',
  evidenceSeq: 'bigint',
  statementDigest: 'bytea',
} as const satisfies Columns<PullRequestRow>;

type Selected = PullRequestRow & Record<string, unknown>;

const onConflict = orReplace<PullRequestRow>(columns, ['repoId', 'number']);

export async function upsertPullRequests(
  database: Queryable,
  rows: readonly PullRequestRow[],
): Promise<void> {
  await insertRows<PullRequestRow>(database, { table: 'reentry.pull_request', columns, onConflict }, rows);
}

export async function pullRequestsOf(
  database: Queryable,
  repoId: string,
  numbers: readonly number[],
): Promise<readonly PullRequestRow[]> {
  return database.query<Selected>(
    `SELECT ${selectList(columns)} FROM reentry.pull_request
     WHERE tenant_id = $1 AND repo_id = $2 AND number = ANY($3::bigint[]) ORDER BY number`,
    [tenant, storedText(repoId), numbers],
  );
}

export async function pullRequestsAt(
  database: Queryable,
  repositoryHostId: string,
  shas: readonly string[],
): Promise<readonly number[]> {
  const rows = await database.query<{ number: number }>(
    `SELECT number FROM reentry.pull_request
     WHERE tenant_id = $1 AND repository_host_id = $2 AND (head_sha = ANY($3::text[]) OR merge_sha = ANY($3::text[]))
     ORDER BY number`,
    [tenant, storedText(repositoryHostId), shas.map(storedText)],
  );
  return rows.map(({ number }) => number);
}

export async function openPullRequests(
  database: Queryable,
  repositoryHostId: string,
): Promise<readonly number[]> {
  const rows = await database.query<{ number: number }>(
    `SELECT number FROM reentry.pull_request
     WHERE tenant_id = $1 AND state = 'open' AND repository_host_id = $2 ORDER BY number`,
    [tenant, storedText(repositoryHostId)],
  );
  return rows.map(({ number }) => number);
}

export async function landedBy(
  database: Queryable,
  repoId: string,
  shas: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const rows = await database.query<{ sha: string; changeId: string }>(
    `SELECT sha, change_id AS "changeId" FROM reentry.pull_request, unnest(landed) AS sha
     WHERE tenant_id = $1 AND repo_id = $2 AND landed && $3::text[] AND sha = ANY($3::text[])`,
    [tenant, storedText(repoId), shas.map(storedText)],
  );
  return new Map(rows.map(({ sha, changeId }) => [sha, changeId]));
}

export async function landedCommits(database: Queryable, repoId: string): Promise<ReadonlySet<string>> {
  const rows = await database.query<{ sha: string }>(
    `SELECT DISTINCT unnest(landed) AS sha FROM reentry.pull_request
     WHERE tenant_id = $1 AND repo_id = $2 AND merge_sha IS NOT NULL`,
    [tenant, storedText(repoId)],
  );
  return new Set(rows.map(({ sha }) => sha));
}

const rowsPerPage = 1_000;

export async function* readPullRequestPages(database: Queryable): AsyncGenerator<readonly PullRequestRow[]> {
  for await (const repoId of repoIdsOf(database, 'reentry.pull_request'))
    yield* keysetPages<PullRequestRow>(rowsPerPage, (after) =>
      database.query<Selected>(
        `SELECT ${selectList(columns)} FROM reentry.pull_request
         WHERE tenant_id = $1 AND repo_id = $2 AND number > $3 ORDER BY number LIMIT $4`,
        [tenant, repoId, after?.number ?? -1, rowsPerPage],
      ),
    );
}
