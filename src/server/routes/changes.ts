import { Readable } from 'node:stream';
import { describeChange } from '../../app/describe-change.ts';
import type { ParsedQuery } from '../../contract/api.ts';
import { changesCsv } from '../changes-csv.ts';
import type { Handlers } from '../handler.ts';

export const changeHandlers: Handlers<
  | 'listChanges'
  | 'getFacets'
  | 'getTimeline'
  | 'getDistribution'
  | 'exportChanges'
  | 'getChange'
  | 'listPullRequests'
> = {
  listChanges: { run: async ({ changes }, { query }) => changes.list(query) },
  getFacets: { run: async ({ changes }, { query }) => changes.facets(query) },
  getTimeline: { run: async ({ changes }, { query: { by, ...filter } }) => changes.timeline(filter, by) },
  getDistribution: { run: async ({ changes }, { query }) => changes.distribution(query) },
  exportChanges: {
    recorded: ({ query }) => ({ target: 'changes.csv', detail: { query: described(query) } }),
    run: async ({ changes, now }, { query }) => ({
      fileName: `reentry-changes-${now().toISOString().slice(0, 10)}.csv`,
      type: 'text/csv; charset=utf-8; header=present',
      content: Readable.from(changesCsv(changes.export(query)), { objectMode: false }),
    }),
  },
  getChange: { run: async (parts, { query }) => describeChange(parts, query.repo, query.id) },
  listPullRequests: { run: async ({ changes }, { query }) => changes.pullRequests(query) },
};

/** What was taken out, as the reader of the log sees it. */
function described(query: ParsedQuery<'exportChanges'>): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined);
  return JSON.stringify(Object.fromEntries(given)).slice(0, 2_000);
}
