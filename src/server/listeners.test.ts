import { Agent, get, type IncomingMessage, request } from 'node:http';
import { type AddressInfo, connect, createServer as createTcpServer } from 'node:net';
import process from 'node:process';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterEach, expect, test } from 'vitest';
import type { ChangeListItem } from '../contract/changes.ts';
import { createServer } from './create-server.ts';
import { Listeners } from './listeners.ts';
import { type FakeParts, fakeChanges, fakeParts, item } from './testing/fake-parts.ts';

const open = new Set<Listeners>();

afterEach(async () => {
  for (const listeners of open) await listeners.drain();
  open.clear();
});

async function listen(
  parts: FakeParts = fakeParts(),
  options: { readonly host?: string; readonly port?: number } = {},
): Promise<Listeners> {
  const app = await createServer(parts);
  const listeners = new Listeners(app.routing, { host: 'localhost', port: 0, ...options });
  open.add(listeners);
  await listeners.openLoopback();
  return listeners;
}

function ask(
  port: number,
  path: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<IncomingMessage> {
  return new Promise((done, failed) => {
    get({ host: '127.0.0.1', port, path, headers: { host: 'localhost', ...headers } }, done).on(
      'error',
      failed,
    );
  });
}

/** Sends bytes as they are; gives what came until the other side closed. */
function send(port: number, bytes: string): Promise<string> {
  const socket = connect(port, '127.0.0.1', () => socket.write(bytes));
  return text(socket);
}

/** Work of a request that tells when it has begun, and ends when it is let. */
function heldBack() {
  const gate = Promise.withResolvers<void>();
  const began = Promise.withResolvers<void>();
  const obstacles = async () => {
    began.resolve();
    await gate.promise;
    return [];
  };
  return { obstacles, began, gate };
}

test('before anybody has an account only this machine is listened to, whatever is configured', async () => {
  const listeners = await listen(fakeParts(), { host: '0.0.0.0' });

  expect(listeners.isLoopbackOnly).toBe(true);
  for (const address of listeners.addresses) expect(address).toMatch(/^http:\/\/(127\.0\.0\.1|\[::1\]):\d+$/);
  expect((await ask(listeners.port, '/healthz')).statusCode).toBe(200);
});

test('the configured address is opened while a request runs, which is answered, and on the same port', async () => {
  const { obstacles, began, gate } = heldBack();
  const listeners = await listen(fakeParts({ obstacles }), { host: '0.0.0.0' });
  const { port } = listeners;
  const running = ask(port, '/readyz');
  await began.promise;

  await Promise.all([listeners.widen(), listeners.widen()]);
  gate.resolve();

  expect((await running).statusCode).toBe(200);
  expect(listeners).toMatchObject({ isLoopbackOnly: false, port, addresses: [`http://0.0.0.0:${port}`] });
  expect((await ask(port, '/healthz')).statusCode).toBe(200);
});

test('where the configured address cannot be opened this machine is still listened to, and it can be tried again', async () => {
  const listeners = await listen(fakeParts(), { host: '192.0.2.1' });

  await expect(listeners.widen()).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
  await expect(listeners.widen()).rejects.toMatchObject({ code: 'CONFIG_INVALID' });

  expect(listeners.isLoopbackOnly).toBe(true);
  expect((await ask(listeners.port, '/healthz')).statusCode).toBe(200);
});

test('where every address is configured and one of them is taken, this machine is listened to again', async ({
  skip,
}) => {
  if (process.platform !== 'linux') skip('only Linux has the whole of 127.0.0.0/8');
  const listeners = await listen(fakeParts(), { host: '0.0.0.0' });
  const other = createTcpServer();
  await new Promise<void>((done) => other.listen(listeners.port, '127.0.0.2', done));

  await expect(listeners.widen()).rejects.toMatchObject({ code: 'PORT_IN_USE' });

  expect(listeners.isLoopbackOnly).toBe(true);
  expect((await ask(listeners.port, '/healthz')).statusCode).toBe(200);
  other.close();
});

test('this machine as the configured address opens nothing more', async () => {
  const listeners = await listen();
  const before = [...listeners.addresses];

  await listeners.widen();

  expect(listeners.addresses).toEqual(before);
});

test('a port that another program has is told by its address', async () => {
  const other = createTcpServer();
  await new Promise<void>((done) => other.listen(0, '127.0.0.1', done));
  const { port } = other.address() as AddressInfo;

  await expect(listen(fakeParts(), { port })).rejects.toMatchObject({
    code: 'PORT_IN_USE',
    details: { address: `http://127.0.0.1:${port}` },
  });

  other.close();
});

test('a drain lets what runs finish, takes nothing new, and ends connections that only wait', async () => {
  const { obstacles, began, gate } = heldBack();
  const listeners = await listen(fakeParts({ obstacles }));
  const { port } = listeners;
  const idle = new Agent({ keepAlive: true });
  await new Promise((done) => {
    get({ host: '127.0.0.1', port, path: '/healthz', agent: idle }, (response) =>
      response.resume().on('end', done),
    );
  });
  const running = ask(port, '/readyz');
  await began.promise;

  const drained = listeners.drain();
  await expect(ask(port, '/healthz')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  gate.resolve();

  expect((await running).statusCode).toBe(200);
  await drained;
  idle.destroy();
});

test('a drain does not wait for a connection whose last answer had begun before it', async () => {
  const gate = Promise.withResolvers<void>();
  async function* exported(): AsyncGenerator<readonly ChangeListItem[]> {
    yield [item];
    await gate.promise;
    yield [item];
  }
  const parts = fakeParts({ changes: { ...fakeChanges([]), export: exported } });
  const cookie = parts.door.signIn('auditor');
  const listeners = await listen(parts);
  const response = await ask(listeners.port, '/api/v1/changes.csv', { cookie });

  const drained = listeners.drain();
  gate.resolve();
  const [body] = await Promise.all([text(response), drained]);

  expect(body.trimEnd().split('\r\n')).toHaveLength(3);
}, 5_000);

test.each([
  ['no HTTP', 'hello\r\n\r\n', 400, 'INPUT_INVALID'],
  [
    'headers without end',
    `GET /healthz HTTP/1.1\r\nhost: localhost\r\nx: ${'a'.repeat(20_000)}\r\n\r\n`,
    413,
    'INPUT_TOO_LARGE',
  ],
  [
    'an address without end',
    `GET /${'a'.repeat(20_000)} HTTP/1.1\r\nhost: localhost\r\n\r\n`,
    413,
    'INPUT_TOO_LARGE',
  ],
  [
    'two lengths',
    'POST / HTTP/1.1\r\nhost: localhost\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab',
    400,
    'INPUT_INVALID',
  ],
])('%s is answered as a problem and ends the connection', async (_, bytes, status, code) => {
  const { port } = await listen();

  const answer = await send(port, bytes);

  expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
  expect(answer).toContain('content-type: application/problem+json');
  expect(JSON.parse(answer.slice(answer.indexOf('\r\n\r\n')))).toMatchObject({ status, code });
});

test.each([
  '/log/../keys/events.key',
  '/log/events/../../keys/events.key',
  '/assets/../../../../etc/passwd',
  '/log/events/..\\..\\keys\\events.key',
])('an address with dots, as no browser sends it, leads nowhere: %s', async (path) => {
  const { port } = await listen();

  const answer = await send(port, `GET ${path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n`);

  expect(answer).toMatch(/^HTTP\/1\.1 40[04] /);
});

/** Pages without end, as long as somebody reads. */
function endlessExport() {
  const ended = Promise.withResolvers<void>();
  let pages = 0;
  async function* exported(): AsyncGenerator<readonly ChangeListItem[]> {
    const page = Array.from({ length: 200 }, () => item);
    try {
      for (;;) {
        pages += 1;
        yield page;
      }
    } finally {
      ended.resolve();
    }
  }
  return { exported, ended: ended.promise, pages: () => pages };
}

test('an export ends its query when the reader goes away, and runs no further than the reader reads', async () => {
  const { exported, ended, pages } = endlessExport();
  const parts = fakeParts({ changes: { ...fakeChanges([]), export: exported } });
  const cookie = parts.door.signIn('auditor');
  const { port } = await listen(parts);

  const response = await ask(port, '/api/v1/changes.csv', { cookie });
  await new Promise((done) => response.once('readable', done));
  const read = pages();
  response.destroy();
  await ended;

  expect(response.headers).toMatchObject({
    'content-disposition': 'attachment; filename="reentry-changes-1970-01-01.csv"',
    'transfer-encoding': 'chunked',
  });
  // What fits in the buffers of both sides, and no more.
  expect(read).toBeLessThan(1_000);
});

test('an export that fails half-way is seen to be cut off', async () => {
  async function* exported(): AsyncGenerator<readonly ChangeListItem[]> {
    yield [item];
    throw new Error('the database went away');
  }
  const parts = fakeParts({ changes: { ...fakeChanges([]), export: exported } });
  const cookie = parts.door.signIn('auditor');
  const { port } = await listen(parts);

  const reading = ask(port, '/api/v1/changes.csv', { cookie }).then((response) => text(response));

  await expect(reading).rejects.toMatchObject({ code: 'ECONNRESET' });
});

test('a body that never ends is refused at its limit, not kept', async () => {
  const parts = fakeParts();
  const headers = { cookie: parts.door.signIn('owner'), host: 'localhost', 'sec-fetch-site': 'same-origin' };
  const { port } = await listen(parts);
  const body = new PassThrough();

  const response = await new Promise<IncomingMessage>((done, failed) => {
    const sending = request({
      ...{ host: '127.0.0.1', port, path: '/api/v1/members', method: 'POST' },
      headers: { ...headers, 'content-type': 'application/json', 'transfer-encoding': 'chunked' },
    });
    sending.on('response', done).on('error', failed);
    body.pipe(sending);
    for (let n = 0; n < 20; n += 1) body.write(Buffer.alloc(65_536, ' '));
  });

  expect(response.statusCode).toBe(413);
  body.destroy();
  response.destroy();
});
