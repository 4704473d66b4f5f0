import { type Kernel, Refusal, rfc3339 } from '../kernel.ts';
import type { App, Installation, Json, Repository } from '../model.ts';
import { atLeast, permissionOf } from '../permissions.ts';
import { createInstallationToken } from '../verbs/apps.ts';
import { accountView, appView, installationView } from '../views/accounts.ts';
import { repositoryView } from '../views/repositories.ts';
import {
  type Answer,
  created,
  numberOf,
  ofRepository,
  ok,
  paged,
  type RestRequest,
  type Route,
  requireApp,
} from './route.ts';

/** Codes of apps that a manifest has made, until they are taken. */
export type ManifestCodes = Map<string, App>;

export function appRoutes(codes: ManifestCodes): readonly Route[] {
  return [
    {
      method: 'POST',
      path: '/app-manifests/{code}/conversions',
      handle: ({ kernel, parameters }) => {
        const code = parameters.code ?? '';
        const app = codes.get(code);
        if (!app) throw new Refusal(404, 'Not Found');
        // Good once: who comes second gets nothing.
        codes.delete(code);
        return created({
          ...appView(kernel, app),
          client_secret: app.clientSecret,
          webhook_secret: app.hook.secret,
          pem: app.privateKeyPem,
        });
      },
    },
    { method: 'GET', path: '/app', handle: (request) => ok(appView(request.kernel, requireApp(request))) },
    {
      method: 'GET',
      path: '/app/installations',
      handle: (request) =>
        paged(request, installationsOf(request), (one) => installationView(request.kernel, one)),
    },
    {
      method: 'GET',
      path: '/app/installations/{installation_id}',
      handle: (request) => ok(installationView(request.kernel, installationById(request))),
    },
    { method: 'POST', path: '/app/installations/{installation_id}/access_tokens', handle: accessToken },
    {
      method: 'GET',
      path: '/orgs/{org}/installation',
      handle: (request) =>
        ok(installationOn(request, request.kernel.accountByLogin(request.parameters.org ?? '').id)),
    },
    ofRepository('GET', '/installation', ['metadata', 'read'], (request) => {
      const { kernel, repository } = request;
      const found = installationsOf(request).find((one) => kernel.sees(one, repository));
      if (!found) throw new Refusal(404, 'Not Found');
      return ok(installationView(kernel, found));
    }),
    { method: 'GET', path: '/installation/repositories', handle: installationRepositories },
    {
      method: 'GET',
      path: '/user',
      handle: ({ kernel, requester }) => {
        if (requester.kind !== 'user') throw new Refusal(403, 'Resource not accessible by integration');
        return ok(accountView(kernel, requester.account));
      },
    },
    {
      method: 'GET',
      path: '/user/repos',
      handle: (request) => {
        const { kernel, requester } = request;
        if (requester.kind !== 'user') throw new Refusal(403, 'Resource not accessible by integration');
        const seen = [...kernel.repositories.values()].filter((repository) =>
          atLeast(permissionOf(kernel, repository, requester.account), 'read'),
        );
        return paged(request, seen, (repository) => repositoryView(kernel, repository));
      },
    },
    {
      method: 'GET',
      path: '/users/{username}',
      handle: ({ kernel, parameters }) => {
        const account = kernel.accountByLogin(parameters.username ?? '');
        return ok({
          ...accountView(kernel, account),
          name: account.name,
          email: null,
          created_at: account.createdAt,
          updated_at: account.createdAt,
        });
      },
    },
    {
      method: 'GET',
      path: '/meta',
      handle: () => ok({ verifiable_password_authentication: true, installed_version: '3.19.0' }),
    },
  ];
}

function installationsOf(request: RestRequest): readonly Installation[] {
  const app = requireApp(request);
  return [...request.kernel.installations.values()].filter(({ appId }) => appId === app.id);
}

function installationById(request: RestRequest): Installation {
  const id = numberOf(request.parameters.installation_id);
  const found = installationsOf(request).find((one) => one.id === id);
  if (!found) throw new Refusal(404, 'Not Found');
  return found;
}

function installationOn(request: RestRequest, accountId: number): Json {
  const found = installationsOf(request).find((one) => one.accountId === accountId);
  if (!found) throw new Refusal(404, 'Not Found');
  return installationView(request.kernel, found);
}

function accessToken(request: RestRequest): Answer {
  const { kernel, body } = request;
  const installation = installationById(request);
  const token = createInstallationToken(kernel, installation, {
    ...(body.permissions ? { permissions: body.permissions as Record<string, string> } : {}),
    ...(body.repository_ids ? { repositoryIds: body.repository_ids as number[] } : {}),
    ...(body.repositories ? { repositoryNames: body.repositories as string[] } : {}),
  });
  const { repositoryIds } = token;
  return created({
    token: token.token,
    expires_at: rfc3339(token.expiresAtMs),
    permissions: token.permissions,
    repository_selection: repositoryIds === null ? installation.selection : 'selected',
    ...(repositoryIds === null
      ? {}
      : { repositories: [...repositoryIds].map((id) => repositoryView(kernel, kernel.repository(id))) }),
  });
}

function installationRepositories(request: RestRequest): Answer {
  const { kernel, requester } = request;
  if (requester.kind !== 'installation') throw new Refusal(403, 'Resource not accessible by integration');
  const { installation, repositoryIds } = requester;
  const seen = seenBy(kernel, installation).filter(({ id }) => repositoryIds?.has(id) ?? true);
  return paged(
    request,
    seen,
    (repository) => repositoryView(kernel, repository),
    (repositories) => ({
      total_count: seen.length,
      repository_selection: installation.selection,
      repositories,
    }),
  );
}

function seenBy(kernel: Kernel, installation: Installation): readonly Repository[] {
  return [...kernel.repositories.values()].filter((repository) => kernel.sees(installation, repository));
}
