import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { followRanges, sharedBlocks } from './follow-lines.ts';

const lines = (text: string) => text.split('');

describe('blocks that two versions share', () => {
  test.each([
    ['abc', 'abc', [{ start: 1, end: 3, shift: 0 }]],
    ['abc', 'xabc', [{ start: 1, end: 3, shift: 1 }]],
    [
      'abc',
      'abxyc',
      [
        { start: 1, end: 2, shift: 0 },
        { start: 3, end: 3, shift: 2 },
      ],
    ],
    [
      'abc',
      'ac',
      [
        { start: 1, end: 1, shift: 0 },
        { start: 3, end: 3, shift: -1 },
      ],
    ],
    ['abc', 'xyz', []],
    ['', 'abc', []],
    ['abc', '', []],
    // The unique m holds the middle, though both ends differ.
    ['1m2', '3m4', [{ start: 2, end: 2, shift: 0 }]],
  ])('%s → %s', (before, after, blocks) => {
    expect(sharedBlocks(lines(before), lines(after))).toEqual(blocks);
  });
});

test('whatever is followed has the same text on both sides, once, and in order', () => {
  const text = fc.array(fc.constantFrom('a', 'b', 'c', '{', '}', ''), { maxLength: 60 });
  fc.assert(
    fc.property(text, text, (before, after) => {
      let lastOld = 0;
      let lastNew = 0;
      for (const { start, end, shift } of sharedBlocks(before, after)) {
        expect(start).toBeGreaterThan(lastOld);
        expect(start + shift).toBeGreaterThan(lastNew);
        for (let line = start; line <= end; line += 1) expect(after[line + shift - 1]).toBe(before[line - 1]);
        lastOld = end;
        lastNew = end + shift;
      }
    }),
  );
});

test('lines that occur once are all followed through insertions and removals elsewhere', () => {
  const versions = fc
    .uniqueArray(fc.nat(10_000), { maxLength: 80 })
    .chain((all) =>
      fc.tuple(fc.constant(all.map(String)), fc.subarray(all.map(String)), fc.subarray(all.map(String))),
    );
  fc.assert(
    fc.property(versions, ([all, before, after]) => {
      const common = all.filter((line) => before.includes(line) && after.includes(line));

      const followed = sharedBlocks(before, after).reduce((sum, { start, end }) => sum + end - start + 1, 0);

      expect(followed).toBe(common.length);
    }),
  );
});

test('ranges are cut to shared lines and moved with them', () => {
  const blocks = sharedBlocks(lines('abcdef'), lines('xabef'));

  expect(followRanges([[1, 6]], blocks)).toEqual([[2, 5]]);
  expect(followRanges([[3, 4]], blocks)).toEqual([]);
  expect(
    followRanges(
      [
        [2, 3],
        [6, 9],
      ],
      blocks,
    ),
  ).toEqual([
    [3, 3],
    [5, 5],
  ]);
});

test('a text made to be slow ends in time', () => {
  const before = Array.from({ length: 200_000 }, (_, index) => String(index % 7));
  const after = Array.from({ length: 200_000 }, (_, index) => String(index % 11));

  const started = performance.now();
  sharedBlocks(before, after);
  expect(performance.now() - started).toBeLessThan(5_000);
});
