import type { ChangeFilter } from '../../contract/changes.ts';
import { foldText, wordVariants } from '../../core/change/change-columns.ts';
import { storedText } from '../../core/evidence/stored-text.ts';
import type { Bind } from './parameters.ts';

/** Filters that are values of a cell; the others look at the change itself. */
export type CellFilterName = (typeof cellFilterNames)[number];
const cellFilterNames = [
  ...(['repo', 'class', 'band', 'kind', 'agent', 'model', 'level'] as const),
  ...(['gaps', 'contradictions'] as const),
] as const;

/** One condition a filter that is given, on the table `change_cell AS cell`. */
export function cellConditions(filter: ChangeFilter, bind: Bind): ReadonlyMap<CellFilterName, string> {
  return conditions(filter, bind, 'cell', {
    gaps: 'cell.has_gaps',
    contradictions: 'cell.has_contradictions',
  });
}

/** The same conditions on `change AS change`. */
export function sameOnChanges(filter: ChangeFilter, bind: Bind): readonly string[] {
  const flags = { gaps: 'change.gaps > 0', contradictions: 'change.contradictions > 0' };
  return [...conditions(filter, bind, 'change', flags).values()];
}

function conditions(
  filter: ChangeFilter,
  bind: Bind,
  table: 'cell' | 'change',
  flags: Readonly<Record<'gaps' | 'contradictions', string>>,
): ReadonlyMap<CellFilterName, string> {
  const texts = (values: readonly string[]) => `${bind(values.map(storedText))}::text[]`;
  const oneOf = (column: string) => (values: readonly string[]) =>
    `${table}.${column} = ANY(${texts(values)})`;
  const overlaps = (column: string) => (values: readonly string[]) =>
    `${table}.${column} && ${texts(values)}`;
  const flag = (column: string, wanted: boolean) => (wanted ? `(${column})` : `NOT (${column})`);
  const made = new Map<CellFilterName, string>();
  const add = (
    name: Exclude<CellFilterName, keyof typeof flags>,
    condition: (values: readonly string[]) => string,
  ) => {
    const values = filter[name];
    if (values !== undefined && values.length > 0) made.set(name, condition(values));
  };
  add('repo', oneOf('repo_id'));
  add('class', oneOf('class'));
  add('band', oneOf('risk_band'));
  add('kind', oneOf('kind'));
  add('agent', overlaps('agents'));
  add('model', overlaps('models'));
  add('level', (values) => levelCondition(`${table}.attribution_level`, values, bind));
  for (const name of ['gaps', 'contradictions'] as const) {
    const wanted = filter[name];
    if (wanted !== undefined) made.set(name, flag(flags[name], wanted));
  }
  return made;
}

function levelCondition(column: string, values: readonly string[], bind: Bind): string {
  const levels = values.filter((value) => value !== 'none').map(Number);
  const named = `${column} = ANY(${bind(levels)}::smallint[])`;
  return values.includes('none') ? `(${column} IS NULL OR ${named})` : named;
}

/** Days on `change AS change`. Times sort as texts, and every time of a day comes before that day with a `U`. */
export function dayConditions({ from, to }: ChangeFilter, bind: Bind): readonly string[] {
  return [
    ...(from === undefined ? [] : [`change.merged_at >= ${bind(from)}`]),
    ...(to === undefined ? [] : [`change.merged_at < ${bind(`${to}U`)}`]),
  ];
}

/** One condition a word of `q`, on `change AS change`: words stand in title or author, longest first since fewest hold it. */
export function searchConditions(filter: ChangeFilter, bind: Bind): readonly string[] {
  return wordsOf(filter)
    .toSorted((a, b) => b.length - a.length)
    .map((word) => wordCondition(word, bind));
}

/** True where `q` holds the number of a change: few have it. */
export function namesNumber(filter: ChangeFilter): boolean {
  return wordsOf(filter).some(isNumber);
}

function wordsOf({ q }: ChangeFilter): readonly string[] {
  const words = new Set(storedText(q ?? '').split(/\s+/u));
  words.delete('');
  return [...words];
}

function isNumber(word: string): boolean {
  return /^#\d{1,15}$/.test(word);
}

function wordCondition(word: string, bind: Bind): string {
  if (isNumber(word)) return `change.number = ${bind(Number(word.slice(1)))}::bigint`;
  const found = wordVariants(word).map((variant) => `change.search LIKE ${bind(`%${literal(variant)}%`)}`);
  if (!/^[\da-f]{7,64}$/i.test(word)) return anyOf(found);
  const prefix = bind(`${foldText(word)}%`);
  return anyOf([...found, `change.merge_sha LIKE ${prefix}`, `change.head_sha LIKE ${prefix}`]);
}

function anyOf(alternatives: readonly string[]): string {
  return alternatives.length === 1 ? alternatives.join('') : `(${alternatives.join(' OR ')})`;
}

/** For LIKE. */
function literal(text: string): string {
  return text.replaceAll(/[\\%_]/g, '\\$&');
}
