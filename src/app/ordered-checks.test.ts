import { expect, test } from 'vitest';
import { ed25519PoolVerifier, ed25519PrivateKey, ed25519Signer } from '../core/tlog/node-primitives.ts';
import { OrderedChecks } from './ordered-checks.ts';

/** A check whose outcome the test decides when it likes. */
function pending<Outcome>() {
  return Promise.withResolvers<Outcome>();
}

test('among thousands of signatures, checked on the thread pool, exactly the bad ones are told, in order', async () => {
  const signer = ed25519Signer(ed25519PrivateKey(new Uint8Array(32).fill(7)));
  const verify = ed25519PoolVerifier(signer.publicKey);
  const bad = [0, 1, 1_234, 2_998, 2_999];
  const checks = new OrderedChecks(64);
  const used: number[] = [];
  const told: number[] = [];

  for (let at = 0; at < 3_000; at += 1) {
    // Longer ones take longer: they overtake each other in the pool.
    const message = Buffer.alloc(at % 2 === 0 ? 20_000 : 20, `message ${at} `);
    const signature = Buffer.from(signer.sign(message));
    if (bad.includes(at)) signature.writeUInt8(signature.readUInt8(3) ^ 1, 3);
    await checks.add(verify(message, signature), (isGood) => {
      used.push(at);
      if (!isGood) told.push(at);
    });
  }
  await checks.end();

  expect(told).toEqual(bad);
  expect(used).toEqual([...Array(3_000).keys()]);
});

test('an outcome that comes early waits for its turn', async () => {
  const checks = new OrderedChecks(10);
  const [first, second] = [pending<string>(), pending<string>()];
  const used: string[] = [];
  void checks.add(first.promise, (outcome) => used.push(outcome));
  void checks.add(second.promise, (outcome) => used.push(outcome));

  second.resolve('second');
  await new Promise(setImmediate);
  const before = [...used];
  first.resolve('first');
  await checks.end();

  expect(before).toEqual([]);
  expect(used).toEqual(['first', 'second']);
});

test('beyond the limit there is room again as soon as the oldest outcomes were used', async () => {
  const checks = new OrderedChecks(2);
  const begun = [pending<number>(), pending<number>(), pending<number>(), pending<number>()];
  const used: number[] = [];

  const room = begun.map(({ promise }) => checks.add(promise, (outcome) => used.push(outcome)));
  begun[0]?.resolve(0);
  await room[2];
  const afterFirst = [...used];
  begun[1]?.resolve(1);
  await room[3];

  expect(room.slice(0, 2)).toEqual([undefined, undefined]);
  expect(afterFirst).toEqual([0]);
  expect(used).toEqual([0, 1]);
});

test('when the end is reached nothing waits any more', async () => {
  const checks = new OrderedChecks(1);
  for (let at = 0; at < 100; at += 1) void checks.add(Promise.resolve(at), () => undefined);

  await checks.end();

  expect(checks.add(Promise.resolve(), () => undefined)).toBeUndefined();
  await checks.end();
});

test('a check that fails, or a use that throws, is told whoever waits, and nothing after it is used', async () => {
  for (const failing of ['check', 'use']) {
    const checks = new OrderedChecks(1);
    const used: number[] = [];
    const use = (outcome: number) => {
      if (failing === 'use' && outcome === 1) throw new Error('broken');
      used.push(outcome);
    };

    void checks.add(Promise.resolve(0), use);
    void checks.add(failing === 'check' ? Promise.reject(new Error('broken')) : Promise.resolve(1), use);
    const room = checks.add(Promise.resolve(2), use);

    await expect(room).rejects.toThrow('broken');
    await expect(checks.end()).rejects.toThrow('broken');
    expect(used).toEqual([0]);
  }
});
