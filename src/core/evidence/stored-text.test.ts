import fc from 'fast-check';
import { expect, test } from 'vitest';
import { storedText } from './stored-text.ts';

test('any sequence of UTF-16 units becomes UTF-8 without NUL, once and for all; what is that already stays', () => {
  const units = fc.array(fc.integer({ min: 0, max: 0xffff })).map((codes) => String.fromCharCode(...codes));
  fc.assert(
    fc.property(units, (text) => {
      const stored = storedText(text);

      expect(stored).not.toContain('\0');
      expect(Buffer.from(stored, 'utf8').toString('utf8')).toBe(stored);
      expect(storedText(stored)).toBe(stored);
      expect(stored).toHaveLength(text.length);
      if (text.isWellFormed() && !text.includes('\0')) expect(stored).toBe(text);
    }),
  );
});

test('NUL and unpaired surrogates are replaced where they stand', () => {
  expect(storedText('a\0b\uD800c\uDC00\u{1F600}')).toBe('a\uFFFDb\uFFFDc\uFFFD\u{1F600}');
});
