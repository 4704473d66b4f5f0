import type { FastifyInstance, InjectOptions } from 'fastify';
import { expect, test } from 'vitest';
import type { DeliveryReceiver, RawDelivery, Receipt } from '../app/delivery-ports.ts';
import { AppError } from '../core/errors.ts';
import { createServer } from './create-server.ts';
import type { ServerSettings } from './parts.ts';
import { type FakeParts, fakeParts } from './testing/fake-parts.ts';

const stored: Receipt = { outcome: 'stored', facts: 1, detail: null };

interface Served {
  readonly app: FastifyInstance;
  readonly parts: FakeParts;
  readonly received: RawDelivery[];
}

async function serve(
  receive: DeliveryReceiver['receive'] = async () => stored,
  settled: Partial<ServerSettings> = {},
): Promise<Served> {
  const received: RawDelivery[] = [];
  const github: DeliveryReceiver = {
    receive: (delivery) => {
      received.push(delivery);
      return receive(delivery);
    },
  };
  const parts = fakeParts({ webhooks: { github }, settled });
  return { app: await createServer(parts), parts, received };
}

function deliver(app: FastifyInstance, payload: string | Buffer, changed: InjectOptions = {}) {
  const headers = {
    host: 'localhost',
    'content-type': 'application/json',
    'x-github-event': 'push',
    'x-github-delivery': 'f6a2e3d0-1111',
    'x-hub-signature-256': `sha256=${'a'.repeat(64)}`,
    ...changed.headers,
  };
  return app.inject({ url: '/webhooks/github', method: 'POST', payload, ...changed, headers });
}

test('a delivery is handed on byte for byte with its headers, and answered with what became of it', async () => {
  const { app, received } = await serve();
  const body = Buffer.from('{ "a" : "\\u00e9" ,\r\n "a":1 }');

  const response = await deliver(app, body);

  expect(response.statusCode).toBe(202);
  expect(response.json()).toEqual(stored);
  expect(response.headers['cache-control']).toBe('no-store');
  expect(received).toHaveLength(1);
  expect(Buffer.compare(received[0]?.body ?? Buffer.alloc(0), body)).toBe(0);
  expect(received[0]).toMatchObject({
    headers: {
      'content-type': 'application/json',
      'x-github-event': 'push',
      'x-github-delivery': 'f6a2e3d0-1111',
      'x-hub-signature-256': `sha256=${'a'.repeat(64)}`,
    },
    receivedAt: new Date(0),
  });
});

test.each([
  ['a form', { 'content-type': 'application/x-www-form-urlencoded' }],
  ['text', { 'content-type': 'text/plain' }],
  ['of no type at all', { 'content-type': undefined }],
  ['broken JSON by its type', { 'content-type': 'application/json; charset=latin1' }],
])('a body that is %s is not read by anybody before its signature', async (_, headers) => {
  const { app, received } = await serve();

  const response = await deliver(app, '{"__proto__":', { headers: headers as Record<string, string> });

  expect(response.statusCode).toBe(202);
  expect(Buffer.from(received[0]?.body ?? []).toString()).toBe('{"__proto__":');
});

test('no session and no key is needed or looked at', async () => {
  const { app, parts } = await serve();
  parts.door.authenticate = () => Promise.reject(new Error('the door was asked'));

  const response = await deliver(app, '{}', { headers: { authorization: 'Bearer nonsense' } });

  expect(response.statusCode).toBe(202);
});

test('without a secret nothing is taken, and the answer says what to do', async () => {
  const app = await createServer(fakeParts());

  const response = await deliver(app, '{}');

  expect(response.json()).toMatchObject({
    status: 409,
    code: 'WEBHOOK_SECRET_MISSING',
    action: expect.stringContaining('GITHUB_WEBHOOK_SECRET'),
  });
});

test('what is not signed is refused with a reason, and with nothing of the signature that would be right', async () => {
  const { app } = await serve(async () => ({ outcome: 'refused', facts: 0, detail: 'wrong signature' }));

  const response = await deliver(app, '{}');

  expect(response.json()).toMatchObject({
    status: 401,
    code: 'SIGNATURE_REFUSED',
    detail: expect.stringContaining('wrong signature'),
  });
  expect(response.body).not.toMatch(/[0-9a-f]{64}/);
});

test.each([
  [new AppError('RATE_LIMITED', { seconds: 7 }), 429, '7'],
  [new AppError('SERVER_BUSY'), 503, '5'],
])('an overloaded ledger is told with how long to wait (%s)', async (error, status, retryAfter) => {
  const { app } = await serve(() => Promise.reject(error));

  const response = await deliver(app, '{}');

  expect(response.statusCode).toBe(status);
  expect(response.headers['retry-after']).toBe(retryAfter);
});

test('25 MiB are taken, one byte more is not, and the limit of other routes stays', async () => {
  const { app, received } = await serve();
  const limit = 25 * 1024 * 1024;

  expect((await deliver(app, Buffer.alloc(limit, ' '))).statusCode).toBe(202);
  const refused = await deliver(app, Buffer.alloc(limit + 1, ' '));
  const elsewhere = await app.inject({
    url: '/api/welcome',
    method: 'POST',
    headers: { host: 'localhost', 'content-type': 'application/json' },
    payload: Buffer.alloc(1024 * 1024 + 1, ' '),
  });

  expect(refused.json()).toMatchObject({
    code: 'INPUT_TOO_LARGE',
    detail: expect.stringContaining('25 MiB'),
  });
  expect(elsewhere.json()).toMatchObject({
    code: 'INPUT_TOO_LARGE',
    detail: expect.stringContaining('1 MiB'),
  });
  expect(received.map(({ body }) => body.length)).toEqual([limit]);
});

test('bodies that would not fit into memory together wait outside', async () => {
  const gate = Promise.withResolvers<void>();
  const { app, received } = await serve(async () => {
    await gate.promise;
    return stored;
  });
  const large = Buffer.alloc(20 * 1024 * 1024, ' ');
  const underWay = Array.from({ length: 6 }, () => deliver(app, large));
  await expect.poll(() => received.length).toBe(6);

  const seventh = await deliver(app, large);
  gate.resolve();

  expect(seventh.json()).toMatchObject({ status: 503, code: 'SERVER_BUSY' });
  expect((await Promise.all(underWay)).map(({ statusCode }) => statusCode)).toEqual(Array(6).fill(202));
  expect((await deliver(app, large)).statusCode).toBe(202);
});

test('deliveries have a share of their own: people behind the same proxy do not use it up, nor it theirs', async () => {
  const { app } = await serve(undefined, { requestsPerMinute: 2 });
  const look = () => app.inject({ url: '/api/openapi.json', headers: { host: 'localhost' } });

  const looked = [await look(), await look(), await look()].map(({ statusCode }) => statusCode);
  const delivered = [await deliver(app, '{}'), await deliver(app, '{}'), await deliver(app, '{}')];

  expect(looked).toEqual([200, 200, 429]);
  expect(delivered.map(({ statusCode }) => statusCode)).toEqual([202, 202, 429]);
  expect(Number(delivered[2]?.headers['retry-after'])).toBeGreaterThan(0);
});

test('the log tells each delivery and nothing of its signature or body', async () => {
  const { app, parts } = await serve(async () => ({
    outcome: 'not-understood',
    facts: 0,
    detail: 'review.state: must be a word',
  }));

  await deliver(app, '{"secret of the body":true}');

  const line = parts.logged.map((text) => JSON.parse(text)).find(({ message }) => message === 'delivery');
  expect(line).toMatchObject({
    level: 'warn',
    host: 'github',
    event: 'push',
    delivery: 'f6a2e3d0-1111',
    outcome: 'not-understood',
    detail: 'review.state: must be a word',
  });
  expect(parts.logged.join('')).not.toMatch(/a{64}|secret of the body/);
});

test('deliveries are counted by what became of them', async () => {
  const { app, parts } = await serve();
  const cookie = parts.door.signIn('owner');

  await deliver(app, '{}');
  await deliver(app, '{}');

  const { body } = await app.inject({ url: '/metrics', headers: { host: 'localhost', cookie } });
  expect(body).toContain('reentry_webhook_deliveries_total{host="github",outcome="stored"} 2');
});

test('the address takes POST alone, and is no page', async () => {
  const { app } = await serve();
  const look = (url: string) => app.inject({ url, headers: { host: 'localhost', accept: 'text/html' } });

  expect((await look('/webhooks/github')).json()).toMatchObject({ code: 'METHOD_NOT_ALLOWED' });
  expect((await look('/webhooks/gitea')).json()).toMatchObject({ code: 'NOT_FOUND' });
});
