import fc from 'fast-check';
import { expect, test } from 'vitest';
import { concatBytes, decodeBase64, encodeBase64, equalBytes, parseDecimal } from './bytes.ts';

test('base64 is that of Node and comes back whole', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 10_000 }), (bytes) => {
      const text = encodeBase64(bytes);

      expect(text).toBe(Buffer.from(bytes).toString('base64'));
      expect(decodeBase64(text)).toEqual(bytes);
    }),
  );
});

test.each(['A', 'AA', 'AAA', 'AB==', 'AAB=', 'A===', 'AA==AA==', ' AAAA', 'AAAA\n', 'AA-_', '====', 'é'])(
  'base64 that is not canonical is refused: %j',
  (text) => {
    expect(decodeBase64(text)).toBeUndefined();
  },
);

test('any text is base64 of one value only', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 24 }), (text) => {
      const bytes = decodeBase64(text);

      expect(bytes === undefined || encodeBase64(bytes) === text).toBe(true);
    }),
  );
});

test.each(['', '01', '-1', '+1', '1 ', ' 1', '1e3', '0x1', '1.0', '18446744073709551616', '٣'])(
  'no decimal: %j',
  (text) => {
    expect(parseDecimal(text)).toBeUndefined();
  },
);

test('decimals reach to 2^64 − 1', () => {
  expect(['0', '7', '18446744073709551615'].map(parseDecimal)).toEqual([0n, 7n, 2n ** 64n - 1n]);
});

test('bytes are equal when all of them are', () => {
  const bytes = concatBytes([Uint8Array.of(1, 2), Uint8Array.of(), Uint8Array.of(3)]);

  expect(bytes).toEqual(Uint8Array.of(1, 2, 3));
  expect(equalBytes(bytes, Uint8Array.of(1, 2, 3))).toBe(true);
  expect(equalBytes(bytes, Uint8Array.of(1, 2, 4))).toBe(false);
  expect(equalBytes(bytes, Uint8Array.of(1, 2))).toBe(false);
});
