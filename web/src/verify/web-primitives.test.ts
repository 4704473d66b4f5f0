import { expect, test } from 'vitest';
import { madeLog } from '../../../src/core/evidence/testing/make-bundle.ts';
import { verifyBundle } from '../../../src/core/evidence/verify-bundle.ts';
import { webPrimitives } from './web-primitives.ts';

test('Web Crypto comes to the same verdicts as the server’s library', async () => {
  const primitives = webPrimitives();
  if (!primitives) throw new Error('no Web Crypto here');
  const bundle = madeLog(11).bundle(6);

  const good = await verifyBundle(bundle, primitives);
  const bad = await verifyBundle({ ...bundle, vkey: madeLog(1, { seed: 2 }).bundle(0).vkey }, primitives);
  const forged = await verifyBundle(
    { ...bundle, payload: madeLog(11, { seed: 2 }).bundle(6).payload },
    primitives,
  );

  expect(good).toMatchObject({ ok: true, result: 'satisfied' });
  expect(bad).toMatchObject({ ok: true, result: 'violated' });
  expect(forged.ok && forged.steps.filter(({ result }) => result === 'violated').map(({ id }) => id)).toEqual(
    ['commitment', 'statement'],
  );
});

test('a key or signature of a wrong length does not verify, and does not throw', async () => {
  const primitives = webPrimitives();

  expect(await primitives?.verifyEd25519(new Uint8Array(3), new Uint8Array(1), new Uint8Array(64))).toBe(
    false,
  );
  expect(await primitives?.verifyEd25519(new Uint8Array(32), new Uint8Array(1), new Uint8Array(3))).toBe(
    false,
  );
});
