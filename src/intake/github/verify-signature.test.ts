import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { verifySignature } from './verify-signature.ts';

const secret = "It's a Secret to Everybody";
const hello = Buffer.from('Hello, World!');

function sign(body: Uint8Array, key = secret): string {
  return `sha256=${createHmac('sha256', key).update(body).digest('hex')}`;
}

test('GitHub’s published example verifies', async () => {
  // docs.github.com, "Validating webhook deliveries", testing the webhook payload validation.
  const published = 'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17';

  expect(await verifySignature(hello, published, [secret])).toEqual({ ok: true });
});

test('while a secret is replaced, what either signed is taken, and what another signed is not', async () => {
  const secrets = ['the new secret of it', secret];

  expect(await verifySignature(hello, sign(hello, secrets[0]), secrets)).toEqual({ ok: true });
  expect(await verifySignature(hello, sign(hello), secrets)).toEqual({ ok: true });
  expect(await verifySignature(hello, sign(hello, 'a third secret of it'), secrets)).toEqual({
    ok: false,
    because: 'wrong signature',
  });
});

test('a body that is changed by one bit, a byte more or a byte less is refused', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.string({ minLength: 1 }).map((text) => `${text} — 👍`),
      fc.nat(),
      fc.nat(7),
      async (text, place, bit) => {
        const body = Buffer.from(text);
        const signature = sign(body);
        const changed = Buffer.from(body);
        const at = place % changed.length;
        changed[at] = (changed[at] ?? 0) ^ (1 << bit);

        const others = [changed, Buffer.concat([body, Buffer.from(' ')]), body.subarray(0, -1)];

        expect(await verifySignature(body, signature, [secret])).toEqual({ ok: true });
        for (const other of others)
          expect((await verifySignature(other, signature, [secret])).ok).toBe(false);
      },
    ),
  );
});

test.each([
  ['none', undefined, 'no signature'],
  ['empty', '', 'no signature'],
  ['of SHA-1', 'sha1=7d38cdd689735b008b3c702edd92eea23791c5f6', 'malformed signature'],
  ['cut short', sign(hello).slice(0, -2), 'malformed signature'],
  ['in capitals', sign(hello).toUpperCase(), 'malformed signature'],
  ['without its algorithm', sign(hello).slice('sha256='.length), 'malformed signature'],
  ['all zeros', `sha256=${'0'.repeat(64)}`, 'wrong signature'],
])('a signature that is %s is refused', async (_, signature, because) => {
  expect(await verifySignature(hello, signature, [secret])).toEqual({ ok: false, because });
});

test('bytes that are no text are refused even where they are signed: nothing else would read them as they were signed', async () => {
  const body = Buffer.from([0x7b, 0xff, 0xfe, 0x7d]);

  expect(await verifySignature(body, sign(body), [secret])).toEqual({ ok: false, because: 'not UTF-8' });
});

test('a byte order mark is a part of what was signed', async () => {
  const body = Buffer.from('\uFEFF{}');

  expect(await verifySignature(body, sign(body), [secret])).toEqual({ ok: true });
  expect((await verifySignature(body.subarray(3), sign(body), [secret])).ok).toBe(false);
});

test('nothing is no delivery, and without a secret nothing is signed', async () => {
  const empty = Buffer.alloc(0);

  expect((await verifySignature(empty, sign(empty), [secret])).ok).toBe(false);
  expect((await verifySignature(hello, sign(hello), [])).ok).toBe(false);
});
