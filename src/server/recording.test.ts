import type { FastifyInstance } from 'fastify';
import { expect, test } from 'vitest';
import type { PersonAction } from '../app/serving-ports.ts';
import { createServer } from './create-server.ts';
import { type FakeParts, fakeParts } from './testing/fake-parts.ts';

const from = { host: 'localhost', origin: 'http://localhost' };

async function serve(parts: FakeParts): Promise<FastifyInstance> {
  return createServer(parts);
}

test('what somebody does is recorded before it is done: who, what, to whom, under which request', async () => {
  const order: string[] = [];
  const recorded: PersonAction[] = [];
  const parts = fakeParts({
    actions: {
      record: async (action) => {
        await Promise.resolve();
        recorded.push(action);
        order.push('recorded');
      },
    },
  });
  const invite = parts.door.invite.bind(parts.door);
  parts.door.invite = async (...given) => {
    order.push('done');
    return invite(...given);
  };
  const app = await serve(parts);
  const cookie = parts.door.signIn('owner');

  const response = await app.inject({
    url: '/api/v1/members',
    method: 'POST',
    headers: { ...from, cookie },
    payload: { email: 'new@example.org', role: 'auditor' },
  });

  expect(order).toEqual(['recorded', 'done']);
  expect(recorded).toEqual([
    {
      actor: { id: 'user-1', email: 'user-1@example.org', role: 'owner', via: 'session' },
      action: 'create',
      resource: 'member',
      target: 'new@example.org',
      detail: { role: 'auditor' },
      requestId: response.headers['x-request-id'],
    },
  ]);
  expect(JSON.stringify(recorded)).not.toContain('one-time-link');
});

test('what cannot be recorded is not done', async () => {
  const parts = fakeParts({ actions: { record: () => Promise.reject(new Error('disk full')) } });
  const app = await serve(parts);
  const cookie = parts.door.signIn('owner');
  parts.door.signIn('auditor');

  const { statusCode } = await app.inject({
    url: '/api/v1/members?id=user-3',
    method: 'DELETE',
    headers: { ...from, cookie },
  });

  expect(statusCode).toBe(500);
  expect(parts.door.memberRows.has('user-3')).toBe(true);
});

test('what was recorded and then refused is recorded as refused', async () => {
  const parts = fakeParts();
  const app = await serve(parts);
  const cookie = parts.door.signIn('owner');

  const response = await app.inject({
    url: '/api/v1/members?id=user-1',
    method: 'DELETE',
    headers: { ...from, cookie },
  });

  expect(response.json()).toMatchObject({ code: 'LAST_OWNER' });
  expect(parts.recorded.map(({ detail }) => detail)).toEqual([{}, { failed: 'LAST_OWNER' }]);
});

test('taking data out is recorded, looking at it is not', async () => {
  const parts = fakeParts();
  const app = await serve(parts);
  const cookie = parts.door.signIn('auditor');

  await app.inject({ url: '/api/v1/changes?class=ai', headers: { ...from, cookie } });
  await app.inject({ url: '/api/v1/changes.csv?class=ai', headers: { ...from, cookie } });
  await app.inject({ url: '/api/v1/evidence/file?index=0&format=proof', headers: { ...from, cookie } });

  expect(parts.recorded).toMatchObject([
    { action: 'export', resource: 'change', detail: { query: expect.stringContaining('"class":["ai"]') } },
    { action: 'export', resource: 'evidence', target: 'evidence/0', detail: { format: 'proof' } },
  ]);
});

test('a link that lets somebody in opens the configured address, signs in, and works once', async () => {
  let joined = 0;
  const parts = fakeParts({
    onJoined: () => {
      joined += 1;
    },
  });
  const app = await serve(parts);
  const token = (await parts.door.firstOwnerToken()) ?? '';
  const join = () =>
    app.inject({
      url: '/api/welcome',
      method: 'POST',
      headers: from,
      payload: { token, name: 'Ada', email: 'ada@example.org', password: 'correct horse battery' },
    });

  const first = await join();
  const second = await join();

  expect(first.statusCode).toBe(200);
  const cookie = String(first.headers['set-cookie']).split(';')[0] ?? '';
  expect((await app.inject({ url: '/api/v1/me', headers: { ...from, cookie } })).json()).toMatchObject({
    role: 'owner',
  });
  expect(second.json()).toMatchObject({ code: 'INVITATION_UNKNOWN' });
  expect(joined).toBe(1);
});

test('an invitation’s link leads to the public address where there is one, its secret behind the #', async () => {
  const parts = fakeParts({ settled: { publicUrl: 'https://reentry.example' } });
  const app = await serve(parts);

  const response = await app.inject({
    url: '/api/v1/members',
    method: 'POST',
    headers: { ...from, cookie: parts.door.signIn('owner') },
    payload: { email: 'new@example.org', role: 'engineer' },
  });

  expect(response.json()).toMatchObject({
    link: expect.stringMatching(/^https:\/\/reentry\.example\/welcome#token=\S+$/),
  });
});

test('signing in goes through the door, its cookie comes back', async () => {
  const parts = fakeParts();
  const app = await serve(parts);
  parts.door.signIn('auditor');
  const signIn = (password: string) =>
    app.inject({
      url: '/api/auth/sign-in/email',
      method: 'POST',
      headers: from,
      payload: { email: 'user-1@example.org', password },
    });

  expect((await signIn('wrong')).json()).toMatchObject({ code: 'SIGN_IN_REFUSED' });
  expect(String((await signIn('right')).headers['set-cookie'])).toMatch(/^session=/);
});
