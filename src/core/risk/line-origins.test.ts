import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type LineOrigins, lineCount, noOrigins, OriginEdit, unknownOrigins } from './line-origins.ts';

/** Origins line by line, of the first `lines` lines. */
function spelledOut(origins: LineOrigins, lines = lineCount(origins)): number[] {
  const all: number[] = [];
  for (let run = 0; run < origins.length; run += 2) {
    while (all.length < Math.min(lines, origins[run] ?? 0)) all.push(origins[run + 1] ?? -1);
  }
  return all;
}

interface Hunk {
  readonly oldStart: number;
  readonly oldLines: number;
  readonly newLines: number;
}

/** Hunks of a diff without context that fit a file of `length` lines. */
function hunksFor(
  length: number,
  choices: readonly (readonly [gap: number, old: number, added: number])[],
): Hunk[] {
  const hunks: Hunk[] = [];
  let line = 0;
  for (const [gap, old, added] of choices) {
    const first = line + gap;
    const oldLines = Math.min(old, length - first);
    if (first > length || oldLines + added === 0) continue;
    hunks.push({ oldStart: oldLines > 0 ? first + 1 : first, oldLines, newLines: added });
    line = first + oldLines + 1;
  }
  return hunks;
}

const choice = fc.tuple(fc.nat(6), fc.nat(4), fc.nat(5));
const script = fc.array(fc.array(choice, { maxLength: 5 }), { maxLength: 12 });

test('runs agree with a plain array of lines on any sequence of edits, removed lines included', () => {
  const edit = new OriginEdit();

  fc.assert(
    fc.property(script, (units) => {
      let plain: number[] = [];
      let runs = noOrigins;
      units.forEach((choices, unit) => {
        const hunks = hunksFor(plain.length, choices);
        const next: number[] = [];
        let line = 0;
        edit.start(runs);
        for (const { oldStart, oldLines, newLines } of hunks) {
          const first = oldLines > 0 ? oldStart - 1 : oldStart;
          next.push(...plain.slice(line, first), ...Array<number>(newLines).fill(unit));
          line = first + oldLines;
          edit.hunk(oldStart, oldLines, newLines, unit);
          const removed = Array.from({ length: oldLines }, () => edit.nextRemoved());
          expect(removed).toEqual(plain.slice(first, line));
          expect(edit.nextRemoved()).toBe(-1);
        }
        plain = [...next, ...plain.slice(line)];
        runs = edit.finish();
        expect(spelledOut(runs)).toEqual(plain);
      });
    }),
  );
});

test('equal neighbours are one run, however many hunks wrote them', () => {
  const edit = new OriginEdit();
  edit.start(noOrigins);
  edit.hunk(0, 0, 1_000_000, 7);
  const before = edit.finish();
  edit.start(before);
  edit.hunk(5, 1, 1, 7);

  expect([...edit.finish()]).toEqual([1_000_000, 7]);
});

test('a file without hunks keeps its origins as they are', () => {
  const edit = new OriginEdit();
  const origins = Int32Array.of(3, 1);
  edit.start(origins);

  expect(edit.finish()).toBe(origins);
});

test('of a file that could not be read only lines written later are known, at their right place', () => {
  const edit = new OriginEdit();
  edit.start(unknownOrigins);
  edit.hunk(300, 0, 2, 4);
  const after = edit.finish();
  edit.start(after);
  edit.hunk(299, 5, 0, 5);

  expect(lineCount(after)).toBe(302);
  expect([...after.slice(0, 4)]).toEqual([300, -1, 302, 4]);
  expect(Array.from({ length: 5 }, () => edit.nextRemoved())).toEqual([-1, -1, 4, 4, -1]);
});

test.each([
  [
    [10, 2, 1],
    [5, 1, 1],
  ],
  [
    [10, 2, 1],
    [Number.NaN, 1, 1],
  ],
  [[2 ** 31, 1, 1]],
  [[1, 1, 2 ** 31]],
] as const)('hunks out of order or out of bounds (%j) leave nothing known', (...hunks) => {
  const edit = new OriginEdit();
  edit.start(Int32Array.of(20, 3));
  for (const [start, old, added] of hunks) edit.hunk(start, old, added, 9);

  expect(edit.nextRemoved()).toBe(-1);
  expect(edit.finish()).toBe(unknownOrigins);
});
