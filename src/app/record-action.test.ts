import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type Fact, parseFact } from '../core/evidence/fact.ts';
import { openTestStore, type TestStore } from '../store/testing/test-store.ts';
import { recordAction } from './record-action.ts';
import type { PersonAction } from './serving-ports.ts';

let store: TestStore;
let before: number;

beforeAll(async () => {
  store = await openTestStore();
});
beforeEach(async () => {
  before = await store.store.ledger.size('events');
});
afterAll(() => store.close());

const surroundings = {
  now: () => new Date('2026-03-01T12:00:00.000Z'),
  randomBytes: (size: number) => randomBytes(size),
};
const action: PersonAction = {
  actor: { id: 'u1', email: 'owner@example.com', role: 'owner', via: 'session' },
  action: 'create',
  resource: 'repository',
  target: '/srv/git/shop.git',
  detail: { name: 'shop' },
  requestId: 'a',
};

function record(changed: Partial<PersonAction>): Promise<void> {
  return recordAction({ ledger: store.store.ledger, surroundings }, { ...action, ...changed });
}

async function added(): Promise<readonly Fact[]> {
  const { ledger } = store.store;
  const facts: Fact[] = [];
  for await (const page of ledger.readSealed('events', before, await ledger.size('events')))
    for (const { payload } of page) facts.push(parseFact(payload ?? new Uint8Array()));
  return facts;
}

test('an action is a CloudEvent of the events log, live, at the time it was taken', async () => {
  await record({ requestId: 'first' });

  expect(await added()).toEqual([
    {
      event: {
        specversion: '1.0',
        id: expect.stringMatching(/^first#[0-9a-f]{32}$/),
        source: 'reentry:people',
        type: 'dev.reentry.person.acted.v1',
        subject: '/srv/git/shop.git',
        time: '2026-03-01T12:00:00.000Z',
        datacontenttype: 'application/json',
        data: { schema: 'reentry.person-action/1', ...action, requestId: 'first' },
      },
      receivedAt: '2026-03-01T12:00:00.000Z',
      capture: 'live',
    },
  ]);
});

test('the same action of the same request is sealed once, how it failed is a fact of its own', async () => {
  await record({ requestId: 'twice' });
  await record({ requestId: 'twice' });
  await record({ requestId: 'twice', detail: { ...action.detail, failed: 'NOT_FOUND' } });
  await record({ requestId: 'another' });

  expect(await added()).toHaveLength(3);
});

test('actions at the same time are all durable when they resolve', async () => {
  await Promise.all(Array.from({ length: 200 }, (_, at) => record({ requestId: `many ${at}` })));

  expect(await added()).toHaveLength(200);
});

test('whatever a path or a name holds is sealed as it is, up to a length', async () => {
  const hostile = '"\u0000\u202e\ud800<script>\\';
  await record({
    requestId: 'hostile',
    target: hostile,
    detail: { name: 'x'.repeat(100_000), [hostile]: null },
  });

  const [fact] = await added();

  expect(fact?.event.data).toMatchObject({ target: hostile, detail: { [hostile]: null } });
  expect(JSON.stringify(fact).length).toBeLessThan(6_000);
});
