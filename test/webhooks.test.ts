import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { verifyArchive } from '../src/app/verify-archive.ts';
import { openEvidence } from '../src/archive.ts';
import { type Fact, factTypes, parseFact } from '../src/core/evidence/fact.ts';
import { example, examples, signed } from '../src/intake/github/testing/deliveries.ts';
import { openDataFolder } from '../src/store/data-folder.ts';
import { readPostmasterFile } from '../src/store/embedded/postmaster-file.ts';
import { killServer } from '../src/store/testing/servers.ts';
import { makePlace, type Place } from './support/place.ts';
import { type RunningReentry, startReentry } from './support/run-reentry.ts';

// One data folder's life: each test goes on where the one before it stopped.

const secret = 'a-secret-that-nobody-prints';
let place: Place;
let dataFolder: string;
let running: RunningReentry;
let address: string;

beforeAll(async () => {
  place = await makePlace();
  dataFolder = join(place.path, 'data');
  await start();
});

afterAll(() => place[Symbol.asyncDispose]());

async function start(): Promise<void> {
  running = startReentry(['serve', '--data', dataFolder, '--port', '0'], {
    env: { GITHUB_WEBHOOK_SECRET: `${secret},the-secret-that-comes-next`, LOG_LEVEL: 'debug' },
  });
  address = (await running.matched(/http:\/\/localhost:\d+/)).replace('localhost', '127.0.0.1');
}

interface Answer {
  readonly status: number;
  readonly outcome?: string;
  readonly facts?: number;
  readonly code?: string;
}

async function send({ headers, body }: ReturnType<typeof signed>): Promise<Answer> {
  const given = Object.entries(headers).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const response = await fetch(`${address}/webhooks/github`, {
    method: 'POST',
    headers: given,
    body: new Uint8Array(body),
  });
  return { status: response.status, ...((await response.json()) as object) };
}

async function hostFacts(): Promise<readonly Fact[]> {
  const evidence = await openEvidence(await openDataFolder(dataFolder));
  try {
    const facts: Fact[] = [];
    const ledger = evidence.database?.ledger;
    if (!ledger) throw new Error('there is no database');
    for await (const page of ledger.readSealed('events', 0, await ledger.size('events')))
      for (const { payload } of page) facts.push(parseFact(payload ?? new Uint8Array()));
    const { findings } = await verifyArchive(evidence);
    expect(findings).toEqual([]);
    return facts.filter(({ event }) => event.type === factTypes.hostObserved);
  } finally {
    await evidence.close();
  }
}

const deliveries = examples.map(({ event, payload }, index) =>
  signed(event, payload, { secret, deliveryId: `delivery-${index}` }),
);
const acknowledged = new Map<string, number>();

test('what was acknowledged before the machine died is in the log, and what was not may be sent again', async () => {
  const answering = deliveries.map(async (delivery) => {
    const answer = await send(delivery).catch(() => undefined);
    if (answer?.outcome === 'stored')
      acknowledged.set(String(delivery.headers['x-github-delivery']), answer.facts ?? 0);
  });
  await expect.poll(() => acknowledged.size, { timeout: 60_000, interval: 1 }).toBeGreaterThan(40);
  const server = await readPostmasterFile(join(dataFolder, 'postgres', 'cluster'));

  running.child.kill('SIGKILL');
  if (server) await killServer(server.pid);
  await Promise.all(answering);
  await running.ended;

  const facts = await hostFacts();
  const stored = Map.groupBy(
    facts,
    (fact) => 'origin' in fact.event.data && fact.event.data.origin.deliveryId,
  );
  for (const [id, count] of acknowledged) expect([id, stored.get(id)?.length]).toEqual([id, count]);
});

test('all of it sent again adds only what was missing, and sent once more nothing', async () => {
  await start();
  const before = acknowledged.size;

  const second = await Promise.all(deliveries.map(send));
  const third = await Promise.all(deliveries.map(send));

  expect(new Set([...second, ...third].map(({ status }) => status))).toEqual(new Set([202]));
  const again = second.filter((_, index) => acknowledged.has(`delivery-${index}`));
  expect(again).toHaveLength(before);
  expect(new Set(again.map(({ outcome }) => outcome))).toEqual(new Set(['duplicate']));
  expect(third.filter(({ outcome }) => outcome === 'stored')).toEqual([]);
});

test('nobody else gets anything in, whatever they change', async () => {
  const good = signed('status', { ...example('status', undefined), id: 7 }, { secret });
  const changed = Buffer.from(good.body);
  changed.writeUInt8((changed.at(-2) ?? 0) ^ 1, changed.length - 2);

  const answers = [
    await send({ ...good, body: changed }),
    await send(signed('status', {}, { secret: 'another secret of somebody' })),
    await send({ ...good, headers: { ...good.headers, 'x-hub-signature-256': undefined } }),
  ];

  expect(answers.map(({ status, code }) => [status, code])).toEqual(
    Array(3).fill([401, 'SIGNATURE_REFUSED']),
  );
  expect(await send(good)).toMatchObject({ status: 202, outcome: 'stored' });
  expect(
    await send(signed('ping', example('ping', undefined), { secret: 'the-secret-that-comes-next' })),
  ).toMatchObject({ status: 202, outcome: 'ignored' });
});

test('a payload of 25 MB is answered within the time that GitHub gives', async () => {
  const pull = { id: 99, body: 'x"\\'.repeat(4_300_000) };
  const large = signed('pull_request', example('pull_request', 'opened', { pull_request: pull }), { secret });
  expect(large.body.length).toBeGreaterThan(20_000_000);
  const started = performance.now();

  expect(await send(large)).toMatchObject({ status: 202, outcome: 'stored' });

  expect(performance.now() - started).toBeLessThan(10_000);
});

test('the secrets stand in no log, and the archive verifies', async () => {
  running.child.kill('SIGTERM');
  const { status, stdout, stderr } = await running.ended;

  expect(status).toBe(0);
  expect(stdout + stderr).not.toMatch(/a-secret-that|the-secret-that/);
  expect(stderr).toContain('"message":"delivery"');
  const facts = await hostFacts();
  expect(facts.length).toBeGreaterThan(200);
  expect(JSON.stringify(facts).length / facts.length).toBeLessThan(3_000);
});
