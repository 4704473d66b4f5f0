import type { ChangeFilter, Facets } from '../../contract/changes.ts';
import type { Queryable } from '../database.ts';
import { countedCells } from './change-cells.ts';
import { cellConditions } from './change-filter.ts';
import { allOf, Parameters } from './parameters.ts';

type FacetName = Exclude<keyof Facets, 'total'>;

/** Facets of which a cell has one value. */
const single = {
  repo: 'cell.repo_id',
  class: 'cell.class',
  band: 'cell.risk_band',
  kind: 'cell.kind',
  level: `coalesce(cell.attribution_level::text, 'none')`,
} as const satisfies Partial<Record<FacetName, string>>;
/** Facets of which a cell lists several. */
const several = { agent: 'cell.agents', model: 'cell.models' } as const satisfies Partial<
  Record<FacetName, string>
>;
const valuesPerFacet = 100;

/** All counts in one statement: the cells are read once, then summed up per facet under all filters but its own. */
export async function readFacets(database: Queryable, filter: ChangeFilter): Promise<Facets> {
  const { bind, values } = new Parameters();
  const conditions = cellConditions(filter, bind);
  const allBut = (name?: FacetName) =>
    allOf([...conditions].filter(([of]) => of !== name).map(([, condition]) => condition));
  const names = Object.keys(single) as (keyof typeof single)[];
  const counts = [
    countTogether(
      names.filter((name) => !conditions.has(name)),
      allBut(),
    ),
    ...names.filter((name) => conditions.has(name)).map((name) => countSingle(name, allBut(name))),
    ...(['agent', 'model'] as const).map((name) => countSeveral(name, allBut(name))),
  ];
  const rows = await database.query<{ facet: keyof Facets; value: string; changes: number }>(
    `WITH cell AS MATERIALIZED (${countedCells(filter, bind)}), counted AS (${counts.join(' UNION ALL ')}), placed AS (
       SELECT *, row_number() OVER (PARTITION BY facet ORDER BY changes DESC, value) AS place FROM counted
     )
     SELECT facet, value, changes FROM placed WHERE place <= ${valuesPerFacet} ORDER BY facet, place`,
    values,
  );
  const of = (name: keyof Facets) =>
    rows.filter(({ facet }) => facet === name).map(({ value, changes }) => ({ value, changes }));
  return {
    total: of('total')[0]?.changes ?? 0,
    repo: of('repo'),
    class: of('class'),
    band: of('band'),
    kind: of('kind'),
    agent: of('agent'),
    model: of('model'),
    level: of('level'),
  };
}

/** Facets that are under the same filters, and the total, in one pass. */
function countTogether(names: readonly (keyof typeof single)[], where: string): string {
  const which = names.map((name) => `WHEN GROUPING(${single[name]}) = 0 THEN '${name}'`);
  const sets = names.map((name) => `(${single[name]})`);
  // Of the grouped values all are NULL but that of the row's own facet.
  const value = `coalesce(${[...names.map((name) => single[name]), `''`].join(', ')})`;
  return `SELECT CASE WHEN false THEN '' ${which.join(' ')} ELSE 'total' END AS facet, ${value} AS value,
      coalesce(sum(cell.changes), 0)::bigint AS changes
    FROM cell WHERE ${where} GROUP BY GROUPING SETS (${['()', ...sets].join(', ')})`;
}

function countSingle(name: keyof typeof single, where: string): string {
  return `SELECT '${name}', ${single[name]}, sum(cell.changes)::bigint FROM cell WHERE ${where} GROUP BY 2`;
}

/** There are far fewer lists than cells. An agent with two models stands in its list twice and counts once. */
function countSeveral(name: keyof typeof several, where: string): string {
  return `SELECT '${name}', each.value, sum(listed.changes)::bigint
    FROM (
      SELECT ${several[name]} AS list, sum(cell.changes) AS changes FROM cell WHERE ${where} GROUP BY 1
    ) AS listed, LATERAL (SELECT DISTINCT value FROM unnest(listed.list) AS value WHERE value IS NOT NULL) AS each
    GROUP BY 2`;
}
