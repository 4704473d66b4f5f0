import type { ProjectionStore, StoreTransaction } from '../app/ports.ts';
import {
  changesById,
  countChanges,
  knownChanges,
  landmarksOf,
  readChangePages,
  removeCoveredChanges,
  riskiestChanges,
  upsertChanges,
} from './changes.ts';
import { countClaims, readClaimPages, replaceClaims } from './claims.ts';
import type { Connection, Database } from './database.ts';
import { insertEvidenceRecords, lastEvidenceSeq, readEvidenceRecordPages } from './evidence-records.ts';
import {
  hostItemsAt,
  hostRepositories,
  readHostItemPages,
  unassessedPullRequests,
  upsertHostItems,
  upsertHostRepositories,
} from './host-items.ts';
import { appendEntries, encodeEntries } from './log-entries.ts';
import { readCursor, setCursor } from './projection-cursor.ts';
import {
  landedBy,
  landedCommits,
  openPullRequests,
  pullRequestsAt,
  pullRequestsOf,
  readPullRequestPages,
  upsertPullRequests,
} from './pull-requests.ts';
import { allRepositories, findRepository, upsertRepository } from './repositories.ts';
import { lockRollUps, readRollUps } from './roll-ups.ts';
import { tenant } from './tenant.ts';

/** The projections in PostgreSQL. Texts stand in their stored form, see `storedText`. */
export function projectionStore(database: Database): ProjectionStore {
  return {
    transaction: (work) => database.transaction((connection) => work(storeTransaction(connection))),
    cursor: () => readCursor(database),
    lastEvidenceSeq: () => lastEvidenceSeq(database),
    repository: (repoId) => findRepository(database, repoId),
    repositories: () => allRepositories(database),
    landmarks: (repoId) => landmarksOf(database, repoId),
    knownChanges: (repoId) => knownChanges(database, repoId),
    changesById: (repoId, changeIds) => changesById(database, repoId, changeIds),
    counts: async (repoId) => ({
      ...(await countChanges(database, repoId)),
      ...(await countClaims(database, repoId)),
    }),
    riskiest: (repoId, limit) => riskiestChanges(database, repoId, limit),
    allChanges: () => readChangePages(database),
    allClaims: () => readClaimPages(database),
    allEvidenceRecords: () => readEvidenceRecordPages(database),
    rollUps: () => readRollUps(database),
    hostItems: hostItemsAt(database),
    hostRepository: async (hostId) => (await hostRepositories(database, hostId))[0],
    hostRepositories: () => hostRepositories(database),
    pullRequests: (repoId, numbers) => pullRequestsOf(database, repoId, numbers),
    pullRequestsAt: (hostId, shas) => pullRequestsAt(database, hostId, shas),
    openPullRequests: (hostId) => openPullRequests(database, hostId),
    unassessed: () => unassessedPullRequests(database),
    landedBy: (repoId, shas) => landedBy(database, repoId, shas),
    landedCommits: (repoId) => landedCommits(database, repoId),
    allHostItems: () => readHostItemPages(database),
    allPullRequests: () => readPullRequestPages(database),
    dropProjections: () => database.transaction(dropProjections),
  };
}

function storeTransaction(connection: Connection): StoreTransaction {
  return {
    append: async (log, entries) => appendEntries(connection, log, encodeEntries(entries)),
    upsertChanges: (rows) => upsertChanges(connection, rows),
    replaceClaims: (changes, rows) => replaceClaims(connection, changes, rows),
    insertEvidenceRecords: (rows) => insertEvidenceRecords(connection, rows),
    upsertRepository: (row) => upsertRepository(connection, row),
    upsertHostItems: (rows) => upsertHostItems(connection, rows),
    upsertHostRepositories: (rows) => upsertHostRepositories(connection, rows),
    upsertPullRequests: (rows) => upsertPullRequests(connection, rows),
    removeCoveredChanges: async (pullRequest) => {
      const covered = await removeCoveredChanges(connection, pullRequest);
      await replaceClaims(connection, covered, []);
    },
    setCursor: (nextSeq) => setCursor(connection, nextSeq),
  };
}

const projections = [
  ...['change', 'change_cell', 'change_score', 'change_day', 'claim', 'evidence_record', 'repository'],
  ...['host_item', 'host_repository', 'pull_request', 'projection_cursor'],
];

/** Deleted and not truncated: the tables are shared by all tenants. */
async function dropProjections(connection: Connection): Promise<void> {
  await lockRollUps(connection);
  for (const table of projections) {
    await connection.query(`DELETE FROM reentry.${table} WHERE tenant_id = $1`, [tenant]);
  }
}
