import type { FastifyInstance, InjectOptions } from 'fastify';
import { beforeEach, expect, test } from 'vitest';
import { Problem } from '../contract/problem.ts';
import { AppError } from '../core/errors.ts';
import { createServer } from './create-server.ts';
import { type FakeParts, fakeChanges, fakeParts } from './testing/fake-parts.ts';

let parts: FakeParts;
let app: FastifyInstance;
let owner: { readonly cookie: string; readonly origin: string };

beforeEach(async () => {
  parts = fakeParts();
  await use(parts);
});

async function use(given: FakeParts): Promise<void> {
  parts = given;
  app = await createServer(parts);
  owner = { cookie: parts.door.signIn('owner'), origin: 'http://localhost' };
}

async function refusal(request: InjectOptions) {
  const response = await app.inject({ ...request, headers: { host: 'localhost', ...request.headers } });
  expect(response.headers['content-type']).toMatch(/^application\/problem\+json/);
  const problem = Problem.strict().parse(response.json());
  expect(problem).toMatchObject({ status: response.statusCode, requestId: response.headers['x-request-id'] });
  return { ...problem, headers: response.headers };
}

test.each([
  ['an unknown route', { url: '/api/v1/nothing' }, 404, 'NOT_FOUND'],
  [
    'a method that the route does not take',
    { url: '/api/v1/overview', method: 'POST' },
    405,
    'METHOD_NOT_ALLOWED',
  ],
  ['an address that cannot be decoded', { url: '/api/v1/%E0%A4%A' }, 400, 'INPUT_INVALID'],
  ['a host that is none', { url: '/healthz', headers: { host: '<>' } }, 400, 'INPUT_INVALID'],
  ['nobody who is signed in', { url: '/api/v1/me' }, 401, 'UNAUTHENTICATED'],
  ['a link that is unknown', { url: '/api/welcome?token=unknown' }, 410, 'INVITATION_UNKNOWN'],
] as const)('%s is answered as a problem', async (_, request, status, code) => {
  expect(await refusal(request)).toMatchObject({ status, code });
});

test('a wrong method is told which ones there are', async () => {
  const { headers } = await refusal({ url: '/api/v1/members', method: 'OPTIONS' });

  expect(headers.allow?.toString().split(', ').sort()).toEqual(['DELETE', 'GET', 'PATCH', 'POST']);
});

test.each([
  ['no JSON', '{"email"', 'application/json', 'INPUT_INVALID', 400],
  ['no body at all', '', 'application/json', 'INPUT_INVALID', 400],
  ['a form', 'email=a&role=owner', 'application/x-www-form-urlencoded', 'INPUT_INVALID', 400],
  [
    'plain text, which other sites may send',
    '{"email":"a@b.c","role":"owner"}',
    'text/plain',
    'INPUT_INVALID',
    400,
  ],
  [
    'more than a mebibyte',
    `{"email":"${'a'.repeat(1024 * 1024)}"}`,
    'application/json',
    'INPUT_TOO_LARGE',
    413,
  ],
  ['a prototype', '{"__proto__":{"role":"owner"},"email":"a@b.c"}', 'application/json', 'INPUT_INVALID', 400],
])('a body that is %s is refused and nothing happens', async (_, payload, type, code, status) => {
  const request = { url: '/api/v1/members', method: 'POST', payload } as const;

  const problem = await refusal({ ...request, headers: { ...owner, 'content-type': type } });

  expect(problem).toMatchObject({ code, status });
  expect(parts.recorded).toEqual([]);
});

test('every wrong input is named with its place and reason, unknown ones too, and no value is repeated', async () => {
  const url = '/api/v1/changes?limit=9999&class=robot&clas=ai&from=yesterday';

  const { mistakes, code } = await refusal({ url, headers: owner });

  expect(code).toBe('INPUT_INVALID');
  expect(mistakes?.map(({ at }) => at).sort()).toEqual(['query', 'query.class', 'query.from', 'query.limit']);
  expect(JSON.stringify(mistakes)).toContain('clas');
  expect(JSON.stringify(mistakes)).not.toMatch(/robot|9999|yesterday/);
});

test('scopes that the role could not use itself are named', async () => {
  const payload = { name: 'ci', scopes: ['read:change', 'delete:member'], expiresInDays: 1 };
  const headers = { ...owner, cookie: parts.door.signIn('auditor') };

  const problem = await refusal({ url: '/api/v1/me/keys', method: 'POST', payload, headers });

  expect(problem.mistakes).toEqual([
    { at: 'body.scopes.1', because: expect.stringContaining('delete:member') },
  ]);
  expect(parts.recorded).toEqual([]);
});

test('a failure that nobody expected says nothing of what lies beneath, and the log says all of it', async () => {
  const changes = fakeChanges([]);
  const list = () => Promise.reject(new TypeError('secret inner detail'));
  await use(fakeParts({ changes: { ...changes, list } }));

  const problem = await refusal({ url: '/api/v1/changes', headers: owner });

  expect(problem).toMatchObject({
    status: 500,
    code: 'INTERNAL',
    detail: expect.stringContaining(problem.requestId),
  });
  expect(JSON.stringify(problem)).not.toMatch(/secret inner|TypeError|at .*\.ts/);
  const logged = parts.logged
    .map((line) => JSON.parse(line))
    .filter(({ requestId }) => requestId === problem.requestId);
  expect(logged[0]).toMatchObject({
    level: 'error',
    err: { type: 'TypeError', message: 'secret inner detail' },
  });
});

test('somebody who is not signed in learns that the database is away, not where it is', async () => {
  await use(fakeParts());
  parts.door.authenticate = () =>
    Promise.reject(new AppError('DATABASE_UNREACHABLE', { detail: 'db.internal:5432 refused' }));

  const problem = await refusal({ url: '/api/v1/me' });

  expect(problem).toMatchObject({ status: 503, code: 'DATABASE_UNREACHABLE' });
  expect(problem.headers['retry-after']).toBe('5');
  expect(JSON.stringify(problem)).not.toContain('db.internal');
});

test('a request id is ours whatever the caller sends, and a proxy finds its own in the log', async () => {
  const response = await app.inject({
    url: '/healthz',
    headers: { host: 'localhost', 'x-request-id': 'edge-7' },
  });

  expect(response.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
  expect(JSON.parse(parts.logged.at(-1) ?? '')).toMatchObject({
    requestId: response.headers['x-request-id'],
    callerRequestId: 'edge-7',
  });
});

test('no secret that comes in is logged: no query, header, cookie or body', async () => {
  await app.inject({ url: '/api/welcome?token=one-time-secret', headers: { host: 'localhost' } });
  await app.inject({
    url: '/api/auth/sign-in/email',
    method: 'POST',
    headers: { ...owner, host: 'localhost', authorization: 'Bearer key-secret' },
    payload: { email: 'ada@example.org', password: 'typed-secret' },
  });

  expect(parts.logged).toHaveLength(2);
  expect(parts.logged.join('')).not.toMatch(/secret|session=/);
});

test('metrics have one series a route, however many addresses are made up', async () => {
  for (const url of ['/api/v1/a', '/api/v1/b', '/log/c/d'])
    await app.inject({ url, headers: { host: 'localhost' } });

  const { body } = await app.inject({ url: '/metrics', headers: { ...owner, host: 'localhost' } });

  const routes = new Set(
    [...body.matchAll(/request_duration_seconds_count\{.*route="([^"]*)"/g)].map(([, route]) => route),
  );
  expect([...routes].filter((route) => route?.startsWith('/api/v1/'))).toEqual([]);
  expect(body).toContain('reentry_log_entries{log="evidence"} 1');
  expect(body).toContain('reentry_log_published_entries{log="evidence"} 1');
  expect(body).toContain('reentry_jobs{kind="import",state="waiting"} 1');
});

test('readiness fails while the server stops, and while something is in the way; the process still lives', async () => {
  let draining = false;
  await use(
    fakeParts({ draining: () => draining, obstacles: async () => (draining ? [] : ['no database']) }),
  );
  const ask = (url: string) => app.inject({ url, headers: { host: 'localhost' } });

  const blocked = await ask('/readyz');
  draining = true;
  const stopping = await ask('/readyz');

  expect(blocked.statusCode).toBe(503);
  expect(blocked.json()).toEqual({ ok: false, obstacles: ['no database'] });
  expect(stopping.statusCode).toBe(503);
  expect(stopping.headers.connection).toBe('close');
  expect((await ask('/healthz')).statusCode).toBe(200);
});
