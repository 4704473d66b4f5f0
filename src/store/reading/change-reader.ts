import type { ChangeReader } from '../../app/serving-ports.ts';
import { readAhead } from '../read-ahead.ts';
import { readDistribution, readTimeline } from './change-charts.ts';
import { readFacets } from './change-facets.ts';
import { exportChanges, listChanges } from './change-list.ts';
import { findChange, neighboursOf, recordsOf } from './change-lookups.ts';
import { readOverview } from './change-overview.ts';
import type { Reading } from './change-page.ts';
import { findPullRequest, listPullRequests } from './pull-request-list.ts';

export function changeReader(database: Reading): ChangeReader {
  return {
    list: (query) => listChanges(database, query),
    facets: (filter) => readFacets(database, filter),
    timeline: (filter, by) => readTimeline(database, filter, by),
    distribution: (filter) => readDistribution(database, filter),
    export: (query) => readAhead(exportChanges(database, query)),
    find: (repoId, changeId) => findChange(database, repoId, changeId),
    records: (repoId, changeId) => recordsOf(database, repoId, changeId),
    neighbours: (repoId, changeId) => neighboursOf(database, repoId, changeId),
    pullRequests: (query) => listPullRequests(database, query),
    findPullRequest: (repoId, changeId) => findPullRequest(database, repoId, changeId),
    overview: () => readOverview(database),
  };
}
