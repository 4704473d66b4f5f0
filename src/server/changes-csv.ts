import type { ChangeListItem } from '../contract/changes.ts';
import { byteOrderMark, csvLine } from '../core/table/csv.ts';

const columns = [
  ['repository', ({ repoId }) => repoId],
  ['change', ({ changeId }) => changeId],
  ['kind', ({ kind }) => kind],
  ['number', ({ number }) => number],
  ['title', ({ title }) => title],
  ['author', ({ authorName }) => authorName],
  ['merged_at', ({ mergedAt }) => mergedAt],
  ['merge_commit', ({ mergeSha }) => mergeSha],
  ['class', (item) => item.class],
  ['ai_share', ({ aiShare }) => aiShare],
  ['attribution_level', ({ attributionLevel }) => attributionLevel],
  ['agents', ({ agents }) => agents.join('; ')],
  ['models', ({ models }) => models.join('; ')],
  ['risk_score', ({ riskScore }) => riskScore],
  ['risk_band', ({ riskBand }) => riskBand],
  ['files', ({ files }) => files],
  ['additions', ({ additions }) => additions],
  ['deletions', ({ deletions }) => deletions],
  ['gaps', ({ gaps }) => gaps],
  ['contradictions', ({ contradictions }) => contradictions],
  ['capture', ({ capture }) => capture],
  ['evidence_index', ({ evidenceSeq }) => evidenceSeq],
] as const satisfies readonly (readonly [string, (item: ChangeListItem) => string | number | null])[];

/** Page by page, as they are asked for: whoever stops reading stops the query too. */
export async function* changesCsv(pages: AsyncIterable<readonly ChangeListItem[]>): AsyncGenerator<string> {
  yield byteOrderMark + csvLine(columns.map(([name]) => name));
  for await (const page of pages) {
    if (page.length > 0) yield page.map((item) => csvLine(columns.map(([, cell]) => cell(item)))).join('');
  }
}
