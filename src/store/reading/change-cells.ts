import type { ChangeFilter } from '../../contract/changes.ts';
import { tenant } from '../tenant.ts';
import { cellConditions, dayConditions, searchConditions } from './change-filter.ts';
import { allOf, type Bind } from './parameters.ts';

/** Conditions that only a change itself can answer: days and words. */
export function changeConditions(filter: ChangeFilter, bind: Bind): readonly string[] {
  return [...dayConditions(filter, bind), ...searchConditions(filter, bind)];
}

/** True where the filters are values of a cell alone, so that the roll-ups answer. */
export function cellsAnswer(filter: ChangeFilter): boolean {
  return changeConditions(filter, () => '').length === 0;
}

/**
 * `SELECT` of `change_cell AS cell` with the changes that the days and words of the filter leave in each; its other filters
 * are not applied.
 */
export function countedCells(filter: ChangeFilter, bind: Bind): string {
  const own = changeConditions(filter, bind);
  if (own.length === 0) return `SELECT * FROM reentry.change_cell AS cell WHERE cell.tenant_id = ${tenant}`;
  return `
    SELECT cell.repo_id, cell.class, cell.risk_band, cell.kind, cell.attribution_level, cell.has_gaps,
      cell.has_contradictions, cell.agents, cell.models, counted.changes
    FROM (
      SELECT change.cell, count(*) AS changes FROM reentry.change AS change
      WHERE change.tenant_id = ${tenant} AND ${allOf(own)} GROUP BY change.cell
    ) AS counted
    JOIN reentry.change_cell AS cell ON cell.tenant_id = ${tenant} AND cell.cell = counted.cell`;
}

/** The filters that are values of a cell, on `change AS change`, so that an index that names the cell answers them. */
export function inCells(filter: ChangeFilter, bind: Bind): readonly string[] {
  const ofCell = [...cellConditions(filter, bind).values()];
  if (ofCell.length === 0) return [];
  return [
    `change.cell IN (SELECT cell.cell FROM reentry.change_cell AS cell WHERE cell.tenant_id = ${tenant} AND ${allOf(ofCell)})`,
  ];
}

/** `change` joined with its cell, under all filters: index-only where no words are searched for. */
export function filteredChanges(filter: ChangeFilter, bind: Bind): string {
  const own = changeConditions(filter, bind);
  const ofCell = [...cellConditions(filter, bind).values()];
  return `
    reentry.change AS change
    JOIN reentry.change_cell AS cell ON cell.tenant_id = change.tenant_id AND cell.cell = change.cell
    WHERE change.tenant_id = ${tenant} AND ${allOf([...own, ...ofCell])}`;
}
