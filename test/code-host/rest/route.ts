import { type Kernel, Refusal } from '../kernel.ts';
import type { Account, App, Installation, Json, Repository } from '../model.ts';
import { atLeast, permissionOf } from '../permissions.ts';
import { levelOf } from '../verbs/apps.ts';
import type { Webhooks } from '../webhooks/webhooks.ts';

export type Requester =
  | { readonly kind: 'anonymous' }
  | { readonly kind: 'user'; readonly account: Account }
  /** Signed with the app's own key. */
  | { readonly kind: 'app'; readonly app: App }
  | {
      readonly kind: 'installation';
      readonly app: App;
      readonly installation: Installation;
      readonly permissions: Readonly<Record<string, string>>;
      readonly repositoryIds: ReadonlySet<number> | null;
    };

export interface RestRequest {
  readonly kernel: Kernel;
  readonly webhooks: Webhooks;
  readonly requester: Requester;
  /** Path and query without the prefix, for links. */
  readonly url: URL;
  readonly parameters: Readonly<Record<string, string>>;
  readonly body: Json;
}

export interface Answer {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** As GitHub's description writes it: `/repos/{owner}/{repo}/pulls`. */
  readonly path: string;
  readonly handle: (request: RestRequest) => Promise<Answer> | Answer;
}

/** What an app needs for a route, and roughly what a user needs: `administration` only admins have. */
export type Need = readonly [permission: string, level: 'read' | 'write'];

/** As `ofRepository` hands it on. */
export type OfRepository = RestRequest & { readonly repository: Repository };

/** A route of a repository that the requester sees, and may use so. */
export function ofRepository(
  method: Route['method'],
  path: string,
  need: Need,
  handle: (request: OfRepository) => Promise<Answer> | Answer,
): Route {
  return {
    method,
    path: `/repos/{owner}/{repo}${path}`,
    handle: (request) => {
      const repository = visibleRepository(request);
      allow(request, repository, need);
      return handle({ ...request, repository });
    },
  };
}

function visibleRepository({ kernel, requester, parameters, url }: RestRequest): Repository {
  const fullName = `${parameters.owner}/${parameters.repo}`;
  const repository = kernel.findRepository(fullName);
  if (!repository) {
    const id = kernel.formerNames.get(fullName.toLowerCase());
    if (id === undefined) throw new Refusal(404, 'Not Found');
    const rest = url.pathname.split('/').slice(4).join('/');
    const location = kernel.api(`repositories/${id}${rest === '' ? '' : `/${rest}`}${url.search}`);
    throw new Refusal(301, 'Moved Permanently', { url: location });
  }
  if (!sees(kernel, requester, repository)) throw new Refusal(404, 'Not Found');
  return repository;
}

/** What one may not see does not exist. */
export function sees(kernel: Kernel, requester: Requester, repository: Repository): boolean {
  if (!repository.private) return true;
  switch (requester.kind) {
    case 'anonymous':
      return false;
    case 'user':
      return permissionOf(kernel, repository, requester.account) !== 'none';
    case 'app':
      return [...kernel.installations.values()].some(
        (one) => one.appId === requester.app.id && kernel.sees(one, repository),
      );
    case 'installation':
      return (
        kernel.sees(requester.installation, repository) &&
        (requester.repositoryIds?.has(repository.id) ?? true)
      );
  }
}

function allow({ kernel, requester }: RestRequest, repository: Repository, [permission, level]: Need): void {
  if (permission === 'metadata') return;
  switch (requester.kind) {
    case 'anonymous':
      if (level === 'write' || permission === 'administration')
        throw new Refusal(401, 'Requires authentication');
      return;
    case 'app':
      throw new Refusal(403, 'Resource not accessible by integration');
    case 'installation':
      if (levelOf(requester.permissions[permission]) < levelOf(level))
        throw new Refusal(403, 'Resource not accessible by integration', {
          accepted: `${permission}=${level}`,
        });
      return;
    case 'user': {
      const needed = permission === 'administration' ? 'admin' : level;
      if (atLeast(permissionOf(kernel, repository, requester.account), needed)) return;
      throw new Refusal(403, `Must have ${needed} rights to Repository.`);
    }
  }
}

/** Whose name an action carries. */
export function actorOf({ kernel, requester }: RestRequest): Account {
  switch (requester.kind) {
    case 'user':
      return requester.account;
    case 'app':
    case 'installation':
      return kernel.account(requester.app.botId);
    case 'anonymous':
      throw new Refusal(401, 'Requires authentication');
  }
}

export function requireApp({ requester }: RestRequest): App {
  if (requester.kind !== 'app') throw new Refusal(401, 'A JSON web token could not be decoded');
  return requester.app;
}

export function ok(body: unknown): Answer {
  return { status: 200, body };
}

export function created(body: unknown): Answer {
  return { status: 201, body };
}

/** One page, with GitHub's Link header; `wrap` for lists inside an object. */
export function paged<Item>(
  request: RestRequest,
  items: readonly Item[],
  view: (item: Item) => unknown,
  wrap: (page: readonly unknown[]) => unknown = (page) => page,
): Answer {
  const { page, perPage } = pageOf(request);
  const last = Math.max(1, Math.ceil(items.length / perPage));
  const shown = items.slice((page - 1) * perPage, page * perPage).map(view);
  const links = [
    ...(page > 1 ? [['prev', Math.min(page - 1, last)] as const] : []),
    ...(page < last ? [['next', page + 1] as const, ['last', last] as const] : []),
    ...(page > 1 ? [['first', 1] as const] : []),
  ];
  const link = links.map(([name, to]) => `<${linkTo(request, to)}>; rel="${name}"`).join(', ');
  return { status: 200, body: wrap(shown), headers: link === '' ? {} : { Link: link } };
}

export function pageOf({ url }: RestRequest): { readonly page: number; readonly perPage: number } {
  const number = (name: string, otherwise: number) => {
    const given = Number(url.searchParams.get(name) ?? otherwise);
    return Number.isInteger(given) && given > 0 ? given : otherwise;
  };
  return { page: number('page', 1), perPage: Math.min(100, number('per_page', 30)) };
}

function linkTo({ kernel, url }: RestRequest, page: number): string {
  const to = new URL(url);
  to.searchParams.set('page', String(page));
  return kernel.api(`${to.pathname.slice(1)}${to.search}`);
}

export function numberOf(text: string | undefined): number {
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < 0) throw new Refusal(404, 'Not Found');
  return number;
}

export function textOf(body: Json, name: string): string {
  const value = body[name];
  if (typeof value === 'string') return value;
  throw new Refusal(422, 'Invalid request', {
    errors: [{ field: name, code: value === undefined ? 'missing_field' : 'invalid' }],
  });
}

export function optionalText(body: Json, name: string): string | undefined {
  return typeof body[name] === 'string' ? body[name] : undefined;
}
