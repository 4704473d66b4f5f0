import { expect, test } from 'vitest';
import { fromBase64, hex, vectorLines } from '../../../test/read-vectors.ts';
import { type InclusionClaim, inclusionProof, inclusionSteps, verifyInclusion } from './inclusion-proof.ts';
import { sha256 } from './node-primitives.ts';
import { NaiveTree, someEntries } from './testing/naive-tree.ts';
import { treeHasher } from './tree-hash.ts';

interface Probe {
  readonly name: string;
  readonly leafIdx: number | string;
  readonly treeSize: number | string;
  readonly root: string;
  readonly leafHash: string;
  readonly proof: readonly string[] | null;
  readonly wantErr: boolean;
}

const hasher = treeHasher(sha256);
const naive = new NaiveTree(someEntries(40));

test.each(vectorLines<Probe>('merkle/inclusion.jsonl'))('$name: refused is $wantErr', (probe) => {
  const result = verifyInclusion(hasher, {
    index: BigInt(probe.leafIdx),
    size: BigInt(probe.treeSize),
    root: fromBase64(probe.root),
    leafHash: fromBase64(probe.leafHash),
    proof: (probe.proof ?? []).map(fromBase64),
  });

  expect(result.ok).toBe(!probe.wantErr);
});

test('for every leaf of every tree up to 40 the proof is that of the definition and verifies', () => {
  for (const claim of everyClaim(40)) {
    const expected = naive.path(Number(claim.index), 0, Number(claim.size));

    expect(claim.proof.map(hex)).toEqual(expected.map(hex));
    expect(verifyInclusion(hasher, claim)).toEqual({ ok: true });
  }
});

test('a proof with anything changed does not verify', () => {
  for (const claim of everyClaim(17)) {
    for (const [what, changed] of mutations(claim)) {
      expect(verifyInclusion(hasher, changed).ok, `${what} of ${claim.index} in ${claim.size}`).toBe(false);
    }
  }
});

test('each refusal has its own reason', () => {
  const claim = claimFor(2n, 7n);

  expect(verifyInclusion(hasher, { ...claim, index: 7n })).toEqual({
    ok: false,
    reason: 'index-out-of-range',
  });
  expect(verifyInclusion(hasher, { ...claim, index: -1n })).toMatchObject({ reason: 'index-out-of-range' });
  expect(verifyInclusion(hasher, { ...claim, size: 0n })).toMatchObject({ reason: 'index-out-of-range' });
  expect(verifyInclusion(hasher, { ...claim, proof: [] })).toMatchObject({ reason: 'proof-length' });
  expect(verifyInclusion(hasher, { ...claim, leafHash: new Uint8Array(31) })).toMatchObject({
    reason: 'hash-length',
  });
  expect(verifyInclusion(hasher, { ...claim, root: flip(claim.root) })).toMatchObject({
    reason: 'root-mismatch',
  });
  expect(inclusionProof(7n, 7n, () => 0)).toEqual({ ok: false, reason: 'index-out-of-range' });
});

test('sizes beyond 2^53 keep every bit', () => {
  const size = 2n ** 60n + 1n;

  expect(inclusionSteps(size - 1n, size)).toEqual({ ok: true, sides: ['left'] });
  expect(inclusionSteps(2n ** 60n - 1n, size)).toMatchObject({
    sides: [...Array(60).fill('left'), 'right'],
  });
});

function claimFor(index: bigint, size: bigint): InclusionClaim {
  const built = inclusionProof(index, size, ({ start, end }) => naive.root(Number(start), Number(end)));
  return {
    index,
    size,
    root: naive.root(0, Number(size)),
    leafHash: naive.root(Number(index), Number(index) + 1),
    proof: built.ok ? built.proof : [],
  };
}

function* everyClaim(maxSize: number): Iterable<InclusionClaim> {
  for (let size = 1n; size <= BigInt(maxSize); size += 1n) {
    for (let index = 0n; index < size; index += 1n) yield claimFor(index, size);
  }
}

function* mutations(claim: InclusionClaim): Iterable<readonly [what: string, InclusionClaim]> {
  const { index, proof, root, leafHash } = claim;
  yield ['index + 1', { ...claim, index: index + 1n }];
  yield ['index - 1', { ...claim, index: index - 1n }];
  yield ['index of the neighbour', { ...claim, index: index ^ 1n }];
  yield ['root', { ...claim, root: flip(root) }];
  yield ['leaf', { ...claim, leafHash: flip(leafHash) }];
  yield ['one hash more in front', { ...claim, proof: [hasher.empty, ...proof] }];
  yield ['one hash more at the end', { ...claim, proof: [...proof, root] }];
  if (proof.length > 0) yield ['last hash left out', { ...claim, proof: proof.slice(0, -1) }];
  if (proof.length > 0) yield ['first hash left out', { ...claim, proof: proof.slice(1) }];
  if (proof.length > 1) yield ['reversed', { ...claim, proof: proof.toReversed() }];
  for (const [at, hash] of proof.entries()) {
    yield [`bit of hash ${at}`, { ...claim, proof: proof.with(at, flip(hash)) }];
    yield [`length of hash ${at}`, { ...claim, proof: proof.with(at, hash.slice(1)) }];
  }
}

function flip(bytes: Uint8Array): Uint8Array {
  return bytes.map((byte, at) => (at === 5 ? byte ^ 0x10 : byte));
}
