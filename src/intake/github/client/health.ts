import { z } from 'zod';
import type { HostHealth, HostPermission } from '../../../app/host-ports.ts';
import { Name } from '../payload.ts';
import { wantedPermissions } from './permissions.ts';
import { listIn } from './repository.ts';
import { type GithubRequests, understood } from './requests.ts';

type Given = HostPermission['given'];

const Permissions = z.record(z.string(), z.string()).nullish();

/** What the credential may do, as the host says, against what is wanted. */
export async function readHealth(requests: GithubRequests): Promise<HostHealth> {
  const { actingAs, given } = requests.isApp ? await ofApp(requests) : await ofToken(requests);
  const rate = requests.rate();
  return {
    host: 'github',
    name: requests.places.name,
    actingAs,
    kind: requests.isApp ? 'app' : 'token',
    permissions: wantedPermissions.map(({ name, wanted, because, scope }) => ({
      name,
      wanted,
      given: given(name, scope),
      because,
    })),
    remaining: rate?.remaining ?? null,
    resetsAt: rate?.resetsAt ?? null,
  };
}

interface Acting {
  readonly actingAs: string;
  readonly given: (name: string, scope: string) => Given;
}

/** By installation, since each may have agreed to less than the app asks for: the least of them counts. */
async function ofApp(requests: GithubRequests): Promise<Acting> {
  const { name: host } = requests.places;
  const as = { kind: 'app' } as const;
  const { value } = await requests.send(as, 'GET /app');
  const app = understood(host, z.object({ name: Name, permissions: Permissions }), value);
  const permissions: Readonly<Record<string, string>>[] = [];
  for await (const page of requests.pages(as, 'GET /app/installations', {}))
    for (const item of listIn(requests, page.value))
      permissions.push(understood(host, z.object({ permissions: Permissions }), item).permissions ?? {});
  const all = permissions.length > 0 ? permissions : [app.permissions ?? {}];
  return {
    actingAs: app.name,
    given: (name) => {
      const levels = all.map((one) => levelOf(one[name]));
      return (['none', 'read', 'write'] as const).find((level) => levels.includes(level)) ?? 'none';
    },
  };
}

function levelOf(word: string | undefined): 'none' | 'read' | 'write' {
  if (word === 'write' || word === 'admin') return 'write';
  return word === 'read' ? 'read' : 'none';
}

/** A fine-grained token does not say what it may do. */
async function ofToken(requests: GithubRequests): Promise<Acting> {
  const { value, headers } = await requests.send({ kind: 'app' }, 'GET /user');
  const { login } = understood(requests.places.name, z.object({ login: Name }), value);
  const told = headers['x-oauth-scopes'];
  const scopes = told?.split(/,\s*/).filter(Boolean);
  return {
    actingAs: login,
    given: (name, scope) => {
      // Whatever it may do, the host takes check runs from apps only; a status is published instead.
      if (name === 'checks')
        return scopes === undefined ? 'unknown' : scopes.includes('repo') ? 'read' : 'none';
      return scopes === undefined ? 'unknown' : byScopes(scopes, scope);
    },
  };
}

function byScopes(scopes: readonly string[], wanted: string): Given {
  if (wanted === 'read:org') {
    if (scopes.includes('admin:org') || scopes.includes('write:org')) return 'write';
    return scopes.includes('read:org') ? 'read' : 'none';
  }
  return scopes.includes('repo') || scopes.includes(wanted) ? 'write' : 'none';
}
