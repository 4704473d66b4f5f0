import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Kernel, Refusal } from '../kernel.ts';
import type { Json } from '../model.ts';
import type { Webhooks } from '../webhooks/webhooks.ts';
import type { Fault, Faults } from './faults.ts';
import type { RateLimits } from './rate-limits.ts';
import { requesterOf, tokenOf } from './requester.ts';
import type { Answer, Requester, RestRequest } from './route.ts';
import type { FindRoute, Found } from './router.ts';

export interface Api {
  readonly kernel: Kernel;
  readonly webhooks: Webhooks;
  readonly find: FindRoute;
  readonly faults: Faults;
  readonly limits: RateLimits;
  /** Every request with its answer's status, for tests that count them. */
  readonly log: { readonly method: string; readonly path: string; readonly status: number }[];
  /** The last answer of each address, for stale reads. */
  readonly last: Map<string, Answer>;
  readonly graphql: (requester: Requester, body: Json) => Promise<Answer>;
}

const maxBodyBytes = 10_000_000;

/** Answers what comes in under /api/v3, and /api/graphql. */
export async function answerApi(api: Api, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const path = request.url ?? '/';
  const method = request.method ?? 'GET';
  const isGraphql = path.startsWith('/api/graphql');
  const url = new URL(
    isGraphql ? path.slice('/api'.length) : path.slice('/api/v3'.length) || '/',
    'http://api.invalid',
  );
  renamed(api.kernel, url);
  const body = await bodyOf(request);
  const found = isGraphql ? null : api.find(method, url.pathname);
  const fault = api.faults.take(method, isGraphql ? '/graphql' : (found?.route.path ?? url.pathname));
  if (fault?.kind === 'hang') return;
  const authorization = request.headers.authorization;
  const credential = authorization === undefined ? 'anonymous' : tokenOf(authorization);
  const isFree = url.pathname === '/rate_limit';
  const limits = isFree ? api.limits.headers(credential) : api.limits.take(credential);
  const answer =
    limits === null
      ? exceeded(api, credential)
      : await answered(api, { fault, found, url, body, authorization, method, credential });
  send(api, {
    request,
    response,
    answer,
    limits: limits ?? api.limits.headers(credential),
    credential,
    isCut: fault?.kind === 'cut',
  });
  api.log.push({ method, path: `${url.pathname}${url.search}`, status: response.statusCode });
}

interface Asked {
  readonly fault: Fault | null;
  readonly found: Found | null;
  readonly url: URL;
  readonly body: Json;
  readonly authorization: string | undefined;
  readonly method: string;
  readonly credential: string;
}

async function answered(api: Api, asked: Asked): Promise<Answer> {
  const { fault, url, credential } = asked;
  if (fault?.kind === 'answer')
    return {
      status: fault.status,
      body: fault.body ?? { message: `Fault ${fault.status}` },
      headers: fault.headers ?? {},
    };
  const key = `${credential} ${url.pathname}${url.search}`;
  const stale = fault?.kind === 'stale' ? api.last.get(key) : undefined;
  if (stale) return stale;
  const answer = await handled(api, asked);
  if (asked.method === 'GET') api.last.set(key, answer);
  return answer;
}

async function handled(api: Api, { found, url, body, authorization, credential }: Asked): Promise<Answer> {
  const { kernel, webhooks } = api;
  try {
    const requester = requesterOf(kernel, authorization);
    if (url.pathname === '/graphql') return await api.graphql(requester, body);
    if (url.pathname === '/rate_limit') return rateLimit(api, credential);
    if (!found) throw new Refusal(404, 'Not Found');
    const request: RestRequest = { kernel, webhooks, requester, url, parameters: found.parameters, body };
    return await found.route.handle(request);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const { url: location } = error.body;
    const headers = error.status === 301 && typeof location === 'string' ? { Location: location } : {};
    return { status: error.status, body: error.body, headers };
  }
}

/** `/repositories/<id>/…` is the same place by its id: where renamed repositories are redirected to. */
function renamed(kernel: Kernel, url: URL): void {
  const match = /^\/repositories\/(\d+)(\/.*)?$/.exec(url.pathname);
  const repository = match && kernel.repositories.get(Number(match[1]));
  if (repository) url.pathname = `/repos/${kernel.fullName(repository)}${match?.[2] ?? ''}`;
}

function exceeded({ limits }: Api, credential: string): Answer {
  return {
    status: 403,
    body: { message: `API rate limit exceeded for ${credential.slice(0, 4)}.` },
    headers: limits.headers(credential),
  };
}

function rateLimit({ limits }: Api, credential: string): Answer {
  const headers = limits.headers(credential);
  const core = {
    limit: Number(headers['X-RateLimit-Limit']),
    remaining: Number(headers['X-RateLimit-Remaining']),
    reset: Number(headers['X-RateLimit-Reset']),
    used: Number(headers['X-RateLimit-Used']),
  };
  return { status: 200, body: { resources: { core, search: core, graphql: core }, rate: core } };
}

function send(
  api: Api,
  {
    request,
    response,
    answer,
    limits,
    credential,
    isCut,
  }: {
    readonly request: IncomingMessage;
    readonly response: ServerResponse;
    readonly answer: Answer;
    readonly limits: Readonly<Record<string, string>>;
    readonly credential: string;
    readonly isCut: boolean;
  },
): void {
  const text = answer.body === undefined ? '' : JSON.stringify(answer.body);
  const etag = `W/"${createHash('sha256').update(text).digest('hex')}"`;
  const isRead = request.method === 'GET' && answer.status === 200;
  const isKnown = isRead && (request.headers['if-none-match'] ?? '').split(/,\s*/).includes(etag);
  response.statusCode = isKnown ? 304 : answer.status;
  const headers = {
    'Content-Type': 'application/json; charset=utf-8',
    'X-GitHub-Request-Id': createHash('sha256')
      .update(String(performance.now()))
      .digest('hex')
      .slice(0, 24)
      .toUpperCase(),
    'X-GitHub-Media-Type': 'github.v3; format=json',
    'X-GitHub-Enterprise-Version': '3.19.0',
    Date: new Date().toUTCString(),
    ...(isKnown ? api.limits.giveBack(credential) : limits),
    ...(isRead ? { ETag: etag, 'Cache-Control': 'private, max-age=60, s-maxage=60' } : {}),
    ...answer.headers,
  };
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  if (isCut) {
    response.write(text.slice(0, text.length / 2), () => response.destroy());
    return;
  }
  response.end(isKnown ? undefined : text);
}

async function bodyOf(request: IncomingMessage): Promise<Json> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > maxBodyBytes) break;
    chunks.push(chunk);
  }
  try {
    const body: unknown = JSON.parse(Buffer.concat(chunks).toString('utf8'));
    return typeof body === 'object' && body !== null ? (body as Json) : {};
  } catch {
    return {};
  }
}
