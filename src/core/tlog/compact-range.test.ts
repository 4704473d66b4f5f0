import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hex } from '../../../test/read-vectors.ts';
import { CompactRange } from './compact-range.ts';
import { sha256 } from './node-primitives.ts';
import { NaiveTree, someEntries } from './testing/naive-tree.ts';
import { treeHasher } from './tree-hash.ts';

const hasher = treeHasher(sha256);
const entries = someEntries(20_000);
const leafHashes = entries.map((entry) => hasher.leaf(entry));
const naive = new NaiveTree(entries);

test('the root is the Merkle tree hash of the definition, for every size up to 1,000', () => {
  const range = new CompactRange(hasher);
  const roots = [hex(range.root())];
  for (const leafHash of leafHashes.slice(0, 1_000)) {
    range.append(leafHash);
    roots.push(hex(range.root()));
  }

  expect(roots).toEqual(Array.from({ length: 1_001 }, (_, size) => hex(naive.root(0, size))));
});

test('the root is that of the definition for random sizes beyond, and after a restart anywhere on the way', () => {
  const sizes = fc.tuple(fc.integer({ min: 1_001, max: 20_000 }), fc.double({ min: 0, max: 1, noNaN: true }));

  fc.assert(
    fc.property(sizes, ([size, part]) => {
      const stop = Math.floor(size * part);
      const before = grow(new CompactRange(hasher), stop);
      const after = grow(new CompactRange(hasher, before.size, before.edge), size);

      expect(hex(after.root())).toBe(hex(naive.root(0, size)));
    }),
    { numRuns: 12 },
  );
});

test('an edge of another size is refused', () => {
  expect(() => new CompactRange(hasher, 3, [hasher.empty])).toThrow(RangeError);
  expect(() => new CompactRange(hasher, -1, [])).toThrow(RangeError);
  expect(() => new CompactRange(hasher, 2 ** 53, [hasher.empty])).toThrow(RangeError);
});

function grow(range: CompactRange, size: number): CompactRange {
  for (const leafHash of leafHashes.slice(range.size, size)) range.append(leafHash);
  return range;
}
