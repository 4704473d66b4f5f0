import { expect, test } from 'vitest';
import { fromBase64, hex, vectorLines } from '../../../test/read-vectors.ts';
import { type ConsistencyClaim, consistencyProof, verifyConsistency } from './consistency-proof.ts';
import { sha256 } from './node-primitives.ts';
import { NaiveTree, someEntries } from './testing/naive-tree.ts';
import { treeHasher } from './tree-hash.ts';

interface Probe {
  readonly name: string;
  readonly size1: number | string;
  readonly size2: number | string;
  readonly root1: string;
  readonly root2: string;
  readonly proof: readonly string[] | null;
  readonly wantErr: boolean;
}

const hasher = treeHasher(sha256);
const naive = new NaiveTree(someEntries(40));

test.each(vectorLines<Probe>('merkle/consistency.jsonl'))('$name: refused is $wantErr', (probe) => {
  const result = verifyConsistency(hasher, {
    oldSize: BigInt(probe.size1),
    newSize: BigInt(probe.size2),
    oldRoot: fromBase64(probe.root1),
    newRoot: fromBase64(probe.root2),
    proof: (probe.proof ?? []).map(fromBase64),
  });

  expect(result.ok).toBe(!probe.wantErr);
});

test('between any two sizes up to 40 the proof is that of the definition and verifies', () => {
  for (const claim of everyClaim(40)) {
    const expected = naive.proof(Number(claim.oldSize), Number(claim.newSize));

    expect(claim.proof.map(hex)).toEqual(expected.map(hex));
    expect(verifyConsistency(hasher, claim)).toEqual({ ok: true });
  }
});

test('a proof with anything changed does not verify', () => {
  for (const claim of everyClaim(17)) {
    for (const [what, changed] of mutations(claim)) {
      expect(verifyConsistency(hasher, changed).ok, `${what}, ${claim.oldSize} to ${claim.newSize}`).toBe(
        false,
      );
    }
  }
});

test('each refusal has its own reason', () => {
  const claim = claimFor(3n, 7n);
  const same = claimFor(7n, 7n);

  expect(verifyConsistency(hasher, { ...claim, oldSize: 0n, proof: [] })).toEqual({
    ok: false,
    reason: 'old-size-zero',
  });
  expect(verifyConsistency(hasher, { ...claim, oldSize: 8n })).toMatchObject({ reason: 'sizes-reversed' });
  expect(verifyConsistency(hasher, { ...claim, proof: [] })).toMatchObject({ reason: 'proof-length' });
  expect(verifyConsistency(hasher, { ...same, proof: [hasher.empty] })).toMatchObject({
    reason: 'proof-length',
  });
  expect(verifyConsistency(hasher, { ...claim, oldRoot: claim.oldRoot.slice(1) })).toMatchObject({
    reason: 'hash-length',
  });
  expect(verifyConsistency(hasher, { ...claim, oldRoot: flip(claim.oldRoot) })).toMatchObject({
    reason: 'old-root-mismatch',
  });
  expect(verifyConsistency(hasher, { ...claim, newRoot: flip(claim.newRoot) })).toMatchObject({
    reason: 'new-root-mismatch',
  });
  expect(consistencyProof(0n, 7n, () => 0)).toEqual({ ok: false, reason: 'old-size-zero' });
  expect(consistencyProof(8n, 7n, () => 0)).toEqual({ ok: false, reason: 'sizes-reversed' });
});

function claimFor(oldSize: bigint, newSize: bigint): ConsistencyClaim {
  const built = consistencyProof(oldSize, newSize, ({ start, end }) =>
    naive.root(Number(start), Number(end)),
  );
  return {
    oldSize,
    newSize,
    oldRoot: naive.root(0, Number(oldSize)),
    newRoot: naive.root(0, Number(newSize)),
    proof: built.ok ? built.proof : [],
  };
}

function* everyClaim(maxSize: number): Iterable<ConsistencyClaim> {
  for (let newSize = 1n; newSize <= BigInt(maxSize); newSize += 1n) {
    for (let oldSize = 1n; oldSize <= newSize; oldSize += 1n) yield claimFor(oldSize, newSize);
  }
}

function* mutations(claim: ConsistencyClaim): Iterable<readonly [what: string, ConsistencyClaim]> {
  const { oldSize, newSize, oldRoot, newRoot, proof } = claim;
  yield ['no old tree', { ...claim, oldSize: 0n }];
  yield ['sizes reversed', { ...claim, oldSize: newSize + 1n, newSize }];
  yield ['old root', { ...claim, oldRoot: flip(oldRoot) }];
  yield ['new root', { ...claim, newRoot: flip(newRoot) }];
  yield ['one hash more in front', { ...claim, proof: [hasher.empty, ...proof] }];
  yield ['one hash more at the end', { ...claim, proof: [...proof, newRoot] }];
  if (oldSize !== newSize) yield ['roots exchanged', { ...claim, oldRoot: newRoot, newRoot: oldRoot }];
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
