import { createAppAuth } from '@octokit/auth-app';
import { Octokit } from '@octokit/core';
import { retry } from '@octokit/plugin-retry';
import { throttling } from '@octokit/plugin-throttling';
import { z } from 'zod';
import { AppError } from '../../../core/errors.ts';
import { whatIsWrong } from '../payload.ts';
import { readJson } from '../read-json.ts';
import { bodyHeaders, boundedFetch } from './bounded-fetch.ts';
import { hostError } from './host-errors.ts';
import { type GithubOptions, type GithubPlaces, githubPlaces } from './options.ts';

/** Whose right a request is made with. A token is always itself. */
export type As =
  | { readonly kind: 'app' }
  | { readonly kind: 'installation'; readonly id: number }
  | { readonly kind: 'repository'; readonly id: string };

export interface Answer {
  readonly value: unknown;
  readonly headers: Readonly<Record<string, string>>;
  /** SHA-256 of the body as it came. */
  readonly digest: string;
  readonly bytes: number;
}

export interface Rate {
  readonly remaining: number;
  readonly resetsAt: string;
}

type Parameters = Readonly<Record<string, unknown>>;

/** Requests to one host under one credential. Errors: HOST_REFUSED, HOST_MISSING, HOST_BUSY, HOST_ANSWER. */
export interface GithubRequests {
  readonly places: GithubPlaces;
  readonly isApp: boolean;
  send(as: As, route: string, parameters?: Parameters): Promise<Answer>;
  /** The pages of a list, by the host's own links; not more than `maxPages`. */
  pages(as: As, route: string, parameters: Parameters, maxPages?: number): AsyncGenerator<Answer>;
  tokenOf(as: As): Promise<string>;
  /** As the last answer told it. */
  rate(): Rate | null;
}

const Limited = Octokit.plugin(throttling, retry);
const silent = { debug: none, info: none, warn: none, error: none };
let connections = 0;

export function githubRequests(options: GithubOptions): GithubRequests {
  const places = githubPlaces(options.baseUrl);
  const { credentials } = options;
  let rate: Rate | null = null;
  const octokit = limited(options, places, (headers) => {
    rate = rateOf(headers) ?? rate;
  });
  const appAuth =
    credentials.kind === 'app'
      ? createAppAuth({
          appId: credentials.appId,
          privateKey: credentials.privateKey,
          request: octokit.request,
          log: silent,
        })
      : null;
  const installations = new Map<string, Promise<number>>();

  const installationOf = (id: string): Promise<number> => {
    const known = installations.get(id);
    if (known !== undefined) return known;
    const found = send({ kind: 'app' }, 'GET /repositories/{repository_id}/installation', {
      repository_id: id,
    }).then(({ value }) => understood(places.name, z.object({ id: z.int() }), value).id);
    installations.set(id, found);
    found.catch(() => installations.delete(id));
    return found;
  };

  const tokenOf = async (as: As, isRefreshed = false): Promise<string> => {
    if (credentials.kind === 'token') return credentials.token;
    if (appAuth === null) return '';
    if (as.kind === 'app') return (await appAuth({ type: 'app' })).token;
    const installationId = as.kind === 'installation' ? as.id : await installationOf(as.id);
    return (await appAuth({ type: 'installation', installationId, refresh: isRefreshed })).token;
  };

  const sendOnce = async (as: As, route: string, parameters: Parameters, isRefreshed: boolean) => {
    const token = await tokenOf(as, isRefreshed);
    const response = await octokit.request(route, {
      ...parameters,
      headers: { authorization: `bearer ${token}`, 'x-github-api-version': '2022-11-28' },
      request: { parseSuccessResponseBody: false },
    });
    return answerOf(places.name, route, response as RawResponse);
  };

  const send: GithubRequests['send'] = async (as, route, parameters = {}) => {
    const shown = shownRoute(route);
    try {
      return await sendOnce(as, route, parameters, false);
    } catch (error) {
      const mapped = hostError(error, places.name, shown);
      // Where the app was removed and installed again, it is another installation the next time.
      if (as.kind === 'repository' && mapped.code === 'HOST_MISSING') installations.delete(as.id);
      if (appAuth === null || as.kind === 'app' || statusOf(error) !== 401) throw mapped;
    }
    // The token may have been withdrawn before its hour was over, and the installation may be another one.
    if (as.kind === 'repository') installations.delete(as.id);
    try {
      return await sendOnce(as, route, parameters, true);
    } catch (error) {
      throw hostError(error, places.name, shown);
    }
  };

  async function* pages(as: As, route: string, parameters: Parameters, maxPages = 100) {
    let query: Parameters = { per_page: 100, ...parameters };
    for (let page = 0; page < maxPages; page += 1) {
      const answer = await send(as, route, query);
      yield answer;
      const next = /<([^>]+)>;\s*rel="next"/.exec(answer.headers.link ?? '')?.[1];
      if (next === undefined || !URL.canParse(next)) return;
      query = { ...query, ...placeIn(new URL(next).searchParams) };
    }
    throw new AppError('HOST_ANSWER', {
      host: places.name,
      detail: `more than ${maxPages} pages of ${shownRoute(route)}`,
    });
  }

  return {
    places,
    isApp: appAuth !== null,
    send,
    pages,
    tokenOf: (as) => guarded(tokenOf(as)),
    rate: () => rate,
  };

  async function guarded<Result>(work: Promise<Result>): Promise<Result> {
    try {
      return await work;
    } catch (error) {
      throw hostError(error, places.name, 'POST /app/installations/{installation_id}/access_tokens');
    }
  }
}

function limited(options: GithubOptions, { api }: GithubPlaces, answered: (headers: Headers) => void) {
  const { timeoutMs = 20_000, retries = 2, retryBaseMs = 1_000, maxWaitSeconds = 10 } = options;
  const maxBytes = options.maxAnswerBytes ?? 10 * 1024 * 1024;
  const mayWait = (seconds: number, _: unknown, __: unknown, count: number) =>
    seconds <= maxWaitSeconds && count < 1;
  connections += 1;
  return new Limited({
    baseUrl: api,
    userAgent: 'reentry',
    log: silent,
    request: { fetch: boundedFetch({ timeoutMs, maxBytes, answered, signal: options.signal }), log: silent },
    // 429 is not in Octokit's list, and is told with a time that the throttling looks at.
    retry: {
      retries,
      retryAfterBaseValue: retryBaseMs,
      doNotRetry: [400, 401, 403, 404, 410, 422, 429, 451],
    },
    throttle: { id: `reentry-${connections}`, onRateLimit: mayWait, onSecondaryRateLimit: mayWait },
  });
}

interface RawResponse {
  readonly headers: Readonly<Record<string, string>>;
  readonly data: unknown;
}

async function answerOf(host: string, route: string, { headers, data }: RawResponse): Promise<Answer> {
  const refuse = (because: string) =>
    new AppError('HOST_ANSWER', { host, detail: `${shownRoute(route)}: ${because}` });
  if (headers[bodyHeaders.isTooLarge] !== undefined) throw refuse('the body is too large');
  const text = data instanceof ReadableStream ? await new Response(data).text() : '';
  const read = text === '' ? { ok: true as const, value: null } : readJson(text);
  if (!read.ok) throw refuse(read.because);
  return {
    value: read.value,
    headers,
    digest: headers[bodyHeaders.digest] ?? '',
    bytes: Number(headers[bodyHeaders.bytes] ?? 0),
  };
}

function statusOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'status' in error ? error.status : undefined;
}

/** Of a link only where to go on: Octokit takes its parameters for options, too, and one names the host that the token goes to. */
function placeIn(query: URLSearchParams): Parameters {
  const names = ['page', 'cursor', 'after'];
  return Object.fromEntries([...query].filter(([name]) => names.includes(name)));
}

/** By the name under which GitHub describes it. */
export function shownRoute(route: string): string {
  return route
    .replace('/repositories/{repository_id}', '/repos/{owner}/{repo}')
    .replace(/ https?:.*\/graphql$/, ' /graphql');
}

function rateOf(headers: Headers): Rate | null {
  const remaining = headers.get('x-ratelimit-remaining');
  const reset = Number(headers.get('x-ratelimit-reset'));
  if (remaining === null || !/^\d{1,9}$/.test(remaining) || !(reset > 0 && reset < 1e11)) return null;
  return {
    remaining: Number(remaining),
    resetsAt: new Date(reset * 1_000).toISOString().replace('.000Z', 'Z'),
  };
}

/** The value in the shape that is wanted; HOST_ANSWER, where it has another. */
export function understood<Value>(host: string, schema: z.ZodType<Value>, value: unknown): Value {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new AppError('HOST_ANSWER', { host, detail: whatIsWrong(parsed.error) });
}

function none(): void {}
