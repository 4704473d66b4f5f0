import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hexOf, hexRows, shortHex } from './hex-dump.ts';

test('rows hold every byte once, with nothing but printable ASCII', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
      const rows = hexRows(bytes, 100);

      expect(rows.map(({ hex }) => hex.replaceAll(' ', '')).join('')).toBe(
        Buffer.from(bytes).toString('hex'),
      );
      expect(rows.map(({ text }) => text).join('')).toMatch(/^[ -~]*$/);
    }),
  );
});

test('long bytes are shortened to beginning and end, short ones are whole', () => {
  expect(hexRows(new Uint8Array(1_000), 4)).toHaveLength(4);
  expect(shortHex(Uint8Array.of(1, 2, 3, 4, 5), 4)).toBe('0102…0405');
  expect(shortHex(Uint8Array.of(1, 255), 4)).toBe(hexOf(Uint8Array.of(1, 255)));
  expect(hexOf(Uint8Array.of(1, 255))).toBe('01ff');
});
