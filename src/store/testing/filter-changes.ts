import type { ChangeFilter, ChangeListItem } from '../../contract/changes.ts';
import { searchText, wordVariants } from '../../core/change/change-columns.ts';
import { storedText } from '../../core/evidence/stored-text.ts';
import type { ChangeRows } from './change-rows.ts';

/** The filters once more, over all rows in memory and without any of the columns and tables that were made to answer them. */
export function isSelected(change: ChangeRows, filter: ChangeFilter, but?: keyof ChangeFilter): boolean {
  return Object.entries(tests).every(([name, holds]) => name === but || holds(change, filter));
}

const tests: Readonly<Record<keyof ChangeFilter, (change: ChangeRows, filter: ChangeFilter) => boolean>> = {
  q: ({ row }, { q }) =>
    storedText(q ?? '')
      .split(/\s+/u)
      .every((word) => holdsWord(row, word)),
  repo: ({ row }, { repo }) => isOneOf(repo, [row.repoId]),
  class: ({ row }, filter) => isOneOf(filter.class, [row.class]),
  band: ({ row }, { band }) => isOneOf(band, [row.riskBand]),
  kind: ({ row }, { kind }) => isOneOf(kind, [row.kind]),
  agent: ({ claims }, { agent }) => isOneOf(agent, agentsOf(claims)),
  model: ({ claims }, { model }) => isOneOf(model, modelsOf(claims)),
  level: ({ row }, { level }) => isOneOf(level, [levelOf(row)]),
  from: ({ row }, { from }) => from === undefined || row.mergedAt.slice(0, 10) >= from,
  to: ({ row }, { to }) => to === undefined || row.mergedAt.slice(0, 10) <= to,
  gaps: ({ row }, { gaps }) => gaps === undefined || row.gaps > 0 === gaps,
  contradictions: ({ row }, { contradictions }) =>
    contradictions === undefined || row.contradictions > 0 === contradictions,
};

function isOneOf(wanted: readonly string[] | undefined, values: readonly string[]): boolean {
  const stored = values.map(storedText);
  return (
    wanted === undefined || wanted.length === 0 || wanted.some((one) => stored.includes(storedText(one)))
  );
}

function holdsWord(row: ChangeRows['row'], word: string): boolean {
  if (/^#\d{1,15}$/.test(word)) return row.number === Number(word.slice(1));
  const text = searchText(row.title, row.authorName);
  if (wordVariants(word).some((variant) => text.includes(variant))) return true;
  return (
    /^[\da-f]{7,64}$/i.test(word) &&
    [row.mergeSha, row.headSha].some((sha) => sha.startsWith(word.toLowerCase()))
  );
}

export function agentsOf(claims: ChangeRows['claims']): readonly string[] {
  return [...new Set(claims.map(({ agent }) => storedText(agent)))];
}

export function modelsOf(claims: ChangeRows['claims']): readonly string[] {
  return [...new Set(claims.flatMap(({ model }) => (model === null ? [] : [storedText(model)])))];
}

export function levelOf(row: ChangeRows['row']): string {
  return row.attributionLevel === null ? 'none' : String(row.attributionLevel);
}

/** What a list shows of it. */
export function listItem({ row, claims }: ChangeRows): ChangeListItem {
  const { repoId, changeId, kind, number, title, authorName, mergedAt, mergeSha, aiShare } = row;
  const { attributionLevel, riskScore, riskBand, files, additions, deletions } = row;
  const { gaps, contradictions, capture, evidenceSeq } = row;
  const item = {
    ...{ repoId, changeId, kind, number, title, authorName, mergedAt, mergeSha, class: row.class, aiShare },
    ...{ attributionLevel, agents: agentsOf(claims), models: modelsOf(claims), riskScore, riskBand, files },
    ...{ additions, deletions, gaps, contradictions, capture, evidenceSeq },
  };
  const stored = Object.entries(item).map(([name, value]) => [
    name,
    typeof value === 'string' ? storedText(value) : value,
  ]);
  return Object.fromEntries(stored) as ChangeListItem;
}
