import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseDelivery } from '../src/intake/github/parse-delivery.ts';
import { verifySignature } from '../src/intake/github/verify-signature.ts';
import { type CodeHost, openCodeHost } from './code-host/code-host.ts';
import { type LivedIn, settleIn } from './code-host/lived-in.ts';
import { openSink, type Received, type Sink } from './code-host/testing/sink.ts';

// What a whole organisation sends while people and agents work in it.

let host: CodeHost;
let world: LivedIn;
let sink: Sink;

beforeAll(async () => {
  [host, sink] = await Promise.all([openCodeHost(), openSink()]);
  world = await settleIn(host, sink.url);
  await host.webhooks.settled();
});

afterAll(async () => {
  await Promise.all([host.close(), sink.close()]);
});

function read({ event, guid, headers, raw }: Received) {
  return parseDelivery({
    event,
    deliveryId: guid,
    contentType: headers['content-type'],
    body: Buffer.from(raw),
    receivedAt: new Date(),
  });
}

test('every delivery carries a signature that holds', async () => {
  const secret = world.app.hook.secret;

  const held = await Promise.all(
    sink.received.map(({ headers, raw }) =>
      verifySignature(Buffer.from(raw), headers['x-hub-signature-256'], [secret]),
    ),
  );

  expect(held.length).toBeGreaterThan(50);
  expect(held.every(({ ok }) => ok)).toBe(true);
});

test('every delivery is understood', () => {
  const notUnderstood = sink.received.filter((one) => read(one).result === 'not-understood');

  expect(notUnderstood.map(({ event, action }) => `${event}.${action}`)).toEqual([]);
});

test('each merge is told by exactly one observation, with who did it', () => {
  const merges = sink.received.flatMap((one) => {
    const reading = read(one);
    if (reading.result !== 'observed') return [];
    return reading.observations.flatMap((observation) =>
      observation.schema === 'reentry.pull-request/1' &&
      observation.action === 'closed' &&
      observation.mergeSha
        ? [
            {
              repo: observation.repository?.ref.name,
              number: observation.number,
              by: observation.mergedBy?.login,
            },
          ]
        : [],
    );
  });
  const expected = world.repositories.flatMap(({ name, pulls }) =>
    [...pulls.values()].filter(({ mergedAt }) => mergedAt !== null).map(({ number }) => `${name}#${number}`),
  );

  expect(merges.map(({ repo, number }) => `${repo}#${number}`).sort()).toEqual(expected.sort());
  expect(merges.every(({ by }) => by !== undefined)).toBe(true);
  expect(merges).toContainEqual({ repo: 'billing', number: world.bypassed.number, by: world.owner.login });
});
