import { ChangeListItem } from '../../contract/changes.ts';
import type { Row } from '../database.ts';
import { columnName } from '../rows.ts';

/** Columns of `change AS change` under the names of an item's fields. */
export const itemColumns = Object.keys(ChangeListItem.shape)
  .map((field) => `change.${columnName(field)} AS "${field}"`)
  .join(', ');

/** An item as it is stored, where agents and models stand in pairs. */
export type ItemRow = Row &
  Omit<ChangeListItem, 'agents' | 'models'> & {
    readonly agents: readonly string[];
    readonly models: readonly (string | null)[];
  };

/** Written out: a page has many, and building objects from lists of names takes ten times as long. */
export function itemOf(row: ItemRow): ChangeListItem {
  return {
    repoId: row.repoId,
    changeId: row.changeId,
    kind: row.kind,
    number: row.number,
    title: row.title,
    authorName: row.authorName,
    mergedAt: row.mergedAt,
    mergeSha: row.mergeSha,
    class: row.class,
    aiShare: row.aiShare,
    attributionLevel: row.attributionLevel,
    agents: [...new Set(row.agents)],
    models: [...new Set(row.models.filter((model) => model !== null))],
    riskScore: row.riskScore,
    riskBand: row.riskBand,
    files: row.files,
    additions: row.additions,
    deletions: row.deletions,
    gaps: row.gaps,
    contradictions: row.contradictions,
    capture: row.capture,
    evidenceSeq: row.evidenceSeq,
  };
}
