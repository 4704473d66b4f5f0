import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createServer } from './create-server.ts';
import { fakeParts } from './testing/fake-parts.ts';

let folder: string;
let app: FastifyInstance;

const files = {
  'logs/events/checkpoint': 'events\n1\n',
  'logs/events/vkey': 'events+00000000+AA==\n',
  'logs/events/tile/0/000.p/1': 'hash',
  'logs/events/tile/entries/000': 'entries',
  'logs/events/tile/0/x001/234': 'deep',
  'logs/events/.tmp-1': 'half written',
  'logs/events/notes.txt': 'not of the log',
  'logs/private/checkpoint': 'another folder',
  'keys/events.key': 'PRIVATE+KEY',
  'web/index.html': '<!doctype html><script type="module" src="/assets/main-abc.js"></script>',
  'web/scheme.js': 'scheme()',
  'web/assets/main-abc.js': 'main()',
  'web/assets/main-abc.js.br': 'compressed',
  'web/.reentry-pages': 'digest',
  'web/.hidden.js': 'digest',
  'web/assets/.hidden.js': 'digest',
  'keys/other.js': 'PRIVATE',
} as const;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reentry-files-'));
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), content);
  }
  const settled = { logFolder: join(folder, 'logs'), webFolder: join(folder, 'web') };
  app = await createServer(fakeParts({ settled }));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

function get(url: string, headers: object = {}) {
  return app.inject({ url, headers: { host: 'localhost', ...headers } });
}

test.each([
  ['checkpoint', 'no-cache', 'text/plain; charset=utf-8'],
  ['vkey', 'no-cache', 'text/plain; charset=utf-8'],
  ['tile/0/000.p/1', 'public, max-age=31536000, immutable', 'application/octet-stream'],
  ['tile/entries/000', 'public, max-age=31536000, immutable', 'application/octet-stream'],
  ['tile/0/x001/234', 'public, max-age=31536000, immutable', 'application/octet-stream'],
] as const)('anybody reads the log’s %s, byte for byte', async (name, cache, type) => {
  const { statusCode, body, headers } = await get(`/log/events/${name}`);

  expect({ statusCode, body }).toEqual({ statusCode: 200, body: files[`logs/events/${name}`] });
  expect(headers).toMatchObject({
    'cache-control': cache,
    'content-type': type,
    'access-control-allow-origin': '*',
  });
});

test.each([
  '/log/events/notes.txt',
  '/log/events/.tmp-1',
  '/log/private/checkpoint',
  '/log/events/tile/0/',
  '/log/events/tile/0/001',
  '/log/events/tile/0/000.p/1/',
  '/log/events/../../keys/events.key',
  '/log/../keys/events.key',
  '/log/events/%2e%2e/%2e%2e/keys/events.key',
  '/log/events/..%2f..%2fkeys%2fevents.key',
  '/log/events/tile/..%5c..%5ccheckpoint',
  '/log//events/checkpoint',
  '/log/events//checkpoint',
  '/log/events/checkpoint%00',
  '/log/events/tile/0/%30%30%30.p/1%2f..%2f1',
])('nothing else below the logs is served: %s', async (url) => {
  const { statusCode, body } = await get(url, { accept: 'text/html' });

  // What a client resolves itself leads out of the logs, to an address that may be a page.
  if (body !== files['web/index.html']) expect([400, 404]).toContain(statusCode);
  expect(body).not.toMatch(/PRIVATE|another folder|half written/);
});

test('files whose name holds a hash are kept for ever, the others are asked for again', async () => {
  expect((await get('/assets/main-abc.js')).headers['cache-control']).toContain('immutable');
  expect((await get('/scheme.js')).headers['cache-control']).toBe('no-cache');
});

test('a browser that can read it gets the compressed twin', async () => {
  const { body, headers } = await get('/assets/main-abc.js', { 'accept-encoding': 'br' });

  expect({ body, encoding: headers['content-encoding'] }).toEqual({ body: 'compressed', encoding: 'br' });
  expect(headers['content-type']).toContain('javascript');
  expect((await get('/assets/main-abc.js')).body).toBe('main()');
});

test.each([
  '/',
  '/changes',
  '/change?repo=a/b&id=pr/1',
  '/log',
  '/log/events',
  '/welcome',
  '/settings/members',
])('a browser gets the shell of the pages at %s, which holds no data', async (url) => {
  const { statusCode, body, headers } = await get(url, { accept: 'text/html,*/*' });

  expect({ statusCode, body }).toEqual({ statusCode: 200, body: files['web/index.html'] });
  expect(headers['cache-control']).toBe('no-cache');
  expect(headers['content-security-policy']).toContain("script-src 'self'");
});

test.each([
  '/api/v1/nothing',
  '/api/nothing',
  '/assets/gone.js',
  '/v1/logs',
  '/metrics/x',
  '/log/events/nothing',
])('what is no page stays not found, even for a browser: %s', async (url) => {
  expect((await get(url, { accept: 'text/html' })).statusCode).toBe(404);
});

test('pages that are built anew beneath a running server are served from then on', async () => {
  const webFolder = join(folder, 'rebuilt');
  await buildIn(webFolder, 'one');
  const running = await createServer(fakeParts({ settled: { webFolder } }));
  const ask = async (url: string) => {
    const answer = await running.inject({ url, headers: { host: 'localhost', accept: 'text/html' } });
    return answer.statusCode === 200 ? answer.body : answer.statusCode;
  };
  expect([await ask('/'), await ask('/assets/main-one.js')]).toEqual(['shell of one', 'code of one']);

  await rm(webFolder, { recursive: true });
  await buildIn(webFolder, 'two');

  expect([await ask('/'), await ask('/assets/main-two.js')]).toEqual(['shell of two', 'code of two']);
  expect(await ask('/assets/main-one.js')).toBe(404);
});

async function buildIn(webFolder: string, version: string): Promise<void> {
  await mkdir(join(webFolder, 'assets'), { recursive: true });
  await writeFile(join(webFolder, 'index.html'), `shell of ${version}`);
  await writeFile(join(webFolder, `assets/main-${version}.js`), `code of ${version}`);
}

test.each([
  '/.reentry-pages',
  '/.hidden.js',
  '/assets/.hidden.js',
  '/assets/..%2f..%2fkeys%2fevents.key',
  '/keys/other.js',
  '/..%2fkeys%2fother.js',
  '/assets/',
  '/assets',
  '/assets/main-abc.js.br',
  '/../keys/events.key',
  '/%2e%2e/keys/events.key',
])('of the pages’ folder nothing else is served: %s', async (url) => {
  const { statusCode, body } = await get(url);

  expect([400, 404]).toContain(statusCode);
  expect(body).not.toMatch(/digest|PRIVATE/);
});

test('without built pages a browser is told so', async () => {
  const bare = await createServer(fakeParts());

  const { statusCode, body } = await bare.inject({
    url: '/',
    headers: { host: 'localhost', accept: 'text/html' },
  });

  expect(statusCode).toBe(404);
  expect(body).toContain('not built');
});
