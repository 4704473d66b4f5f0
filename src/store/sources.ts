import type { Problem, RepositoryClassCount, RepositorySource } from '../app/work-ports.ts';
import { storedText } from '../core/evidence/stored-text.ts';
import type { Queryable } from './database.ts';
import { tenant } from './tenant.ts';

interface SourceRow extends Omit<RepositorySource, 'problem'> {
  readonly problem: string | null;
}

const select = `
  SELECT repo_id AS "repoId", name, path, following, added_by AS "addedBy", looked_at AS "lookedAt", problem
  FROM reentry.repository_source WHERE tenant_id = $1`;

export async function allSources(database: Queryable): Promise<readonly RepositorySource[]> {
  const rows = await database.query<SourceRow & Record<string, unknown>>(`${select} ORDER BY repo_id`, [
    tenant,
  ]);
  return rows.map(sourceOf);
}

export async function changesByClass(database: Queryable): Promise<readonly RepositoryClassCount[]> {
  return database.query<RepositoryClassCount & Record<string, unknown>>(
    `SELECT repo_id AS "repoId", class, sum(changes)::bigint AS changes FROM reentry.change_cell
     WHERE tenant_id = $1 GROUP BY repo_id, class`,
    [tenant],
  );
}

export async function findSource(database: Queryable, repoId: string): Promise<RepositorySource | undefined> {
  const [row] = await database.query<SourceRow & Record<string, unknown>>(`${select} AND repo_id = $2`, [
    tenant,
    storedText(repoId),
  ]);
  return row && sourceOf(row);
}

export async function putSource(
  database: Queryable,
  { repoId, name, path, addedBy }: Pick<RepositorySource, 'repoId' | 'name' | 'path' | 'addedBy'>,
): Promise<void> {
  await database.query(
    `INSERT INTO reentry.repository_source (tenant_id, repo_id, name, path, following, added_by)
     VALUES ($1, $2, $3, $4, true, $5)
     ON CONFLICT (tenant_id, repo_id) DO UPDATE
     SET name = excluded.name, path = excluded.path, following = true, added_by = excluded.added_by, problem = NULL`,
    [tenant, ...[repoId, name, path, addedBy].map(storedText)],
  );
}

export async function setFollowing(
  database: Queryable,
  repoId: string,
  following: boolean,
): Promise<boolean> {
  const rows = await database.query(
    `UPDATE reentry.repository_source SET following = $3 WHERE tenant_id = $1 AND repo_id = $2 RETURNING repo_id`,
    [tenant, storedText(repoId), following],
  );
  return rows.length > 0;
}

export async function setLookedAt(database: Queryable, repoId: string, at: string): Promise<void> {
  await database.query(
    'UPDATE reentry.repository_source SET looked_at = $3 WHERE tenant_id = $1 AND repo_id = $2',
    [tenant, storedText(repoId), at],
  );
}

export async function setProblem(
  database: Queryable,
  repoId: string,
  problem: Problem | null,
): Promise<void> {
  await database.query(
    'UPDATE reentry.repository_source SET problem = $3 WHERE tenant_id = $1 AND repo_id = $2',
    // JSON escapes what PostgreSQL's text cannot hold.
    [tenant, storedText(repoId), problem && JSON.stringify(problem)],
  );
}

function sourceOf({ problem, ...rest }: SourceRow): RepositorySource {
  return { ...rest, problem: problem === null ? null : (JSON.parse(problem) as Problem) };
}
