import type { ChangeListItem } from '../../contract/changes.ts';
import type { Row } from '../database.ts';
import { columnName } from '../rows.ts';

const fields = [
  ...([
    'repoId',
    'changeId',
    'kind',
    'number',
    'title',
    'authorName',
    'mergedAt',
    'mergeSha',
    'class',
  ] as const),
  ...(['aiShare', 'attributionLevel', 'agents', 'models', 'riskScore', 'riskBand', 'files'] as const),
  ...(['additions', 'deletions', 'gaps', 'contradictions', 'capture', 'evidenceSeq'] as const),
] as const satisfies readonly (keyof ChangeListItem)[];

/** Columns of `change AS change` under the names of an item's fields. */
export const itemColumns = fields.map((field) => `change.${columnName(field)} AS "${field}"`).join(', ');

/** An item as it is stored, where agents and models stand in pairs. */
export type ItemRow = Row &
  Omit<ChangeListItem, 'agents' | 'models'> & {
    readonly agents: readonly string[];
    readonly models: readonly (string | null)[];
  };

export function itemOf(row: ItemRow): ChangeListItem {
  const shown = Object.fromEntries(fields.map((field) => [field, row[field]])) as unknown as ItemRow;
  return {
    ...shown,
    agents: [...new Set(row.agents)],
    models: [...new Set(row.models.filter((model) => model !== null))],
  };
}
