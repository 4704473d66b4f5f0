import type { FastifyInstance } from 'fastify';
import { beforeEach, expect, test } from 'vitest';
import { createServer } from './create-server.ts';
import { type FakeParts, fakeParts } from './testing/fake-parts.ts';

let parts: FakeParts;
let app: FastifyInstance;
let cookie: string;
let key: string;

beforeEach(async () => {
  parts = fakeParts();
  app = await createServer(parts);
  cookie = parts.door.signIn('owner');
  key = parts.door.giveKey('owner', ['create:verification']);
});

async function act(headers: Readonly<Record<string, string>>): Promise<string> {
  const { statusCode, body } = await app.inject({
    url: '/api/v1/verifications',
    method: 'POST',
    headers: { host: 'localhost:8620', ...headers },
  });
  return statusCode === 200 ? 'done' : (JSON.parse(body) as { code: string }).code;
}

test.each([
  ['another site', { origin: 'https://evil.example' }],
  ['another port of this machine', { origin: 'http://localhost:3000' }],
  ['a name that begins like ours', { origin: 'http://localhost:8620.evil.example' }],
  ['a sandboxed frame', { origin: 'null' }],
  ['nowhere', {}],
  [
    'another site, as the browser says, whatever the origin',
    { origin: 'http://localhost:8620', 'sec-fetch-site': 'cross-site' },
  ],
  ['a sibling domain', { 'sec-fetch-site': 'same-site' }],
])('what %s makes a signed-in browser send does nothing', async (_, headers) => {
  expect(await act({ cookie, ...headers })).toBe('CROSS_SITE');
  expect(parts.recorded).toEqual([]);
});

test.each([
  ['an origin that is ours', { origin: 'http://localhost:8620' }],
  ['ours behind a proxy that speaks TLS', { origin: 'https://localhost:8620' }],
  ['the browser’s word that it is the same origin', { 'sec-fetch-site': 'same-origin' }],
])('a signed-in browser acts from %s', async (_, headers) => {
  expect(await act({ cookie, ...headers })).toBe('done');
});

test('an API key needs no origin, since no browser adds it by itself', async () => {
  expect(await act({ authorization: `Bearer ${key}` })).toBe('done');
});

test('a cookie beside something that is no key is still looked at', async () => {
  expect(await act({ cookie, authorization: 'Basic YTpi' })).toBe('CROSS_SITE');
});

test('signing in is refused to other sites too, so that nobody is signed in as somebody else unawares', async () => {
  const request = {
    url: '/api/auth/sign-in/email',
    method: 'POST',
    payload: { email: 'a@b.c', password: 'x' },
  } as const;

  const { statusCode } = await app.inject({
    ...request,
    headers: { host: 'localhost', origin: 'https://evil.example' },
  });

  expect(statusCode).toBe(403);
});

test.each([
  'evil.example',
  'localhost.evil.example',
  '127.0.0.1.evil.example',
  '10.0.0.1',
  'evil.example:8620',
])('while only this machine is listened to, the rebound name %s gets nothing', async (host) => {
  expect((await app.inject({ url: '/healthz', headers: { host } })).json()).toMatchObject({
    code: 'CROSS_SITE',
  });
});

test.each(['localhost', 'LOCALHOST:8620', '127.0.0.1:8620', '127.1.2.3', '[::1]:8620'])(
  'this machine is called %s',
  async (host) => {
    expect((await app.inject({ url: '/healthz', headers: { host } })).statusCode).toBe(200);
  },
);

test('the public name of a proxy in front is known; any name is once the network is listened to', async () => {
  const settled = { publicUrl: 'https://reentry.example' };
  const behindProxy = await createServer(fakeParts({ settled }));
  const open = await createServer(fakeParts({ loopbackOnly: () => false }));
  const ask = (server: FastifyInstance, host: string) =>
    server.inject({ url: '/healthz', headers: { host } });

  expect((await ask(behindProxy, 'reentry.example')).statusCode).toBe(200);
  expect((await ask(behindProxy, 'evil.example')).statusCode).toBe(403);
  expect((await ask(open, '10.0.0.7:8620')).statusCode).toBe(200);
});

test('the door is told address, protocol and id of a request by us, whatever a caller sends under these names', async () => {
  const seen: Headers[] = [];
  parts.door.authenticate = async ({ headers }) => {
    seen.push(headers);
    return undefined;
  };

  await app.inject({
    url: '/api/v1/me',
    remoteAddress: '192.0.2.1',
    headers: {
      host: 'localhost',
      'x-forwarded-for': '203.0.113.9',
      'x-reentry-address': '203.0.113.9',
      'x-reentry-protocol': 'https',
      'x-reentry-request-id': 'mine',
    },
  });

  expect(seen[0]?.get('x-reentry-address')).toBe('192.0.2.1');
  expect(seen[0]?.get('x-reentry-protocol')).toBe('http');
  expect(seen[0]?.get('x-reentry-request-id')).toMatch(/^[0-9a-f-]{36}$/);
});

test('every answer forbids scripts and styles that are not files of ours, frames, sniffing and referrers', async () => {
  for (const url of ['/healthz', '/api/v1/me', '/nothing']) {
    const { headers } = await app.inject({ url, headers: { host: 'localhost' } });

    const policy = String(headers['content-security-policy']).split(';');
    expect(policy).toEqual(
      expect.arrayContaining([
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "frame-ancestors 'none'",
      ]),
    );
    expect(String(headers['content-security-policy'])).not.toMatch(/unsafe|nonce|\*|data:|https?:/);
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'x-frame-options': 'DENY',
      'permissions-policy': expect.stringContaining('camera=()'),
    });
    expect(headers).not.toHaveProperty('x-powered-by');
  }
});
