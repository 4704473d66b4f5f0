import type { OverviewCounts } from '../../app/serving-ports.ts';
import type { Timeline } from '../../contract/changes.ts';
import { dayMs } from '../../core/change/change-columns.ts';
import type { Queryable, Row } from '../database.ts';
import { tenant } from '../tenant.ts';
import { allDays, readDistribution, timelineOf } from './change-charts.ts';
import { type ItemRow, itemColumns, itemOf } from './change-items.ts';
import { countPullRequests } from './pull-request-list.ts';

type Changes = OverviewCounts['changes'];

export async function readOverview(database: Queryable): Promise<OverviewCounts> {
  const [changes, pullRequests, agents, timeline, distribution, riskiest] = await Promise.all([
    countChanges(database),
    countPullRequests(database),
    countAgents(database),
    overviewTimeline(database),
    readDistribution(database, {}),
    riskiestAgentMade(database),
  ]);
  return { changes, pullRequests, agents, timeline, distribution, riskiest };
}

interface SummedCells {
  readonly class: string;
  readonly band: string;
  readonly level: number | null;
  readonly session: boolean;
  readonly model: boolean;
  readonly gaps: boolean;
  readonly contradictions: boolean;
  readonly changes: number;
}

async function countChanges(database: Queryable): Promise<Changes> {
  const cells = await database.query<SummedCells & Row>(
    `SELECT class, risk_band AS band, attribution_level AS level, has_session AS session,
       array_remove(models, NULL) <> '{}' AS model, has_gaps AS gaps, has_contradictions AS contradictions,
       sum(changes)::bigint AS changes
     FROM reentry.change_cell WHERE tenant_id = $1 GROUP BY 1, 2, 3, 4, 5, 6, 7`,
    [tenant],
  );
  const [ends] = await database.query<Pick<Changes, 'oldest' | 'newest'> & Row>(
    `SELECT min(merged_at) AS oldest, max(merged_at) AS newest FROM reentry.change WHERE tenant_id = $1`,
    [tenant],
  );
  const sum = (counts: (cell: SummedCells) => boolean) =>
    cells.reduce((total, cell) => total + (counts(cell) ? cell.changes : 0), 0);
  const ofClass = (name: string) => sum((cell) => cell.class === name);
  const ofBand = (name: string) => sum((cell) => cell.band === name);
  const levels = [...new Set(cells.map(({ level }) => level))].toSorted((a, b) => (a ?? -1) - (b ?? -1));
  return {
    total: sum(() => true),
    oldest: ends?.oldest ?? null,
    newest: ends?.newest ?? null,
    byClass: {
      human: ofClass('human'),
      ai: ofClass('ai'),
      mixed: ofClass('mixed'),
      unknown: ofClass('unknown'),
    },
    byBand: {
      low: ofBand('low'),
      medium: ofBand('medium'),
      high: ofBand('high'),
      critical: ofBand('critical'),
    },
    byLevel: levels.map((level) => ({ level, changes: sum((cell) => cell.level === level) })),
    withSession: sum(({ session }) => session),
    withModel: sum(({ model }) => model),
    withGaps: sum(({ gaps }) => gaps),
    withContradictions: sum(({ contradictions }) => contradictions),
  };
}

/** Most changes first; a change counts once for each agent, and once for each of its models. */
async function countAgents(database: Queryable): Promise<OverviewCounts['agents']> {
  const rows = await database.query<{ agent: string; model: string | null; changes: number }>(
    `WITH cell AS MATERIALIZED (
       SELECT agents, models, sum(changes) AS changes FROM reentry.change_cell
       WHERE tenant_id = $1 AND agents <> '{}' GROUP BY 1, 2
     )
     SELECT named.agent, NULL AS model, sum(cell.changes)::bigint AS changes
     FROM cell, LATERAL (SELECT DISTINCT agent FROM unnest(cell.agents) AS agent) AS named GROUP BY 1
     UNION ALL
     SELECT named.agent, named.model, sum(cell.changes)::bigint
     FROM cell, LATERAL unnest(cell.agents, cell.models) AS named (agent, model)
     WHERE named.model IS NOT NULL GROUP BY 1, 2
     ORDER BY 3 DESC, 1, 2`,
    [tenant],
  );
  return rows
    .filter(({ model }) => model === null)
    .map(({ agent, changes }) => ({
      agent,
      changes,
      models: rows.flatMap((row) =>
        row.agent === agent && row.model !== null ? [{ model: row.model, changes: row.changes }] : [],
      ),
    }));
}

/** Two years of weeks fit a chart; a longer history is shown by months. */
const shownWeeks = 104;

async function overviewTimeline(database: Queryable): Promise<Timeline> {
  const rows = await database.query<Timeline['buckets'][number] & { by: Timeline['by'] }>(
    `WITH counted AS MATERIALIZED (${allDays({}, () => '')}),
     week AS MATERIALIZED (${timelineOf('week', 'SELECT * FROM counted')}),
     month AS (${timelineOf('month', 'SELECT * FROM counted')}),
     weeks AS (SELECT count(*) <= ${shownWeeks} AS fit FROM week)
     SELECT 'week' AS by, week.* FROM week WHERE (SELECT fit FROM weeks)
     UNION ALL SELECT 'month', month.* FROM month WHERE NOT (SELECT fit FROM weeks)
     ORDER BY start`,
  );
  return { by: rows[0]?.by ?? 'week', buckets: rows.map(({ by: _, ...bucket }) => bucket) };
}

const shownRiskiest = 5;
const windowDays = 90;

/** Of the ninety days that end with the newest of them; of equal scores the newest. */
async function riskiestAgentMade(database: Queryable): Promise<OverviewCounts['riskiest']> {
  const made = `cell.tenant_id = ${tenant} AND cell.class IN ('ai', 'mixed')`;
  const [newest] = await database.query<{ day: number | null }>(
    `SELECT max(day) AS day FROM reentry.change_day WHERE tenant_id = ${tenant} AND class IN ('ai', 'mixed')`,
  );
  if (typeof newest?.day !== 'number') return [];
  const from = new Date((newest.day - windowDays + 1) * dayMs).toISOString();
  const rows = await database.query<ItemRow>(
    `WITH hit AS MATERIALIZED (
       SELECT change.risk_score, change.ordinal FROM reentry.change AS change
       JOIN reentry.change_cell AS cell ON cell.tenant_id = change.tenant_id AND cell.cell = change.cell
       WHERE change.tenant_id = ${tenant} AND change.merged_at >= $1 AND ${made}
       ORDER BY change.risk_score DESC, change.ordinal DESC LIMIT ${shownRiskiest}
     )
     SELECT ${itemColumns} FROM hit JOIN reentry.change AS change
       ON change.tenant_id = ${tenant} AND change.risk_score = hit.risk_score AND change.ordinal = hit.ordinal
     ORDER BY change.risk_score DESC, change.ordinal DESC`,
    [from],
  );
  return rows.map(itemOf);
}
