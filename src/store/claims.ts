import type { ChangeCounts, ClaimRow } from '../app/ports.ts';
import { storedText } from '../core/evidence/stored-text.ts';
import type { Queryable } from './database.ts';
import { keysetPages } from './keyset-pages.ts';
import { type Columns, insertRows, repoIdsOf, selectList } from './rows.ts';
import { tenant } from './tenant.ts';

const columns = {
  repoId: 'text',
  changeId: 'text',
  ordinal: 'integer',
  agent: 'text',
  model: 'text',
  sessionId: 'text',
  userName: 'text',
  role: 'text',
  level: 'smallint',
} as const satisfies Columns<ClaimRow>;

interface ChangeKey {
  readonly repoId: string;
  readonly changeId: string;
}

/** Removes every claim of the named changes, then inserts the rows. */
export async function replaceClaims(
  database: Queryable,
  changes: readonly ChangeKey[],
  rows: readonly ClaimRow[],
): Promise<void> {
  // By key and not by a join: without statistics, as in mid-import, a join may read the whole table each time.
  for (const [repoId, ofRepo] of Map.groupBy(changes, (change) => change.repoId)) {
    await database.query(
      'DELETE FROM reentry.claim WHERE tenant_id = $1 AND repo_id = $2 AND change_id = ANY($3::text[])',
      [tenant, storedText(repoId), ofRepo.map(({ changeId }) => storedText(changeId))],
    );
  }
  await insertRows<ClaimRow>(database, { table: 'reentry.claim', columns }, rows);
}

const rowsPerPage = 2_000;

export async function* readClaimPages(database: Queryable): AsyncGenerator<readonly ClaimRow[]> {
  for await (const repoId of repoIdsOf(database, 'reentry.claim')) yield* readClaimsOf(database, repoId);
}

function readClaimsOf(database: Queryable, repoId: string): AsyncGenerator<readonly ClaimRow[]> {
  return keysetPages<ClaimRow>(rowsPerPage, (after) =>
    database.query<ClaimRow & Record<string, unknown>>(
      `SELECT ${selectList(columns)} FROM reentry.claim
       WHERE tenant_id = $1 AND repo_id = $2 AND (change_id, ordinal) > ($3, $4)
       ORDER BY change_id, ordinal LIMIT $5`,
      [tenant, repoId, after?.changeId ?? '', after?.ordinal ?? -1, rowsPerPage],
    ),
  );
}

/**
 * Changes per agent and per model of an agent, most first, and how many sessions there are. Three times DISTINCT in a
 * subquery: count(DISTINCT …) sorts instead of hashing and took twice as long on 100,000 claims.
 */
export async function countClaims(
  database: Queryable,
  repoId: string,
): Promise<Pick<ChangeCounts, 'agents' | 'models' | 'sessions'>> {
  const of = [tenant, storedText(repoId)];
  const agents = await database.query<{ agent: string; changes: number }>(
    `SELECT agent, count(*) AS changes
     FROM (SELECT DISTINCT agent, change_id FROM reentry.claim WHERE tenant_id = $1 AND repo_id = $2) AS one
     GROUP BY agent ORDER BY changes DESC, agent`,
    of,
  );
  const models = await database.query<{ agent: string; model: string; changes: number }>(
    `SELECT agent, model, count(*) AS changes
     FROM (
       SELECT DISTINCT agent, model, change_id FROM reentry.claim
       WHERE tenant_id = $1 AND repo_id = $2 AND model IS NOT NULL
     ) AS one
     GROUP BY agent, model ORDER BY changes DESC, agent, model`,
    of,
  );
  const [total] = await database.query<{ sessions: number }>(
    `SELECT count(*) AS sessions
     FROM (
       SELECT DISTINCT session_id FROM reentry.claim
       WHERE tenant_id = $1 AND repo_id = $2 AND session_id IS NOT NULL
     ) AS one`,
    of,
  );
  return { agents, models, sessions: total?.sessions ?? 0 };
}
