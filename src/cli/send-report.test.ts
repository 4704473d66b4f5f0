import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { sendReport } from './send-report.ts';

let server: Server | undefined;
afterEach(() => server?.close());

/** Answers each request with the next of the given ones. */
async function listen(...answers: readonly (readonly [status: number, body: object])[]) {
  const keys: (string | undefined)[] = [];
  const listening = createServer((request, response) => {
    const [status, body] = answers[Math.min(keys.length, answers.length - 1)] ?? [500, {}];
    keys.push(request.headers.authorization);
    response.writeHead(status, { 'retry-after': '0', location: '/elsewhere' }).end(JSON.stringify(body));
  });
  server = listening;
  await new Promise<void>((listens) => listening.listen(0, '127.0.0.1', listens));
  return { address: `http://127.0.0.1:${(listening.address() as AddressInfo).port}`, keys };
}

function send(address: string) {
  const { signal } = new AbortController();
  return sendReport({
    server: address,
    key: 'rk_1',
    query: { repo: 'a/b/c' },
    file: new Uint8Array(1),
    signal,
  });
}

const problem = { code: 'SERVER_BUSY', detail: 'busy', action: 'wait' };

test('a server that is busy is asked again, as long as it says', async () => {
  const { address, keys } = await listen([503, problem], [429, problem], [201, { index: 3 }]);

  expect(await send(address)).toEqual({ ok: true, receipt: { index: 3 } });
  expect(keys).toEqual(['Bearer rk_1', 'Bearer rk_1', 'Bearer rk_1']);
});

test('a server that stays busy is told after five attempts', async () => {
  const { address, keys } = await listen([503, problem]);

  expect(await send(address)).toEqual({ ok: false, problem });
  expect(keys).toHaveLength(5);
});

test('a refusal is not asked again', async () => {
  const { address, keys } = await listen([403, { ...problem, code: 'FORBIDDEN' }]);

  expect(await send(address)).toMatchObject({ ok: false, problem: { code: 'FORBIDDEN' } });
  expect(keys).toHaveLength(1);
});

test('an answer of something else is told as such', async () => {
  const { address } = await listen([200, { hello: 'proxy' }]);

  await expect(send(address)).rejects.toMatchObject({
    code: 'SERVER_UNREACHABLE',
    message: expect.stringContaining('not from Reentry'),
  });
});
