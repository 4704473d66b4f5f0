/** What the addresses of the pages hold. Several values of one name are several parameters, as the API wants them. */

export type RawSearch = Readonly<Record<string, string | readonly string[]>>;

/** Reads `?a=1&a=2&b=x` as text and nothing else: a commit id of digits stays text. */
export function parseSearch(text: string): RawSearch {
  const found = new Map<string, string[]>();
  for (const [key, value] of new URLSearchParams(text)) {
    found.set(key, [...(found.get(key) ?? []), value]);
  }
  return Object.fromEntries(
    [...found]
      .filter(([key]) => key !== '__proto__')
      .map(([key, values]) => [key, values.length === 1 ? (values[0] ?? '') : values]),
  );
}

export function stringifySearch(search: Readonly<Record<string, unknown>>): string {
  const params = new URLSearchParams();
  for (const [key, value] of Object.entries(search)) {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one !== undefined && one !== null && one !== '') params.append(key, String(one));
    }
  }
  const text = params.toString();
  return text === '' ? '' : `?${text}`;
}

export interface ChangesSearch {
  readonly q?: string;
  readonly repo?: readonly string[];
  readonly class?: readonly ('human' | 'ai' | 'mixed' | 'unknown')[];
  readonly band?: readonly ('low' | 'medium' | 'high' | 'critical')[];
  readonly kind?: readonly ('pull_request' | 'direct_push')[];
  readonly agent?: readonly string[];
  readonly model?: readonly string[];
  readonly level?: readonly ('none' | '0' | '1' | '2' | '3' | '4' | '5')[];
  readonly from?: string;
  readonly to?: string;
  readonly gaps?: 'true' | 'false';
  readonly contradictions?: 'true' | 'false';
  readonly sort?: 'merged' | 'risk' | 'size';
  readonly order?: 'asc' | 'desc';
  readonly cursor?: string;
}

const flags = ['true', 'false'] as const;

/** What is not understood is left out, so that an old or mangled address still opens the page. */
export function readChangesSearch(raw: Record<string, unknown>): ChangesSearch {
  return withoutAbsent({
    q: one(raw.q),
    repo: many(raw.repo),
    class: known(raw.class, ['human', 'ai', 'mixed', 'unknown'] as const),
    band: known(raw.band, ['low', 'medium', 'high', 'critical'] as const),
    kind: known(raw.kind, ['pull_request', 'direct_push'] as const),
    agent: many(raw.agent),
    model: many(raw.model),
    level: known(raw.level, ['none', '0', '1', '2', '3', '4', '5'] as const),
    from: day(raw.from),
    to: day(raw.to),
    gaps: known(raw.gaps, flags)?.[0],
    contradictions: known(raw.contradictions, flags)?.[0],
    sort: known(raw.sort, ['merged', 'risk', 'size'] as const)?.[0],
    order: known(raw.order, ['asc', 'desc'] as const)?.[0],
    cursor: one(raw.cursor),
  });
}

export interface PullRequestsSearch {
  readonly repo?: readonly string[];
  readonly state?: readonly ('open' | 'closed' | 'merged')[];
  readonly verdict?: readonly ('violated' | 'indeterminate' | 'pending' | 'satisfied')[];
  readonly cursor?: string;
}

export function readPullRequestsSearch(raw: Record<string, unknown>): PullRequestsSearch {
  return withoutAbsent({
    repo: many(raw.repo),
    state: known(raw.state, ['open', 'closed', 'merged'] as const),
    verdict: known(raw.verdict, ['violated', 'indeterminate', 'pending', 'satisfied'] as const),
    cursor: one(raw.cursor),
  });
}

export interface ChangeAddress {
  readonly repo: string;
  readonly id: string;
}

export function readChangeAddress(raw: Record<string, unknown>): ChangeAddress {
  return { repo: one(raw.repo) ?? '', id: one(raw.id) ?? '' };
}

/** `/verify?log=evidence&index=17` fetches that entry's bundle and verifies it. */
export interface VerifySearch {
  readonly log?: 'events' | 'evidence';
  readonly index?: string;
}

export function readVerifySearch(raw: Record<string, unknown>): VerifySearch {
  return withoutAbsent({
    log: known(raw.log, ['events', 'evidence'] as const)?.[0],
    index: /^\d{1,15}$/.test(one(raw.index) ?? '') ? one(raw.index) : undefined,
  });
}

export interface SignInSearch {
  readonly return?: string;
}

/** Only a path of ours: a link must not send somebody elsewhere after signing in. */
export function readSignInSearch(raw: Record<string, unknown>): SignInSearch {
  const address = one(raw.return);
  // Browsers drop tabs and line ends from an address, and then read two slashes.
  return address !== undefined && /^\/(?![/\\])[^\p{Cc}]*$/u.test(address) ? { return: address } : {};
}

/** The server takes no longer texts, and no more values of one filter. */
const maxTextLength = 1_000;
const maxValues = 50;

function one(value: unknown): string | undefined {
  const first: unknown = Array.isArray(value) ? value[0] : value;
  return typeof first === 'string' && first !== '' ? first.slice(0, maxTextLength) : undefined;
}

function many(value: unknown): readonly string[] | undefined {
  const all = (Array.isArray(value) ? value : [value]).filter(
    (item): item is string => typeof item === 'string' && item !== '',
  );
  const distinct = new Set(all.map((item) => item.slice(0, maxTextLength)));
  return all.length > 0 ? [...distinct].slice(0, maxValues) : undefined;
}

function known<Word extends string>(value: unknown, words: readonly Word[]): readonly Word[] | undefined {
  const found = many(value)?.flatMap((item) => words.filter((word) => word === item)) ?? [];
  return found.length > 0 ? found : undefined;
}

function day(value: unknown): string | undefined {
  const text = one(value);
  if (text === undefined || !/^\d{4}-\d{2}-\d{2}$/.test(text)) return undefined;
  // JavaScript takes 31 February for 3 March; the server refuses it.
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text) ? text : undefined;
}

function withoutAbsent<Value extends object>(value: Value): Value {
  return Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined)) as Value;
}
