import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type Fact, type HostObserved, parseFact } from '../core/evidence/fact.ts';
import { githubWebhooks } from '../intake/github/github-webhooks.ts';
import { example, receivedAt, signed, testSecret } from '../intake/github/testing/deliveries.ts';
import { openTestStore, type TestStore } from '../store/testing/test-store.ts';
import type { DeliveryRow, RawDelivery } from './delivery-ports.ts';
import type { LedgerWriter } from './ports.ts';
import { DeliveryIntake, type ReceiveDeliveries } from './receive-delivery.ts';

let store: TestStore;
let before: number;
let intake: DeliveryIntake;

beforeAll(async () => {
  store = await openTestStore();
});
beforeEach(async () => {
  before = await store.store.ledger.size('events');
  await store.sql('TRUNCATE reentry.delivery');
  intake = open();
});
afterAll(() => store.close());

const surroundings = { now: () => receivedAt, randomBytes: (size: number) => randomBytes(size) };

function open(changed: Partial<ReceiveDeliveries> = {}): DeliveryIntake {
  const { ledger, deliveries } = store.store;
  return new DeliveryIntake({
    ledger,
    deliveries,
    surroundings,
    webhooks: githubWebhooks(['a secret that comes next', testSecret]),
    ...changed,
  });
}

/** What was added since the test began, as another connection sees it. */
async function added(): Promise<readonly HostObserved[]> {
  const rows = await store.sql<{ payload: Buffer }>(
    `SELECT payload FROM reentry.log_payload WHERE log = 'events' AND seq >= $1 ORDER BY seq`,
    [before],
  );
  return rows.map(({ payload }) => parseFact(payload) as Fact as HostObserved);
}

async function rows(): Promise<readonly DeliveryRow[]> {
  return store.store.deliveries.newest('github', 1_000);
}

/** A payload that no other test sends. */
let made = 0;
function approval(changed = {}) {
  made += 1;
  return example('pull_request_review', 'submitted', {
    review: { id: 1_000_000 + made, state: 'approved', ...changed },
  });
}

test('what a delivery tells is in the database when it is answered', async () => {
  const delivery = signed('pull_request_review', approval(), { deliveryId: 'f6a2e3d0-1111' });

  const receipt = await intake.receive(delivery);

  expect(receipt).toEqual({ outcome: 'stored', facts: 1, detail: null });
  const facts = await added();
  expect(facts).toMatchObject([
    {
      event: {
        id: expect.stringMatching(/^webhook\/pull_request_review\.submitted#[0-9a-f]{64}\/0$/),
        source: 'github:github.com#186853002',
        type: 'dev.reentry.host.observed.v1',
        subject: 'pull-request/2',
        time: '2019-05-15T15:20:38Z',
        data: { schema: 'reentry.review/1', state: 'approved', origin: { deliveryId: 'f6a2e3d0-1111' } },
      },
      receivedAt: receivedAt.toISOString(),
    },
  ]);
  const digest = Buffer.from(facts[0]?.event.data.origin.digest ?? '', 'hex');
  expect(await rows()).toEqual([
    {
      host: 'github',
      deliveryId: 'f6a2e3d0-1111',
      event: 'pull_request_review',
      action: 'submitted',
      receivedAt: receivedAt.toISOString(),
      outcome: 'stored',
      facts: 1,
      bytes: delivery.body.length,
      digest,
      detail: null,
    },
  ]);
});

test('nothing is answered before the facts are stored, and no line says so before', async () => {
  const order: string[] = [];
  const { ledger, deliveries } = store.store;
  const held = open({
    ledger: {
      ...ledger,
      append: async (...given) => {
        const outcome = await ledger.append(...given);
        order.push('facts');
        return outcome;
      },
    },
    deliveries: {
      ...deliveries,
      add: async (row) => {
        await deliveries.add(row);
        order.push('line');
      },
    },
  });

  await held.receive(signed('pull_request_review', approval()));
  order.push('answer');

  expect(order).toEqual(['facts', 'line', 'answer']);
});

test('a delivery that comes again adds nothing', async () => {
  const delivery = signed('pull_request_review', approval());
  await intake.receive(delivery);

  const again = await intake.receive(delivery);

  expect(again).toMatchObject({ outcome: 'duplicate', facts: 0 });
  expect(await added()).toHaveLength(1);
});

test('the bytes of a delivery under another id add nothing, for the id is not signed', async () => {
  const payload = approval();
  await intake.receive(signed('pull_request_review', payload));

  const replayed = await intake.receive(signed('pull_request_review', payload));

  expect(replayed).toMatchObject({ outcome: 'duplicate', detail: expect.stringContaining('same bytes') });
  expect(await added()).toHaveLength(1);
});

test('somebody who joins a team, leaves it and joins it again did so twice, in the same bytes', async () => {
  const [joins, leaves] = (['added', 'removed'] as const).map((action) => example('membership', action));

  for (const payload of [joins, leaves, joins]) await intake.receive(signed('membership', payload));

  const actions = (await added()).map(({ event }) => 'action' in event.data && event.data.action);
  expect(actions).toEqual(['membership.added', 'membership.removed', 'membership.added']);
});

test('a delivery that comes twenty times at once is stored once', async () => {
  const delivery = signed('pull_request_review', approval());

  const receipts = await Promise.all(Array.from({ length: 20 }, () => intake.receive(delivery)));

  expect(await added()).toHaveLength(1);
  expect(receipts.filter(({ outcome }) => outcome === 'stored')).toHaveLength(1);
  expect(receipts.filter(({ outcome }) => outcome === 'duplicate')).toHaveLength(19);
});

test('what was stored before a crash, without its line, is not stored again', async () => {
  const { deliveries } = store.store;
  const delivery = signed('pull_request_review', approval());
  const crashing = open({ deliveries: { ...deliveries, add: () => Promise.reject(new Error('killed')) } });

  await expect(crashing.receive(delivery)).rejects.toThrow('killed');

  expect(await intake.receive(delivery)).toMatchObject({ outcome: 'duplicate' });
  expect(await added()).toHaveLength(1);
});

test.each([
  [
    'by somebody else',
    (one: RawDelivery) => signed('status', parsed(one), { secret: 'somebody else’s secret' }),
  ],
  [
    'not at all',
    (one: RawDelivery) => ({ ...one, headers: { ...one.headers, 'x-hub-signature-256': undefined } }),
  ],
  [
    'with another body',
    (one: RawDelivery) => ({ ...one, body: Buffer.concat([one.body, Buffer.from(' ')]) }),
  ],
])('what is signed %s is refused: no facts, a line that says so, and the id stays free', async (_, forge) => {
  const delivery = signed('pull_request_review', approval(), { deliveryId: 'the-id-of-it' });
  const forged = forge(delivery);
  const under = { ...forged, headers: { ...forged.headers, 'x-github-delivery': 'the-id-of-it' } };

  const refused = await intake.receive(under);

  expect(refused).toMatchObject({ outcome: 'refused', facts: 0 });
  expect(await added()).toEqual([]);
  expect(await rows()).toMatchObject(
    [{ outcome: 'refused', deliveryId: 'the-id-of-it', detail: /sig/ }].map(asStrings),
  );
  expect(await intake.receive(delivery)).toMatchObject({ outcome: 'stored' });
});

function parsed({ body }: RawDelivery): unknown {
  return JSON.parse(Buffer.from(body).toString());
}

function asStrings(row: { readonly detail: RegExp }) {
  return { ...row, detail: expect.stringMatching(row.detail) };
}

test('who has no secret does not fill the table', async () => {
  const forge = (minute: number) =>
    intake.receive(
      signed(
        'status',
        {},
        { secret: 'not the secret of it', at: new Date(receivedAt.getTime() + minute * 60_000) },
      ),
    );

  for (let n = 0; n < 100; n += 1) await forge(0);
  await forge(1);

  const listed = await rows();
  expect(listed).toHaveLength(31);
  expect(listed[0]?.detail).toContain('70 more before it are not listed');
});

test('what is not understood is kept and counted, and is read again when it comes again', async () => {
  const payload = approval({ state: 'liked' });
  const delivery = signed('pull_request_review', payload);

  const first = await intake.receive(delivery);
  const second = await intake.receive(delivery);

  expect([first, second]).toMatchObject([
    { outcome: 'not-understood', facts: 0, detail: expect.stringContaining('review.state') },
    { outcome: 'not-understood' },
  ]);
  expect(await rows()).toMatchObject([{ outcome: 'not-understood' }, { outcome: 'not-understood' }]);
  expect(await added()).toEqual([]);
});

test('what was left out of a delivery stands in its line', async () => {
  const payload = example('pull_request', 'opened', {
    pull_request: { id: 77, labels: [{ name: 'bug' }, null] },
  });

  const receipt = await intake.receive(signed('pull_request', payload));

  expect(receipt).toEqual({
    outcome: 'stored',
    facts: 1,
    detail: 'pull_request.labels: 1 items cannot be read',
  });
});

test('each repository that an app is given is a fact of that repository', async () => {
  const repositories = [1, 2, 3].map((id) => ({ id, name: `r${id}`, full_name: `acme/r${id}` }));
  const payload = example('installation_repositories', 'added', { repositories_added: repositories });

  expect(await intake.receive(signed('installation_repositories', payload))).toMatchObject({ facts: 3 });

  expect((await added()).map(({ event }) => event.source)).toEqual([
    'github:github.com#1',
    'github:github.com#2',
    'github:github.com#3',
  ]);
});

test('what comes out of order, or years late, keeps its own time and says that it was not captured live', async () => {
  const at = (time: string) => approval({ submitted_at: time });
  const minutesAgo = new Date(receivedAt.getTime() - 5 * 60_000).toISOString();

  for (const time of [minutesAgo, '2017-01-01T00:00:00Z', '2031-01-01T00:00:00Z'])
    await intake.receive(signed('pull_request_review', at(time)));

  expect((await added()).map(({ event, capture }) => [event.time, capture])).toEqual([
    [minutesAgo.replace('.000Z', 'Z'), 'live'],
    ['2017-01-01T00:00:00Z', 'backfilled'],
    ['2031-01-01T00:00:00Z', 'live'],
  ]);
});

test('while too many deliveries are under way the next one is told to wait, and is taken afterwards', async () => {
  const gate = Promise.withResolvers<void>();
  const busy = open({ ledger: gated(gate.promise), maxUnderWay: 2 });
  const deliveries = [0, 1, 2].map(() => signed('pull_request_review', approval()));
  const underWay = deliveries.slice(0, 2).map((delivery) => busy.receive(delivery));

  await expect(busy.receive(deliveries[2] as RawDelivery)).rejects.toMatchObject({
    code: 'RATE_LIMITED',
    details: { seconds: 5 },
  });
  gate.resolve();
  await Promise.all(underWay);

  expect(await busy.receive(deliveries[2] as RawDelivery)).toMatchObject({ outcome: 'stored' });
});

test('a database that takes too long is told as busy in time; what it stores all the same is not stored twice', async () => {
  const gate = Promise.withResolvers<void>();
  const slow = open({ ledger: gated(gate.promise), budgetMs: 50 });
  const delivery = signed('pull_request_review', approval());

  await expect(slow.receive(delivery)).rejects.toMatchObject({ code: 'SERVER_BUSY' });
  gate.resolve();

  await expect.poll(rows).toMatchObject([{ outcome: 'stored' }]);
  expect(await intake.receive(delivery)).toMatchObject({ outcome: 'duplicate' });
  expect(await added()).toHaveLength(1);
});

function gated(open: Promise<void>): LedgerWriter {
  const { ledger } = store.store;
  return {
    ...ledger,
    append: async (...given) => {
      await open;
      return ledger.append(...given);
    },
  };
}

test('facts that cannot be stored are an error, and no line says that they were', async () => {
  const { ledger } = store.store;
  const broken = open({ ledger: { ...ledger, append: () => Promise.reject(new Error('disk full')) } });

  await expect(broken.receive(signed('pull_request_review', approval()))).rejects.toThrow('disk full');

  expect(await rows()).toEqual([]);
});
