import type { FastifyInstance } from 'fastify';
import { expect, test } from 'vitest';
import { createServer } from './create-server.ts';
import { fakeParts } from './testing/fake-parts.ts';

function ask(app: FastifyInstance, url: string, headers: object = {}, remoteAddress = '192.0.2.1') {
  return app.inject({ url, remoteAddress, headers: { host: 'localhost', ...headers } });
}

test('who asks too often waits as long as the answer says; others do not', async () => {
  const parts = fakeParts({ settled: { requestsPerMinute: 3 } });
  const app = await createServer(parts);
  const [first, second] = [{ cookie: parts.door.signIn('owner') }, { cookie: parts.door.signIn('auditor') }];

  for (let n = 0; n < 3; n += 1) expect((await ask(app, '/api/v1/me', first)).statusCode).toBe(200);
  const refused = await ask(app, '/api/v1/me', first);

  expect(refused.json()).toMatchObject({ status: 429, code: 'RATE_LIMITED' });
  expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
  expect((await ask(app, '/api/v1/me', second)).statusCode).toBe(200);
});

test('an address that guesses keys is not even looked up any more', async () => {
  const parts = fakeParts({ settled: { requestsPerMinute: 3 } });
  let lookedUp = 0;
  parts.door.authenticate = async () => {
    lookedUp += 1;
    return undefined;
  };
  const app = await createServer(parts);

  const codes: number[] = [];
  for (let n = 0; n < 6; n += 1) {
    codes.push((await ask(app, '/api/v1/me', { authorization: `Bearer ${n}` })).statusCode);
  }

  expect(codes).toEqual([401, 401, 401, 429, 429, 429]);
  expect(lookedUp).toBeLessThanOrEqual(4);
  expect((await ask(app, '/api/v1/me', {}, '192.0.2.2')).statusCode).toBe(401);
});

test('one network of IPv6 counts as one address', async () => {
  const app = await createServer(fakeParts({ settled: { attemptsPerMinute: 2 } }));
  const attempt = (address: string) => ask(app, '/api/welcome?token=guess', {}, address);

  await attempt('2001:db8::1');
  await attempt('2001:db8::2');

  expect((await attempt('2001:db8::3')).statusCode).toBe(429);
  expect((await attempt('2001:db8:1::3')).statusCode).toBe(410);
});

test('links and passwords are tried slowly, in one count', async () => {
  const app = await createServer(fakeParts({ settled: { attemptsPerMinute: 2 } }));
  const signIn = () =>
    app.inject({
      url: '/api/auth/sign-in/email',
      method: 'POST',
      remoteAddress: '192.0.2.1',
      headers: { host: 'localhost' },
      payload: { email: 'a@example.org', password: 'wrong' },
    });

  expect((await signIn()).statusCode).toBe(401);
  expect((await ask(app, '/api/welcome?token=guess')).statusCode).toBe(410);
  expect((await signIn()).statusCode).toBe(429);
  expect((await ask(app, '/api/auth/get-session')).statusCode).toBe(404);
});

test('a forwarded address counts only where the proxy is trusted', async () => {
  const settled = { attemptsPerMinute: 1 };
  const trusting = await createServer(
    fakeParts({ settled: { ...settled, trustedProxies: ['192.0.2.0/24'] } }),
  );
  const wary = await createServer(fakeParts({ settled }));
  const attempt = (app: FastifyInstance, forwarded: string) =>
    ask(app, '/api/welcome?token=guess', { 'x-forwarded-for': forwarded });

  expect((await attempt(trusting, '203.0.113.1')).statusCode).toBe(410);
  expect((await attempt(trusting, '203.0.113.2')).statusCode).toBe(410);
  expect((await attempt(wary, '203.0.113.1')).statusCode).toBe(410);
  expect((await attempt(wary, '203.0.113.2')).statusCode).toBe(429);
});
