import type { QueryOf } from '../../../src/contract/api.ts';
import { type ChangesSearch, readChangesSearch, stringifySearch } from '../route-search.ts';

const lists = ['repo', 'class', 'band', 'agent', 'model', 'level', 'kind'] as const;
const singles = ['q', 'from', 'to', 'gaps', 'contradictions'] as const;

export type ListFilter = (typeof lists)[number];

/** The filters alone, as every request of the page takes them. */
export function filterQuery(search: ChangesSearch): QueryOf<'getFacets'> {
  const { sort: _sort, order: _order, cursor: _cursor, ...filters } = search;
  return Object.fromEntries(
    Object.entries(filters).map(([name, value]) => [name, typeof value === 'string' ? value : [...value]]),
  );
}

/** The whole selection in its order, as an export takes it. */
export function orderedQuery(search: ChangesSearch): QueryOf<'exportChanges'> {
  return { ...filterQuery(search), sort: search.sort ?? 'merged', order: search.order ?? 'desc' };
}

export function listQuery(search: ChangesSearch): QueryOf<'listChanges'> {
  return { ...orderedQuery(search), ...(search.cursor === undefined ? {} : { cursor: search.cursor }) };
}

/** With other values, undefined takes one away; what is the usual order is not said. The page begins anew. */
export function withSearch(search: ChangesSearch, change: Readonly<Record<string, unknown>>): ChangesSearch {
  const { sort, order, ...rest } = readChangesSearch({ ...search, cursor: undefined, ...change });
  return {
    ...rest,
    ...(sort === undefined || sort === 'merged' ? {} : { sort }),
    ...(order === 'asc' ? { order } : {}),
  };
}

/** The address of the changes page with that search. */
export function changesHref(search: ChangesSearch): string {
  return `/changes${stringifySearch({ ...search })}`;
}

export interface ActiveFilter {
  readonly name: ListFilter | (typeof singles)[number];
  readonly value: string;
  /** The search without it. */
  readonly without: ChangesSearch;
}

export function activeFilters(search: ChangesSearch): readonly ActiveFilter[] {
  const single = singles.flatMap((name) => {
    const value = search[name];
    return value === undefined ? [] : [{ name, value, without: withSearch(search, { [name]: undefined }) }];
  });
  const listed = lists.flatMap((name) => {
    const values: readonly string[] = search[name] ?? [];
    return values.map((value) => ({
      name,
      value,
      without: withSearch(search, { [name]: values.filter((other) => other !== value) }),
    }));
  });
  return [...single, ...listed];
}
