import type { QueryOf } from '../src/contract/api.ts';

/** What the pages ask for: a name of the API and its query. */
export type PageName = 'listChanges' | 'getFacets' | 'getTimeline' | 'getDistribution' | 'getOverview';

export interface PageCase {
  readonly name: string;
  readonly page: PageName;
  readonly query: Readonly<Record<string, string>>;
  /**
   * Statements for the same rows, as somebody writes them who knows the tables well: roll-ups and index-only scans where they
   * answer, the total in the statement of the page, plain constants. One after the other on one connection.
   */
  readonly byHand: readonly string[];
}

/** What a list shows of a change. */
export const changeColumns = `repo_id, change_id, kind, number, title, author_name, merged_at, merge_sha, class, ai_share, attribution_level,
  agents, models, risk_score, risk_band, files, additions, deletions, gaps, contradictions, capture, evidence_seq`;
const change = 'FROM reentry.change WHERE tenant_id = 1';
const cell = 'FROM reentry.change_cell WHERE tenant_id = 1';

interface ByHand {
  /** Conditions of the page. */
  readonly where?: string;
  readonly total?: string;
  readonly orderBy?: string;
}

function list(name: string, query: QueryOf<'listChanges'> & Record<string, string>, hand: ByHand): PageCase {
  const { where = 'true', total = totalOf(where), orderBy = 'merged_at DESC, ordinal DESC' } = hand;
  const page = `SELECT ${changeColumns}, (${total}) AS total ${change} AND ${where} ORDER BY ${orderBy} LIMIT 50`;
  return { name, page: 'listChanges', query, byHand: [page] };
}

function totalOf(whereCell: string): string {
  return `SELECT sum(changes) ${cell} AND ${whereCell}`;
}

const days = { from: '2024-06-01', to: '2025-05-31' };
const inDays = `merged_at >= '${days.from}' AND merged_at < '2025-06-01'`;
const daysCounted = `SELECT sum(changes) FROM reentry.change_day
  WHERE tenant_id = 1 AND day BETWEEN '${days.from}'::date - '1970-01-01'::date AND '${days.to}'::date - '1970-01-01'::date`;
const searched = (word: string) => `search LIKE '%${word}%'`;
const words = (where: string): ByHand => ({ where, total: `SELECT count(*) ${change} AND ${where}` });
const five = `class = 'ai' AND risk_band = 'high' AND agents && '{cursor}' AND attribution_level = 2 AND repo_id = 'github.com/acme/web'`;

const lists: readonly PageCase[] = [
  list('first page', {}, {}),
  list('by risk', { sort: 'risk' }, { orderBy: 'risk_score DESC, ordinal DESC' }),
  list('by size', { sort: 'size', order: 'asc' }, { orderBy: 'lines, ordinal' }),
  list('class', { class: 'ai' }, { where: `class = 'ai'` }),
  list('band', { band: 'critical' }, { where: `risk_band = 'critical'` }),
  list('kind', { kind: 'direct_push' }, { where: `kind = 'direct_push'` }),
  list('repository', { repo: 'github.com/acme/docs' }, { where: `repo_id = 'github.com/acme/docs'` }),
  list('agent', { agent: 'cursor' }, { where: `agents && '{cursor}'` }),
  list('model', { model: 'deepseek-v3' }, { where: `models && '{deepseek-v3}'` }),
  list('level', { level: '2' }, { where: 'attribution_level = 2' }),
  list('gaps', { gaps: 'true' }, { where: 'gaps > 0', total: totalOf('has_gaps') }),
  list(
    'contradictions',
    { contradictions: 'true' },
    { where: 'contradictions > 0', total: totalOf('has_contradictions') },
  ),
  list('a year', days, { where: inDays, total: daysCounted }),
  list('a frequent word', { q: 'invoice' }, words(searched('invoice'))),
  list(
    'two words',
    { q: 'webhook zoë' },
    words(`${searched('webhook')} AND (${searched('zoë')} OR ${searched('Zoë')})`),
  ),
  list('a number', { q: '#4711' }, words('number = 4711')),
  list(
    'five filters by risk',
    { class: 'ai', band: 'high', agent: 'cursor', level: '2', repo: 'github.com/acme/web', sort: 'risk' },
    {
      where: `cell IN (SELECT cell ${cell} AND ${five})`,
      total: totalOf(five),
      orderBy: 'risk_score DESC, ordinal DESC',
    },
  ),
];

const single = ['repo_id', 'class', 'risk_band', 'kind', 'attribution_level'];
const several = ['agents', 'models'];

/** In one statement, over cells that are read once: single values in one pass, and each value of a list once a change. */
function facetsFrom(cells: string): string {
  const noValues = single.map(() => 'NULL').join(', ');
  const ofLists = several.map(
    (column) => `SELECT ${noValues}, '${column}', listed.* FROM (${facetOfList(column, 'cell')}) AS listed`,
  );
  return `WITH cell AS MATERIALIZED (${cells})
    SELECT ${single.join(', ')}, NULL AS list, NULL AS value, sum(changes) AS changes FROM cell
    GROUP BY GROUPING SETS ((), ${single.map((column) => `(${column})`).join(', ')})
    UNION ALL ${ofLists.join(' UNION ALL ')}`;
}

function facetOfList(column: string, cells: string): string {
  return `SELECT value, sum(changes) AS changes
    FROM (SELECT ${column}, sum(changes) AS changes FROM ${cells} GROUP BY 1) AS listed,
      LATERAL (SELECT DISTINCT unnest(${column}) AS value) AS each
    WHERE value IS NOT NULL GROUP BY 1 ORDER BY 2 DESC LIMIT 100`;
}

/** Cells with the changes that a condition on changes leaves in each. */
function cellsOf(where: string): string {
  return `SELECT cell.*, counted.number AS changes
    FROM (SELECT cell, count(*) AS number ${change} AND ${where} GROUP BY 1) AS counted
    JOIN (SELECT cell, ${[...single, ...several].join(', ')} ${cell}) AS cell USING (cell)`;
}

type FacetsQuery = QueryOf<'getFacets'> & Record<string, string>;

function facets(name: string, query: FacetsQuery, byHand: readonly string[]): PageCase {
  return { name, page: 'getFacets', query, byHand };
}

const classCounts = ['human', 'ai', 'mixed', 'unknown']
  .map((name) => `coalesce(sum(changes) FILTER (WHERE class = '${name}'), 0)::bigint AS ${name}`)
  .join(', ');
const allDays = 'SELECT day, class, changes FROM reentry.change_day WHERE tenant_id = 1';
const starts = {
  day: `'1970-01-01'::date + day`,
  week: `'1970-01-01'::date + day - (day + 3) % 7`,
  month: `date_trunc('month', '1970-01-01'::date + day)::date`,
};

function timeline(
  name: string,
  query: QueryOf<'getTimeline'> & Record<string, string> & { readonly by: keyof typeof starts },
  daysCountedFrom = allDays,
): PageCase {
  const byHand = `SELECT (${starts[query.by]})::text AS start, ${classCounts} FROM (${daysCountedFrom}) AS counted GROUP BY 1 ORDER BY 1`;
  return { name, page: 'getTimeline', query, byHand: [byHand] };
}

function daysOf(whereCell: string): string {
  return `SELECT merged_day AS day, cell.class, count(*) AS changes
    FROM reentry.change JOIN (SELECT cell, class ${cell} AND ${whereCell}) AS cell USING (cell)
    WHERE tenant_id = 1 GROUP BY 1, 2`;
}

function distribution(
  name: string,
  query: QueryOf<'getDistribution'> & Record<string, string>,
  scores = scoresOf('true'),
): PageCase {
  const byHand = `SELECT bucket, class, sum(changes) AS changes FROM (${scores}) AS counted GROUP BY 1, 2`;
  return { name, page: 'getDistribution', query, byHand: [byHand] };
}

function scoresOf(whereCell: string): string {
  return `SELECT bucket, class, score.changes FROM reentry.change_score AS score
    JOIN (SELECT cell, class ${cell} AND ${whereCell}) AS cell USING (cell) WHERE tenant_id = 1`;
}

const scoresOfDays = `SELECT least(19, floor(risk_score / 5)) AS bucket, cell.class, 1 AS changes
  FROM reentry.change JOIN (SELECT cell, class ${cell}) AS cell USING (cell) WHERE tenant_id = 1 AND ${inDays}`;

const agent = { agent: 'cursor' };
const repository = { repo: 'github.com/acme/web' };
const ofAgent = `agents && '{cursor}'`;
const ofRepository = `repo_id = 'github.com/acme/web'`;

const charts: readonly PageCase[] = [
  facets('facets', {}, [facetsFrom(`SELECT * ${cell}`)]),
  // Of the facet that is filtered itself every value is counted.
  facets('facets of a class', { class: 'ai' }, [
    facetsFrom(`SELECT * ${cell} AND class = 'ai'`),
    `SELECT class, sum(changes) AS changes ${cell} GROUP BY 1`,
  ]),
  facets('facets of a year', days, [facetsFrom(cellsOf(inDays))]),
  facets('facets of a word', { q: 'invoice' }, [facetsFrom(cellsOf(searched('invoice')))]),
  timeline('timeline by day', { by: 'day' }),
  timeline('timeline by week', { by: 'week' }),
  timeline('timeline by month', { by: 'month' }),
  timeline('timeline of an agent', { by: 'week', ...agent }, daysOf(ofAgent)),
  timeline('timeline of a repository', { by: 'week', ...repository }, daysOf(ofRepository)),
  distribution('distribution', {}),
  distribution('distribution of an agent', agent, scoresOf(ofAgent)),
  distribution('distribution of a year', days, scoresOfDays),
];

const overview: PageCase = {
  name: 'overview',
  page: 'getOverview',
  query: {},
  byHand: [
    `SELECT class, risk_band, attribution_level, has_session, array_remove(models, NULL) <> '{}' AS has_model, has_gaps,
       has_contradictions, sum(changes) AS changes ${cell} GROUP BY 1, 2, 3, 4, 5, 6, 7`,
    `SELECT min(merged_at), max(merged_at) ${change}`,
    facetOfList('agents', 'reentry.change_cell'),
    `SELECT agent, model, sum(changes) AS changes
     FROM (SELECT agents, models, sum(changes) AS changes ${cell} GROUP BY 1, 2) AS listed, unnest(agents, models) AS each (agent, model)
     GROUP BY 1, 2 ORDER BY 3 DESC`,
    ...timeline('', { by: 'month' }).byHand,
    ...distribution('', {}).byHand,
    `SELECT change.*, payload FROM (
       SELECT ${changeColumns} ${change} AND class IN ('ai', 'mixed') AND merged_at >= '2025-12-01' ORDER BY risk_score DESC LIMIT 5
     ) AS change JOIN reentry.log_payload ON tenant_id = 1 AND log = 'evidence' AND seq = evidence_seq`,
    `SELECT repo_id, class, sum(changes) AS changes ${cell} GROUP BY 1, 2`,
    'SELECT log, size FROM reentry.log_head WHERE tenant_id = 1',
    'SELECT * FROM reentry.repository WHERE tenant_id = 1',
  ],
};

export const pageCases: readonly PageCase[] = [...lists, ...charts, overview];
