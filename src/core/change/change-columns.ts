import { createHash } from 'node:crypto';
import { storedText } from '../evidence/stored-text.ts';

/**
 * The values that changes are filtered and counted by. Changes with equal values are in one cell: there are far fewer cells
 * than changes, so that whatever is counted under filters is counted from cells. Texts are in their stored form.
 */
export interface CellValues {
  readonly repoId: string;
  readonly class: string;
  readonly riskBand: string;
  readonly kind: string;
  readonly attributionLevel: number | null;
  readonly hasGaps: boolean;
  readonly hasContradictions: boolean;
  readonly hasSession: boolean;
  /** The distinct pairs of agent and model that are claimed, in order: `models[i]` is the model of `agents[i]`. */
  readonly agents: readonly string[];
  readonly models: readonly (string | null)[];
}

/** 16 bytes: the first half of SHA-256 over the values as JSON. Migration 0003 makes the same in SQL. */
export function cellOf(values: CellValues): Uint8Array {
  const level = values.attributionLevel;
  const single = [
    ...[values.repoId, values.class, values.riskBand, values.kind, level === null ? null : String(level)],
    ...[values.hasGaps, values.hasContradictions, values.hasSession].map(String),
  ];
  const text = [single, values.agents, values.models].map((part) => JSON.stringify(part)).join('');
  return createHash('sha256').update(text).digest().subarray(0, 16);
}

/** The distinct pairs of agent and model in the order of their first claim, in stored form; a model that nobody named is null. */
export function claimedPairs(
  claims: readonly { readonly agent: string; readonly model: string | null }[],
): Pick<CellValues, 'agents' | 'models'> {
  const seen = new Map<string, readonly [agent: string, model: string | null]>();
  for (const claim of claims) {
    const pair = [storedText(claim.agent), claim.model === null ? null : storedText(claim.model)] as const;
    const key = JSON.stringify(pair);
    if (!seen.has(key)) seen.set(key, pair);
  }
  const pairs = [...seen.values()];
  return { agents: pairs.map(([agent]) => agent), models: pairs.map(([, model]) => model) };
}

/** Index 0 to 19 of the five points of score that it falls into; a score of 100 is in the last. */
export function scoreBucket(score: number): number {
  return Math.min(19, Math.max(0, Math.floor(score / 5)));
}

/** Days since 1970-01-01, UTC; null for what is no RFC 3339 time in the years 1000 to 9999, which no import writes. */
export function dayOf(time: string): number | null {
  const [, year, month, day] = /^([1-9]\d{3})-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T/.exec(time) ?? [];
  return year === undefined ? null : Date.UTC(Number(year), Number(month) - 1, Number(day)) / dayMs;
}

export const dayMs = 86_400_000;

/** Characters of a title and of a name that a search looks at: longer ones are not written by hand. */
const searchedTitle = 256;
const searchedName = 100;

/** What a search for words looks at: title and author, folded by `foldText`. */
export function searchText(title: string, authorName: string): string {
  return foldText(
    `${start(storedText(title), searchedTitle)}\n${start(storedText(authorName), searchedName)}`,
  );
}

/**
 * Lower case of A to Z only: PostgreSQL makes the same of every text whatever its locale (`lower(… COLLATE "C")`).
 * `wordVariants` makes up for the other letters.
 */
export function foldText(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

/** The forms in which a word may stand in a folded text: as it is written, in lower case, in capitals, and with a capital. */
export function wordVariants(word: string): readonly string[] {
  const lower = word.toLowerCase();
  const [first = ''] = lower;
  const capital = first.toUpperCase() + lower.slice(first.length);
  return [...new Set([word, lower, word.toUpperCase(), capital].map(foldText))];
}

function start(text: string, characters: number): string {
  return text.length <= characters ? text : [...text.slice(0, 2 * characters)].slice(0, characters).join('');
}
