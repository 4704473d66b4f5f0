import { expect, test } from 'vitest';
import { fromHex, hex, vectors } from '../../../test/read-vectors.ts';
import { CompactRange } from './compact-range.ts';
import { sha256 } from './node-primitives.ts';
import { NaiveTree } from './testing/naive-tree.ts';
import { treeHasher } from './tree-hash.ts';

interface ReferenceTree {
  readonly leaf_inputs_hex: readonly string[];
  readonly node_hashes_by_level_hex: readonly (readonly string[])[];
  readonly empty_root_hex: string;
  readonly root_hashes_for_size_1_to_8_hex: readonly string[];
}

const hasher = treeHasher(sha256);
const reference = vectors<ReferenceTree>('merkle/rfc6962_reference_tree.json');
const leaves = reference.leaf_inputs_hex.map(fromHex);

test('leaves, nodes and roots are those of the RFC 6962 reference tree', () => {
  const range = new CompactRange(hasher);
  const seen: string[][] = [[], [], [], []];
  const roots: string[] = [];

  for (const leaf of leaves) {
    range.append(hasher.leaf(leaf), (level, hash) => seen[level]?.push(hex(hash)));
    roots.push(hex(range.root()));
  }

  expect(hex(hasher.empty)).toBe(reference.empty_root_hex);
  expect(seen).toEqual(reference.node_hashes_by_level_hex);
  expect(roots).toEqual(reference.root_hashes_for_size_1_to_8_hex);
});

test('a leaf hash depends on the entry alone, not on what was hashed before', () => {
  const lengths = [0, 70_000, 58, 65_535, 65_536, 58, 1];
  const entries = lengths.map((length) => new Uint8Array(length).fill(7));

  expect(entries.map((entry) => hex(hasher.leaf(entry)))).toEqual(
    entries.map((entry) => hex(new NaiveTree([entry]).root(0, 1))),
  );
});
