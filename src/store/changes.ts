import type { ChangeCounts, ChangeRow } from '../app/ports.ts';
import { RollUpCounter } from '../core/change/roll-ups.ts';
import { storedText } from '../core/evidence/stored-text.ts';
import type { Queryable } from './database.ts';
import { keysetPages } from './keyset-pages.ts';
import { addToRollUps, lockRollUps } from './roll-ups.ts';
import { type Columns, insertRows, orReplace, repoIdsOf, rowsPerStatement, selectList } from './rows.ts';
import { tenant } from './tenant.ts';

const columns = {
  repoId: 'text',
  changeId: 'text',
  ordinal: 'bigint',
  kind: 'text',
  number: 'bigint',
  landing: 'text',
  title: 'text',
  authorName: 'text',
  authorEmail: 'text',
  baseSha: 'text',
  headSha: 'text',
  mergeSha: 'text',
  mergedAt: 'text',
  mergedDay: 'integer',
  files: 'bigint',
  additions: 'bigint',
  deletions: 'bigint',
  class: 'text',
  aiShare: 'double precision',
  attributionLevel: 'smallint',
  riskScore: 'double precision',
  riskProbability: 'double precision',
  riskBand: 'text',
  riskLogOdds: 'double precision',
  modelVersion: 'text',
  capture: 'text',
  gaps: 'integer',
  contradictions: 'integer',
  agents: 'text[]',
  models: 'text[]',
  sessions: 'integer',
  lines: 'bigint',
  search: 'text',
  cell: 'bytea',
  observedDigest: 'bytea',
  factSeq: 'bigint',
  evidenceSeq: 'bigint',
  statementDigest: 'bytea',
} as const satisfies Columns<ChangeRow>;

type Selected = ChangeRow & Record<string, unknown>;

const onConflict = orReplace<ChangeRow>(columns, ['repoId', 'changeId']);

/** Rows and roll-ups; `connection` is in a transaction. */
export async function upsertChanges(connection: Queryable, rows: readonly ChangeRow[]): Promise<void> {
  await lockRollUps(connection);
  for (let at = 0; at < rows.length; at += rowsPerStatement) {
    const some = rows.slice(at, at + rowsPerStatement);
    const counter = new RollUpCounter();
    for (const [repoId, ofRepo] of Map.groupBy(some, (row) => row.repoId)) {
      const ids = ofRepo.map(({ changeId }) => changeId);
      for (const old of await changesById(connection, repoId, ids)) counter.count(counter.place(old), -1);
    }
    await insertRows<ChangeRow>(connection, { table: 'reentry.change', columns, onConflict }, some);
    for (const row of some) counter.count(counter.place(row));
    await addToRollUps(connection, counter.rollUps);
  }
}

/** Removes the rows of other changes of these commits, with their roll-ups, and gives them; `connection` is in a transaction. */
export async function removeCoveredChanges(
  connection: Queryable,
  {
    repoId,
    changeId,
    landed,
  }: { readonly repoId: string; readonly changeId: string; readonly landed: readonly string[] },
): Promise<readonly ChangeRow[]> {
  if (landed.length === 0) return [];
  await lockRollUps(connection);
  const of = [tenant, storedText(repoId), storedText(changeId), landed.map(storedText)];
  const covered = 'tenant_id = $1 AND repo_id = $2 AND change_id <> $3 AND merge_sha = ANY($4::text[])';
  const rows = await connection.query<Selected>(
    `SELECT ${selectList(columns)} FROM reentry.change WHERE ${covered}`,
    of,
  );
  if (rows.length === 0) return [];
  const counter = new RollUpCounter();
  for (const row of rows) counter.count(counter.place(row), -1);
  await connection.query(`DELETE FROM reentry.change WHERE ${covered}`, of);
  await addToRollUps(connection, counter.rollUps);
  return rows;
}

export async function changesById(
  database: Queryable,
  repoId: string,
  changeIds: readonly string[],
): Promise<readonly ChangeRow[]> {
  return database.query<Selected>(
    `SELECT ${selectList(columns)} FROM reentry.change
     WHERE tenant_id = $1 AND repo_id = $2 AND change_id = ANY($3::text[]) ORDER BY change_id`,
    [tenant, storedText(repoId), changeIds.map(storedText)],
  );
}

/** Highest score first; of equal ones the newest. */
export async function riskiestChanges(
  database: Queryable,
  repoId: string,
  limit: number,
): Promise<readonly ChangeRow[]> {
  return database.query<Selected>(
    `SELECT ${selectList(columns)} FROM reentry.change WHERE tenant_id = $1 AND repo_id = $2
     ORDER BY risk_score DESC, risk_log_odds DESC, ordinal DESC LIMIT $3`,
    [tenant, storedText(repoId), limit],
  );
}

const rowsPerPage = 1_000;

export async function* readChangePages(database: Queryable): AsyncGenerator<readonly ChangeRow[]> {
  for await (const repoId of repoIdsOf(database, 'reentry.change')) yield* readChangesOf(database, repoId);
}

function readChangesOf(database: Queryable, repoId: string): AsyncGenerator<readonly ChangeRow[]> {
  return keysetPages<ChangeRow>(rowsPerPage, (after) =>
    database.query<Selected>(
      `SELECT ${selectList(columns)} FROM reentry.change
       WHERE tenant_id = $1 AND repo_id = $2 AND change_id > $3 ORDER BY change_id LIMIT $4`,
      [tenant, repoId, after?.changeId ?? '', rowsPerPage],
    ),
  );
}

interface KnownChange {
  readonly ordinal: number;
  readonly observedDigest: Uint8Array;
  readonly evidenceSeq: number;
}

const knownPerPage = 10_000;

/** See `ProjectionStore.landmarks`. */
export async function landmarksOf(database: Queryable, repoId: string): Promise<readonly string[]> {
  const rows = await database.query<{ mergeSha: string }>(
    `(SELECT merge_sha AS "mergeSha" FROM reentry.change WHERE tenant_id = $1 AND repo_id = $2 ORDER BY ordinal LIMIT 1)
     UNION
     (SELECT merge_sha FROM reentry.change WHERE tenant_id = $1 AND repo_id = $2 ORDER BY ordinal DESC LIMIT 1)`,
    [tenant, storedText(repoId)],
  );
  return rows.map(({ mergeSha }) => mergeSha);
}

export async function knownChanges(
  database: Queryable,
  repoId: string,
): Promise<ReadonlyMap<string, KnownChange>> {
  const known = new Map<string, KnownChange>();
  const pages = keysetPages<KnownChange & { readonly changeId: string }>(knownPerPage, (after) =>
    database.query<{ changeId: string } & KnownChange & Record<string, unknown>>(
      `SELECT change_id AS "changeId", ordinal, observed_digest AS "observedDigest", evidence_seq AS "evidenceSeq"
       FROM reentry.change WHERE tenant_id = $1 AND repo_id = $2 AND change_id > $3 ORDER BY change_id LIMIT $4`,
      [tenant, storedText(repoId), after?.changeId ?? '', knownPerPage],
    ),
  );
  for await (const page of pages) for (const { changeId, ...rest } of page) known.set(changeId, rest);
  return known;
}

interface CountRow {
  readonly class: string;
  readonly band: string;
  readonly kind: string;
  readonly changes: number;
  readonly gaps: number;
  readonly contradictions: number;
  readonly oldest: string;
  readonly newest: string;
}

type OwnCounts = Omit<ChangeCounts, 'agents' | 'models' | 'sessions'>;

/** What the changes' own rows tell; the rest is counted from the claims. */
export async function countChanges(database: Queryable, repoId: string): Promise<OwnCounts> {
  const rows = await database.query<CountRow & Record<string, unknown>>(
    `SELECT class, risk_band AS band, kind, count(*) AS changes,
       count(*) FILTER (WHERE gaps > 0) AS gaps, count(*) FILTER (WHERE contradictions > 0) AS contradictions,
       min(merged_at) AS oldest, max(merged_at) AS newest
     FROM reentry.change WHERE tenant_id = $1 AND repo_id = $2 GROUP BY class, risk_band, kind`,
    [tenant, storedText(repoId)],
  );
  const sum = (of: (row: CountRow) => number) => rows.reduce((total, row) => total + of(row), 0);
  const by = (name: (row: CountRow) => string) => {
    const totals = new Map<string, number>();
    for (const row of rows) totals.set(name(row), (totals.get(name(row)) ?? 0) + row.changes);
    return Object.fromEntries([...totals].toSorted(([a], [b]) => (a < b ? -1 : 1)));
  };
  return {
    changes: sum((row) => row.changes),
    byClass: by((row) => row.class),
    byBand: by((row) => row.band),
    byKind: by((row) => row.kind),
    withGaps: sum((row) => row.gaps),
    withContradictions: sum((row) => row.contradictions),
    oldest: rows.map((row) => row.oldest).toSorted()[0] ?? null,
    newest:
      rows
        .map((row) => row.newest)
        .toSorted()
        .at(-1) ?? null,
  };
}
