import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { type CopyRow, encodeRows } from './copy-rows.ts';
import { RowDecoder } from './row-decoder.ts';

const field = fc.option(fc.uint8Array({ maxLength: 40 }));
const rows = fc.array(fc.array(field, { minLength: 1, maxLength: 4 }), { maxLength: 12 });

test('whatever the chunks in which they come, rows are what was encoded', () => {
  fc.assert(
    fc.property(rows, fc.infiniteStream(fc.integer({ min: 1, max: 60 })), (given, sizes) => {
      const decoder = new RowDecoder();

      for (const chunk of cut(encodeRows(given), sizes)) decoder.push(chunk);

      expect(plain(decoder.rows)).toEqual(plain(given));
    }),
  );
});

test('a row of many chunks is joined once, not again for each of them', () => {
  const joins = vi.spyOn(Buffer, 'concat');
  const payload = Buffer.alloc(100_000, 9);
  const decoder = new RowDecoder();

  for (const chunk of cut(encodeRows([[Buffer.of(1), payload]]), Array(2_000).fill(64))) decoder.push(chunk);

  expect(decoder.rows).toHaveLength(1);
  expect(Buffer.compare(decoder.rows[0]?.[1] ?? Buffer.of(), payload)).toBe(0);
  expect(joins.mock.calls.length).toBeLessThan(5);
});

function* cut(bytes: Buffer, sizes: Iterable<number>): Generator<Buffer> {
  let at = 0;
  for (const size of sizes) {
    if (at >= bytes.length) return;
    yield bytes.subarray(at, at + size);
    at += size;
  }
}

function plain(decoded: readonly CopyRow[]): readonly (readonly (readonly number[] | null)[])[] {
  return decoded.map((row) => row.map((one) => one && [...one]));
}
