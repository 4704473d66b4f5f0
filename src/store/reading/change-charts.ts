import type { ChangeFilter, Distribution, Timeline } from '../../contract/changes.ts';
import { dayMs } from '../../core/change/change-columns.ts';
import type { Queryable } from '../database.ts';
import { tenant } from '../tenant.ts';
import { cellsAnswer, filteredChanges } from './change-cells.ts';
import { cellConditions } from './change-filter.ts';
import { allOf, type Bind, Parameters } from './parameters.ts';

const classes = ['human', 'ai', 'mixed', 'unknown'] as const;
type ByClass = Record<(typeof classes)[number], number>;
type Period = Timeline['by'];

export async function readTimeline(database: Queryable, filter: ChangeFilter, by: Period): Promise<Timeline> {
  const { bind, values } = new Parameters();
  const rows = await database.query<ByClass & { start: string }>(
    `${timelineOf(by, countedDays(filter, bind))} ORDER BY start`,
    values,
  );
  return { by, buckets: [...rows] };
}

/** `SELECT start, human, ai, mixed, unknown` of days that were counted. */
export function timelineOf(by: Period, countedDays: string): string {
  const start = starts[by];
  const sums = classes.map(
    (name) => `coalesce(sum(changes) FILTER (WHERE class = '${name}'), 0)::bigint AS ${name}`,
  );
  return `SELECT to_char(${start.date}, 'YYYY-MM-DD') AS start, ${sums.join(', ')}
    FROM (${countedDays}) AS counted GROUP BY ${start.group}`;
}

/** 1970-01-01 was a Thursday; the remainder is one below it too. */
const monday = '(day - ((day + 3) % 7 + 7) % 7)';
const dateOf = (day: string) => `('1970-01-01'::date + ${day})`;
const starts: Readonly<Record<Period, { readonly date: string; readonly group: string }>> = {
  day: { date: dateOf('day'), group: 'day' },
  week: { date: dateOf(monday), group: monday },
  month: { date: `date_trunc('month', ${dateOf('day')})`, group: `date_trunc('month', ${dateOf('day')})` },
};

/** `SELECT day, class, changes`; the roll-up holds it per class, every other filter counts in an index. */
function countedDays(filter: ChangeFilter, bind: Bind): string {
  if (daysAnswer(filter)) return allDays(filter, bind);
  return `
    SELECT change.merged_day AS day, cell.class AS class, count(*) AS changes
    FROM ${filteredChanges(filter, bind)} AND change.merged_day IS NOT NULL GROUP BY 1, 2`;
}

/** True where nothing is filtered by but days and classes. */
export function daysAnswer({ class: _class, from: _from, to: _to, ...rest }: ChangeFilter): boolean {
  return cellConditions(rest, () => '').size === 0 && cellsAnswer(rest);
}

export function allDays(
  { class: wanted = [], from, to }: Pick<ChangeFilter, 'class' | 'from' | 'to'>,
  bind: Bind,
): string {
  const conditions = [
    `tenant_id = ${tenant}`,
    ...(wanted.length === 0 ? [] : [`class = ANY(${bind(wanted)}::text[])`]),
    ...(from === undefined ? [] : [`day >= ${bind(dayNumber(from))}`]),
    ...(to === undefined ? [] : [`day <= ${bind(dayNumber(to))}`]),
  ];
  return `SELECT day, class, changes FROM reentry.change_day WHERE ${allOf(conditions)}`;
}

function dayNumber(date: string): number {
  return Math.floor(Date.parse(date) / dayMs);
}

export async function readDistribution(database: Queryable, filter: ChangeFilter): Promise<Distribution> {
  const { bind, values } = new Parameters();
  const rows = await database.query<{ class: string; bucket: number; changes: number }>(
    cellsAnswer(filter) ? countedScores(filter, bind) : filteredScores(filter, bind),
    values,
  );
  const buckets = Array.from({ length: 20 }, (_, index) => ({
    from: index * 5,
    to: index * 5 + 5,
    ...{ human: 0, ai: 0, mixed: 0, unknown: 0 },
  }));
  for (const row of rows) {
    const name = classes.find((one) => one === row.class);
    const bucket = buckets[row.bucket];
    if (name && bucket) bucket[name] += row.changes;
  }
  return { buckets };
}

function countedScores(filter: ChangeFilter, bind: Bind): string {
  return `
    SELECT cell.class, score.bucket, sum(score.changes)::bigint AS changes
    FROM reentry.change_score AS score
    JOIN reentry.change_cell AS cell ON cell.tenant_id = score.tenant_id AND cell.cell = score.cell
    WHERE score.tenant_id = ${tenant} AND ${allOf([...cellConditions(filter, bind).values()])}
    GROUP BY 1, 2`;
}

function filteredScores(filter: ChangeFilter, bind: Bind): string {
  return `
    SELECT cell.class, least(19, greatest(0, floor(change.risk_score / 5)))::integer AS bucket, count(*) AS changes
    FROM ${filteredChanges(filter, bind)} GROUP BY 1, 2`;
}
