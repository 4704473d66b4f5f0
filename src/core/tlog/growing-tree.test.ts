import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hex } from '../../../test/read-vectors.ts';
import { GrowingTree, type HashTile, hashAt } from './growing-tree.ts';
import { sha256 } from './node-primitives.ts';
import { NaiveTree, someEntries } from './testing/naive-tree.ts';
import { tileLevels } from './tile.ts';
import { treeHasher } from './tree-hash.ts';

const hasher = treeHasher(sha256);
const entries = someEntries(66_000);
const leafHashes = entries.map((entry) => hasher.leaf(entry));
const naive = new NaiveTree(entries);

test('a tree of 66,000 leaves has exactly the tiles of the standard, each hash by its definition', () => {
  const tree = grow(new GrowingTree(hasher), 66_000);

  const tiles = [...tree.takeFilled(), ...tree.partials()];

  const counted = tileLevels(66_000n).flatMap(({ level, full, partial }) => [
    ...Array.from({ length: Number(full) }, (_, index) => `${level}/${index} 256`),
    ...(partial > 0 ? [`${level}/${full} ${partial}`] : []),
  ]);
  expect(tiles.map((tile) => `${tile.level}/${tile.index} ${width(tile)}`).sort()).toEqual(counted.sort());
  for (const { level, index, hashes } of tiles) {
    const span = 256 ** level;
    const expected = Array.from({ length: hashes.length / 32 }, (_, at) => {
      const start = (index * 256 + at) * span;
      return hex(naive.root(start, start + span));
    });
    expect(Array.from(expected, (_, at) => hex(hashAt(hashes, at)))).toEqual(expected);
  }
  expect(hex(tree.root())).toBe(hex(naive.root(0, 66_000)));
});

test('a tree that is restored from its partial tiles goes on as if it had never stopped', () => {
  const stops = fc.tuple(fc.integer({ min: 0, max: 1_100 }), fc.integer({ min: 0, max: 600 }));

  fc.assert(
    fc.property(stops, ([stop, more]) => {
      const before = grow(new GrowingTree(hasher), stop);
      before.takeFilled();

      const after = GrowingTree.restore(hasher, stop, partialBytes(before, stop));

      expect(hex(after.root())).toBe(hex(naive.root(0, stop)));
      expect(tilesAfter(after, stop + more)).toEqual(tilesAfter(before, stop + more));
      expect(hex(after.root())).toBe(hex(naive.root(0, stop + more)));
    }),
    { numRuns: 25, examples: [[[65_535, 2]]] },
  );
});

test('a fork grows alone', () => {
  const tree = grow(new GrowingTree(hasher), 200);
  const fork = tree.fork();

  grow(tree, 260);
  for (let at = 0; at < 60; at += 1) fork.append(hasher.empty);

  expect(tilesAfter(tree, 300)).toEqual(tilesAfter(new GrowingTree(hasher), 300));
  expect(hex(tree.root())).toBe(hex(naive.root(0, 300)));
  expect(fork.size).toBe(260);
  expect(hex(fork.root())).not.toBe(hex(naive.root(0, 260)));
});

test('partial tiles of another size are refused', () => {
  expect(() => GrowingTree.restore(hasher, 3, [new Uint8Array(64)])).toThrow(RangeError);
  expect(() => GrowingTree.restore(hasher, 256, [new Uint8Array(0)])).toThrow(RangeError);
});

function grow(tree: GrowingTree, size: number): GrowingTree {
  for (let at = tree.size; at < size; at += 1) tree.append(leafHashes[at] ?? hasher.empty);
  return tree;
}

function tilesAfter(tree: GrowingTree, size: number): readonly string[] {
  grow(tree, size);
  return [...tree.takeFilled(), ...tree.partials()].map(
    (tile) => `${tile.level}/${tile.index} ${hex(tile.hashes)}`,
  );
}

function partialBytes(tree: GrowingTree, size: number): readonly Uint8Array[] {
  const partials = tree.partials();
  return tileLevels(BigInt(size)).map(
    ({ level }) => partials.find((tile) => tile.level === level)?.hashes ?? new Uint8Array(0),
  );
}

function width(tile: HashTile): number {
  return tile.hashes.length / 32;
}
