import { randomBytes } from 'node:crypto';
import { beforeEach, expect, test } from 'vitest';
import type { PersonAction } from '../app/serving-ports.ts';
import { RefusedSignIns } from './refused-sign-ins.ts';
import { network, SignInThrottle } from './sign-in-throttle.ts';

let recorded: PersonAction[];
let now: number;
let refused: RefusedSignIns;

beforeEach(() => {
  recorded = [];
  now = Date.parse('2026-03-01T12:00:00Z');
  const recorder = { record: async (action: PersonAction) => void recorded.push(action) };
  refused = new RefusedSignIns(recorder, {
    now: () => new Date(now),
    randomBytes: (size) => randomBytes(size),
  });
});

async function attempts(count: number, addressOf: (at: number) => string): Promise<void> {
  for (let at = 0; at < count; at += 1) {
    const address = addressOf(at);
    const email = `guess${at}@example.com`;
    await refused.add({
      network: network(address),
      address,
      email,
      requestId: `${address} ${at}`,
      because: 'wrong',
    });
  }
}

test('a refused sign-in is a fact of its own, of nobody who is known', async () => {
  await attempts(1, () => '198.51.100.7');

  expect(recorded).toEqual([
    {
      actor: { id: '', email: '', role: null, via: 'none' },
      action: 'sign-in-refused',
      resource: 'own-session',
      target: 'guess0@example.com',
      detail: { address: '198.51.100.7', because: 'wrong' },
      requestId: '198.51.100.7 0',
    },
  ]);
});

test('of one network five a minute are facts, the others one number once the minute is over', async () => {
  await attempts(1_000, () => '198.51.100.7');
  await attempts(1_000, (at) => `2001:db8::${at.toString(16)}`);
  expect(recorded).toHaveLength(10);

  now += 60_000;
  await attempts(1, () => '203.0.113.9');

  expect(recorded.slice(10).map(({ target, detail }) => ({ target, detail }))).toEqual([
    { target: null, detail: { suppressed: 1_990, networks: 2, most: '198.51.100.7' } },
    { target: 'guess0@example.com', detail: { address: '203.0.113.9', because: 'wrong' } },
  ]);
});

test('of all networks together sixty a minute are facts, however many an attacker has', async () => {
  await attempts(5_000, (at) => `10.${at >> 16}.${(at >> 8) & 255}.${at & 255}`);
  await refused.close();

  expect(recorded).toHaveLength(61);
  expect(recorded.at(-1)?.detail).toMatchObject({ suppressed: 4_940 });
});

test('a minute without refusals leaves no fact', async () => {
  await attempts(3, () => '198.51.100.7');
  now += 60_000;

  await refused.close();

  expect(recorded).toHaveLength(3);
});

test.each([
  ['192.0.2.1', '192.0.2.1'],
  ['::ffff:192.0.2.1', '192.0.2.1'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
  ['2001:db8::6', '2001:db8:0:0'],
  ['::1', '0:0:0:0'],
  ['not an address', 'not an address'],
])('%s is of the network %s', (address, expected) => {
  expect(network(address)).toBe(expected);
});

test('five attempts in a minute are taken, one that was none is given back, and a right one clears them', () => {
  const throttle = new SignInThrottle();
  for (let at = 0; at < 5; at += 1) expect(throttle.take('a', now)).toBeUndefined();

  expect(throttle.take('a', now + 15_000)).toBe(45);
  expect(throttle.take('b', now)).toBeUndefined();
  throttle.giveBack('a');
  expect(throttle.take('a', now + 15_000)).toBeUndefined();
  expect(throttle.take('a', now + 15_000)).toBe(45);
  throttle.forget('a');
  expect(throttle.take('a', now + 15_000)).toBeUndefined();
});

test('the throttle forgets the oldest once it remembers ten thousand', () => {
  const throttle = new SignInThrottle();
  for (let at = 0; at < 5; at += 1) throttle.take('first', now);

  for (let at = 0; at < 10_000; at += 1) throttle.take(`other ${at}`, now);

  expect(throttle.take('first', now)).toBeUndefined();
  expect(throttle.take('other 9999', now)).toBeUndefined();
});
