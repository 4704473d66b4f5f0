import type { RepositoryRow } from '../app/ports.ts';
import { storedText } from '../core/evidence/stored-text.ts';
import type { Queryable } from './database.ts';
import { type Columns, insertRows, orReplace, selectList } from './rows.ts';
import { tenant } from './tenant.ts';

const columns = {
  repoId: 'text',
  name: 'text',
  url: 'text',
  targetBranch: 'text',
  headSha: 'text',
  refsDigest: 'text',
  changes: 'bigint',
  factSeq: 'bigint',
  importedAt: 'text',
} as const satisfies Columns<RepositoryRow>;

type Selected = RepositoryRow & Record<string, unknown>;

export async function upsertRepository(database: Queryable, row: RepositoryRow): Promise<void> {
  const onConflict = orReplace<RepositoryRow>(columns, ['repoId']);
  await insertRows<RepositoryRow>(database, { table: 'reentry.repository', columns, onConflict }, [row]);
}

export async function findRepository(
  database: Queryable,
  repoId: string,
): Promise<RepositoryRow | undefined> {
  const [row] = await database.query<Selected>(
    `SELECT ${selectList(columns)} FROM reentry.repository WHERE tenant_id = $1 AND repo_id = $2`,
    [tenant, storedText(repoId)],
  );
  return row;
}

export async function allRepositories(database: Queryable): Promise<readonly RepositoryRow[]> {
  return database.query<Selected>(
    `SELECT ${selectList(columns)} FROM reentry.repository WHERE tenant_id = $1 ORDER BY repo_id`,
    [tenant],
  );
}
