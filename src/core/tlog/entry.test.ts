import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fromHex, hex } from '../../../test/read-vectors.ts';
import { commitmentTo, decodeEntry, encodeEntry, entryBytes } from './entry.ts';
import { hmacSha256 } from './node-primitives.ts';

const id = fromHex('000102030405060708090a0b0c0d0e0f');
const commitment = new Uint8Array(32).fill(0xcc);

test('an entry is version, kind, time, id and commitment, integers big-endian', () => {
  const bytes = encodeEntry({ kind: 2, timeMs: 0x0123_4567_89ab, id, commitment });

  expect(hex(bytes)).toBe(`0102${'00000123456789ab'}${hex(id)}${hex(commitment)}`);
  expect(bytes).toHaveLength(entryBytes);
});

test('every entry comes back as it was', () => {
  const entries = fc.record({
    kind: fc.integer({ min: 0, max: 255 }),
    timeMs: fc.maxSafeNat(),
    id: fc.uint8Array({ minLength: 16, maxLength: 16 }),
    commitment: fc.uint8Array({ minLength: 32, maxLength: 32 }),
  });

  fc.assert(
    fc.property(entries, (entry) => {
      expect(decodeEntry(encodeEntry(entry))).toEqual({ ok: true, entry });
    }),
  );
});

test('bytes that are no entry are refused with the reason', () => {
  const good = encodeEntry({ kind: 1, timeMs: 1, id, commitment });

  expect(decodeEntry(good.slice(1))).toEqual({ ok: false, reason: 'length' });
  expect(decodeEntry(good.with(0, 2))).toEqual({ ok: false, reason: 'version' });
  expect(decodeEntry(good.with(2, 0xff))).toEqual({ ok: false, reason: 'time' });
});

test.each([
  { kind: 256 },
  { kind: -1 },
  { timeMs: -1 },
  { timeMs: 1.5 },
  { timeMs: 2 ** 53 },
  { id: commitment },
  { commitment: id },
])('a field that does not fit is refused: %j', (wrong) => {
  expect(() => encodeEntry({ kind: 1, timeMs: 1, id, commitment, ...wrong })).toThrow(RangeError);
});

test('the commitment is HMAC-SHA-256 under the salt, as OpenSSL makes it', () => {
  const salt = new Uint8Array(32).fill(0x0b);

  const made = commitmentTo(hmacSha256, salt, new TextEncoder().encode('Hi There'));

  // openssl dgst -sha256 -mac HMAC -macopt hexkey:0b…0b (32 bytes)
  expect(hex(made)).toBe('198a607eb44bfbc69903a0f1cf2bbdc5ba0aa3f3d9ae3c1c7a3b1696a0b68cf7');
  expect(() => commitmentTo(hmacSha256, salt.slice(1), salt)).toThrow(RangeError);
});
