import type { ChangeFilter, Facets } from '../../contract/changes.ts';
import type { Queryable } from '../database.ts';
import { countedCells } from './change-cells.ts';
import { type CellFilterName, cellConditions } from './change-filter.ts';
import { allOf, Parameters } from './parameters.ts';

type FacetName = Exclude<keyof Facets, 'total'>;

/** What a facet's values are, from `cell`, which lists hold several of. */
const facets: Readonly<Record<FacetName, { readonly value: string; readonly from?: string }>> = {
  repo: { value: 'cell.repo_id' },
  class: { value: 'cell.class' },
  band: { value: 'cell.risk_band' },
  kind: { value: 'cell.kind' },
  agent: { value: 'listed.value', from: eachOf('cell.agents') },
  model: { value: 'listed.value', from: eachOf('cell.models') },
  level: { value: `coalesce(cell.attribution_level::text, 'none')` },
};
const valuesPerFacet = 100;

/** An agent with two models stands in the list twice and counts once. */
function eachOf(list: string): string {
  return `, LATERAL (SELECT DISTINCT value FROM unnest(${list}) AS value WHERE value IS NOT NULL) AS listed`;
}

/** All counts in one statement: the cells are read once, then summed up per facet under all filters but its own. */
export async function readFacets(database: Queryable, filter: ChangeFilter): Promise<Facets> {
  const { bind, values } = new Parameters();
  const conditions = cellConditions(filter, bind);
  const allBut = (name?: CellFilterName) =>
    allOf([...conditions].filter(([of]) => of !== name).map(([, condition]) => condition));
  const counts = Object.entries(facets).map(
    ([name, { value, from = '' }]) => `
    (SELECT '${name}' AS facet, ${value} AS value, sum(cell.changes)::bigint AS changes
     FROM cell${from} WHERE ${allBut(name as FacetName)}
     GROUP BY 2 ORDER BY 3 DESC, 2 LIMIT ${valuesPerFacet})`,
  );
  const rows = await database.query<{ facet: keyof Facets; value: string; changes: number }>(
    `WITH cell AS MATERIALIZED (${countedCells(filter, bind)})
     SELECT 'total' AS facet, '' AS value, coalesce(sum(cell.changes), 0)::bigint AS changes FROM cell WHERE ${allBut()}
     UNION ALL ${counts.join(' UNION ALL ')}`,
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
