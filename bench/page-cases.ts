import type { QueryOf } from '../src/contract/api.ts';

/** What the pages ask for: a name of the API and its query. */
export type PageName = 'listChanges' | 'getFacets' | 'getTimeline' | 'getDistribution' | 'getOverview';

export interface PageCase {
  readonly name: string;
  readonly page: PageName;
  readonly query: Readonly<Record<string, string>>;
  /** Statements that somebody would write by hand over the same rows for the same answer, without any roll-up. */
  readonly byHand: readonly string[];
}

const columns = `repo_id, change_id, kind, number, title, author_name, merged_at, merge_sha, class, ai_share, attribution_level,
  agents, models, risk_score, risk_band, files, additions, deletions, gaps, contradictions, capture, evidence_seq`;

function list(
  name: string,
  query: QueryOf<'listChanges'> & Record<string, string>,
  where = 'true',
  orderBy = 'merged_at DESC, ordinal DESC',
): PageCase {
  const from = `FROM reentry.change WHERE tenant_id = 1 AND ${where}`;
  const page = `SELECT ${columns} ${from} ORDER BY ${orderBy} LIMIT 50`;
  return { name, page: 'listChanges', query, byHand: [page, `SELECT count(*) ${from}`] };
}

const agent = `agents && '{cursor}'`;
const years = `merged_at >= '2024-06-01' AND merged_at < '2025-06-01'`;
const containing = (word: string) => `(title ILIKE '%${word}%' OR author_name ILIKE '%${word}%')`;

const lists: readonly PageCase[] = [
  list('first page', {}),
  list('by risk', { sort: 'risk' }, 'true', 'risk_score DESC, ordinal DESC'),
  list('by size', { sort: 'size', order: 'asc' }, 'true', 'lines, ordinal'),
  list('class', { class: 'ai' }, `class = 'ai'`),
  list('band', { band: 'critical' }, `risk_band = 'critical'`),
  list('kind', { kind: 'direct_push' }, `kind = 'direct_push'`),
  list('repository', { repo: 'github.com/acme/docs' }, `repo_id = 'github.com/acme/docs'`),
  list('agent', { agent: 'cursor' }, agent),
  list('model', { model: 'deepseek-v3' }, `models && '{deepseek-v3}'`),
  list('level', { level: '2' }, 'attribution_level = 2'),
  list('gaps', { gaps: 'true' }, 'gaps > 0'),
  list('contradictions', { contradictions: 'true' }, 'contradictions > 0'),
  list('a year', { from: '2024-06-01', to: '2025-05-31' }, years),
  list('a frequent word', { q: 'invoice' }, containing('invoice')),
  list('two words', { q: 'webhook zoë' }, `${containing('webhook')} AND ${containing('zoë')}`),
  list('a number', { q: '#4711' }, 'number = 4711'),
  list(
    'five filters by risk',
    { class: 'ai', band: 'high', agent: 'cursor', level: '2', repo: 'github.com/acme/web', sort: 'risk' },
    `class = 'ai' AND risk_band = 'high' AND ${agent} AND attribution_level = 2 AND repo_id = 'github.com/acme/web'`,
    'risk_score DESC, ordinal DESC',
  ),
];

const facetColumns = ['repo_id', 'class', 'risk_band', 'kind', 'attribution_level'];

/** One statement a facet, each under the filters but its own. */
function facets(
  name: string,
  query: QueryOf<'getFacets'> & Record<string, string>,
  filters: Record<string, string> = {},
): PageCase {
  const where = (but: string) =>
    [
      'tenant_id = 1',
      ...Object.entries(filters).flatMap(([column, one]) => (column === but ? [] : [one])),
    ].join(' AND ');
  const single = facetColumns.map(
    (column) =>
      `SELECT ${column} AS value, count(*) AS changes FROM reentry.change WHERE ${where(column)} GROUP BY 1 ORDER BY 2 DESC LIMIT 100`,
  );
  const several = ['agents', 'models'].map(
    (column) =>
      `SELECT value, count(*) AS changes
       FROM reentry.change, LATERAL (SELECT DISTINCT unnest(${column}) AS value) AS one
       WHERE ${where(column)} GROUP BY 1 ORDER BY 2 DESC LIMIT 100`,
  );
  return { name, page: 'getFacets', query, byHand: [...single, ...several] };
}

const classCounts = ['human', 'ai', 'mixed', 'unknown']
  .map((name) => `count(*) FILTER (WHERE class = '${name}') AS ${name}`)
  .join(', ');

function timeline(
  name: string,
  query: QueryOf<'getTimeline'> & Record<string, string>,
  where = 'true',
): PageCase {
  const start = `date_trunc('${query.by ?? 'week'}', left(merged_at, 10)::date)`;
  const byHand = `SELECT ${start} AS start, ${classCounts} FROM reentry.change WHERE tenant_id = 1 AND ${where} GROUP BY 1 ORDER BY 1`;
  return { name, page: 'getTimeline', query, byHand: [byHand] };
}

function distribution(
  name: string,
  query: QueryOf<'getDistribution'> & Record<string, string>,
  where = 'true',
): PageCase {
  const bucket = 'least(19, floor(risk_score / 5))';
  const byHand = `SELECT ${bucket} AS bucket, ${classCounts} FROM reentry.change WHERE tenant_id = 1 AND ${where} GROUP BY 1`;
  return { name, page: 'getDistribution', query, byHand: [byHand] };
}

const charts: readonly PageCase[] = [
  facets('facets', {}),
  facets('facets of a class', { class: 'ai' }, { class: `class = 'ai'` }),
  facets('facets of a year', { from: '2024-06-01', to: '2025-05-31' }, { time: years }),
  facets('facets of a word', { q: 'invoice' }, { words: containing('invoice') }),
  timeline('timeline by day', { by: 'day' }),
  timeline('timeline by week', { by: 'week' }),
  timeline('timeline by month', { by: 'month' }),
  timeline('timeline of an agent', { by: 'week', agent: 'cursor' }, agent),
  timeline(
    'timeline of a repository',
    { by: 'week', repo: 'github.com/acme/web' },
    `repo_id = 'github.com/acme/web'`,
  ),
  distribution('distribution', {}),
  distribution('distribution of an agent', { agent: 'cursor' }, agent),
  distribution('distribution of a year', { from: '2024-06-01', to: '2025-05-31' }, years),
];

const overview: PageCase = {
  name: 'overview',
  page: 'getOverview',
  query: {},
  byHand: [
    `SELECT class, risk_band, attribution_level, sessions > 0, array_remove(models, NULL) <> '{}', gaps > 0, contradictions > 0,
       count(*), min(merged_at), max(merged_at)
     FROM reentry.change WHERE tenant_id = 1 GROUP BY 1, 2, 3, 4, 5, 6, 7`,
    `SELECT agent, count(*) FROM (SELECT DISTINCT repo_id, change_id, agent FROM reentry.claim WHERE tenant_id = 1) AS one GROUP BY 1`,
    `SELECT agent, model, count(*)
     FROM (SELECT DISTINCT repo_id, change_id, agent, model FROM reentry.claim WHERE tenant_id = 1) AS one GROUP BY 1, 2`,
    ...timeline('', { by: 'month' }).byHand,
    ...distribution('', {}).byHand,
    `SELECT ${columns} FROM reentry.change WHERE tenant_id = 1 AND class IN ('ai', 'mixed') AND merged_at >= '2025-12-01'
     ORDER BY risk_score DESC LIMIT 5`,
  ],
};

export const pageCases: readonly PageCase[] = [...lists, ...charts, overview];
