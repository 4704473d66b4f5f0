import type { FastifyInstance } from 'fastify';
import { beforeAll, expect, test } from 'vitest';
import {
  type Action,
  grantableScopes,
  isAllowed,
  type Principal,
  permissions,
  type Resource,
  type Role,
  roles,
  type Scope,
} from '../core/access/permissions.ts';
import { createServer } from './create-server.ts';
import { guardRoutes } from './known-routes.ts';
import { publicRoutes } from './other-routes.ts';
import { type FakeParts, fakeParts } from './testing/fake-parts.ts';

interface Operation {
  readonly operationId: string;
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly permission: { readonly action: Action; readonly resource: Resource };
}

let parts: FakeParts;
let app: FastifyInstance;
let operations: readonly Operation[];
let callers: readonly { readonly name: string; readonly headers: object; readonly principal: Principal }[];

beforeAll(async () => {
  parts = fakeParts();
  app = await createServer(parts);
  operations = await describedOperations();
  const people = roles.map((role) => ({
    name: role,
    headers: { cookie: parts.door.signIn(role), origin: 'http://localhost:80' },
    principal: { role },
  }));
  const keys = roles.flatMap((role) => grantableScopes(role).map((scope) => keyOf(role, scope)));
  callers = [...people, ...keys];
});

/** Real inputs, so that whoever is let in gets an answer and no problem. */
const inputs: Readonly<Record<string, { readonly query?: string; readonly body?: object }>> = {
  revokeOwnSession: { query: 'id=none' },
  createOwnKey: { body: { name: 'ci', scopes: ['read:change'], expiresInDays: 30 } },
  revokeOwnKey: { query: 'id=none' },
  getChange: { query: 'repo=local/shop&id=pr/1' },
  getEvidence: { query: 'index=0' },
  downloadEvidence: { query: 'index=0' },
  listCheckpoints: { query: 'log=evidence' },
  receiveReport: { query: `repo=github.com/acme/api&sha=${'a'.repeat(40)}`, body: {} },
  addRepository: { body: { path: '/somewhere' } },
  updateRepository: { query: 'repo=local/shop', body: { following: false } },
  startImport: { query: 'repo=local/shop' },
  inviteMember: { body: { email: 'new@example.org', role: 'auditor' } },
  updateMember: { query: 'id=none', body: { role: 'auditor' } },
  removeMember: { query: 'id=none' },
  revokeSession: { query: 'id=none' },
  revokeKey: { query: 'id=none' },
};

test('nobody gets an answer from any operation that the description lists, whatever they send', async () => {
  for (const operation of operations) {
    for (const headers of [
      {},
      { authorization: 'Bearer nonsense' },
      { cookie: 'session=nonsense', origin: 'http://localhost:80' },
    ]) {
      const response = await call(operation, headers);

      expect({ operation: operation.operationId, ...outcome(response) }).toEqual({
        operation: operation.operationId,
        status: 401,
        code: 'UNAUTHENTICATED',
      });
    }
  }
});

test('each role, and a key with each single scope, gets from each operation what the table of permissions says', async () => {
  for (const operation of operations) {
    const { action, resource } = operation.permission;
    for (const { name, headers, principal } of callers) {
      const response = await call(operation, headers);

      const { status, code } = outcome(response);
      // Things that are not there are told only to those who may look.
      const letIn = status === 200 || status === 201 || code === 'NOT_FOUND';
      expect({ operation: operation.operationId, caller: name, isLetIn: letIn, code }).toEqual({
        operation: operation.operationId,
        caller: name,
        isLetIn: isAllowed(principal, action, resource),
        code: isAllowed(principal, action, resource) ? expect.not.stringContaining('FORBIDDEN') : 'FORBIDDEN',
      });
    }
  }
});

test('every permission of the table that a route needs is described, and no route needs one that nobody has', () => {
  for (const { permission } of operations) {
    expect(permissions[permission.resource][permission.action]?.length).toBeGreaterThan(0);
  }
  expect(operations.length).toBeGreaterThanOrEqual(34);
});

test('metrics need the right to read settings', async () => {
  const read = async (headers: object) =>
    (await app.inject({ url: '/metrics', headers: { ...headers } })).statusCode;

  expect(await read({})).toBe(401);
  expect(await read(keyOf('owner', 'read:change').headers)).toBe(403);
  expect(await read(keyOf('auditor', 'read:settings').headers)).toBe(200);
});

test('the server refuses to start with a route that no table names', () => {
  const hooks: ((route: { method: string; url: string }) => void)[] = [];
  guardRoutes({ addHook: (_: string, hook: (typeof hooks)[number]) => hooks.push(hook) } as never);

  expect(() => hooks[0]?.({ method: 'GET', url: '/api/v1/forgotten' })).toThrow('in no table of permissions');
  expect(() => hooks[0]?.({ method: 'GET', url: '/healthz' })).not.toThrow();
});

test.each(publicRoutes.filter(({ path }) => !path.endsWith('*')))(
  '$method $path answers somebody who is not signed in',
  async ({ method, path }) => {
    const response = await app.inject({ method, url: path });

    // 409: no secret is set.
    expect([200, 400, 409]).toContain(response.statusCode);
  },
);

test('addresses that are no route are told to be none, to everybody alike', async () => {
  for (const url of [
    '/api/v1/nothing',
    '/api/v2/changes',
    '/api/v1',
    '/log/events',
    '/API/v1/changes',
    '/api/v1/changes/',
  ]) {
    const response = await app.inject({ url });

    expect({ url, ...outcome(response) }).toEqual({ url, status: 404, code: 'NOT_FOUND' });
  }
});

function keyOf(role: Role, scope: Scope) {
  const headers = { authorization: `Bearer ${parts.door.giveKey(role, [scope])}` };
  return { name: `${role}'s key with ${scope}`, headers, principal: { role, scopes: [scope] } };
}

async function describedOperations(): Promise<readonly Operation[]> {
  const { paths } = (await app.inject({ url: '/api/openapi.json' })).json() as {
    readonly paths: Readonly<
      Record<
        string,
        Readonly<
          Record<string, { readonly operationId: string; readonly 'x-permission'?: Operation['permission'] }>
        >
      >
    >;
  };
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).flatMap(([method, { operationId, 'x-permission': permission }]) =>
      permission
        ? [{ operationId, path, permission, method: method.toUpperCase() as Operation['method'] }]
        : [],
    ),
  );
}

function call({ operationId, method, path }: Operation, headers: object) {
  const { query = '', body } = inputs[operationId] ?? {};
  return app.inject({
    method,
    url: query === '' ? path : `${path}?${query}`,
    headers: { host: 'localhost:80', ...headers },
    ...(body ? { payload: body } : {}),
  });
}

function outcome(response: Awaited<ReturnType<typeof call>>): {
  readonly status: number;
  readonly code: string;
} {
  const { statusCode: status } = response;
  return { status, code: status < 300 ? '' : (response.json() as { code: string }).code };
}
