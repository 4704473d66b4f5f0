import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatCheckpoint } from './checkpoint.ts';
import { inclusionProof } from './inclusion-proof.ts';
import { ed25519PrivateKey, ed25519Signer, ed25519Verifier, sha256 } from './node-primitives.ts';
import { signNote } from './note.ts';
import { noteKey } from './note-key.ts';
import { NaiveTree, someEntries } from './testing/naive-tree.ts';
import { formatTlogProof, parseTlogProof, type TlogProof, verifyTlogProof } from './tlog-proof.ts';
import { treeHasher } from './tree-hash.ts';

const hasher = treeHasher(sha256);
const entries = someEntries(11);
const naive = new NaiveTree(entries);
const origin = 'log.example/one';
const { publicKey, sign } = ed25519Signer(ed25519PrivateKey(new Uint8Array(32).fill(3)));
const key = noteKey(sha256, origin, publicKey);
const known = [{ ...key, verify: ed25519Verifier(publicKey) }];
const checkpoint = signNote(
  formatCheckpoint({ origin, size: 11n, root: naive.root(0, 11), extensions: [] }),
  [{ ...key, sign }],
);

test('a proof is written in the lines of the standard', () => {
  const lines = formatTlogProof({ ...proofOf(10), extra: Uint8Array.of(1, 2) }).split('\n');

  expect(lines.slice(0, 3)).toEqual(['c2sp.org/tlog-proof@v1', 'extra AQI=', 'index 10']);
  expect(lines.slice(3, 5)).toEqual(
    [naive.root(8, 10), naive.root(0, 8)].map((hash) => hash.toString('base64')),
  );
  expect(lines.slice(5)).toEqual(['', ...checkpoint.split('\n')]);
});

test('the proof of every entry verifies for that entry and no other', () => {
  for (const [index, entry] of entries.entries()) {
    const text = formatTlogProof(proofOf(index));
    const expected = { entry, origin, known };
    const other = entries[(index + 1) % entries.length] ?? entry;

    expect(verifyTlogProof(hasher, text, expected)).toMatchObject({
      ok: true,
      index: BigInt(index),
      checkpoint: { size: 11n },
    });
    expect(verifyTlogProof(hasher, text, { ...expected, entry: other })).toMatchObject({
      reason: 'root-mismatch',
    });
    expect(verifyTlogProof(hasher, text, { ...expected, origin: 'other' })).toMatchObject({
      reason: 'foreign-origin',
    });
    expect(verifyTlogProof(hasher, text, { ...expected, known: [] })).toMatchObject({
      reason: 'no-known-signature',
    });
  }
});

test.each([
  ['', 'header'],
  ['c2sp.org/tlog-proof@v2\nindex 0\n\nx', 'header'],
  ['c2sp.org/tlog-proof@v1\nindex 0\n\n', 'checkpoint'],
  ['c2sp.org/tlog-proof@v1\nextra A\nindex 0\n\nx', 'extra'],
  ['c2sp.org/tlog-proof@v1\n\nx', 'index'],
  ['c2sp.org/tlog-proof@v1\nindex 00\n\nx', 'index'],
  ['c2sp.org/tlog-proof@v1\nindex 0\nAAAA\n\nx', 'hash'],
  [`c2sp.org/tlog-proof@v1\nindex 0\n${`${'A'.repeat(43)}=\n`.repeat(65)}\nx`, 'hash'],
])('%j is refused: %s', (text, reason) => {
  expect(parseTlogProof(text)).toEqual({ ok: false, reason });
});

test('any text is what the proof read from it is written as, or refused', () => {
  const proofs = fc.record(
    {
      index: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
      proof: fc.array(fc.uint8Array({ minLength: 32, maxLength: 32 }), { maxLength: 64 }),
      checkpoint: fc.string({ minLength: 1 }),
      extra: fc.uint8Array(),
    },
    { requiredKeys: ['index', 'proof', 'checkpoint'] },
  );
  const whole = formatTlogProof(proofOf(6));
  const almost = fc
    .tuple(fc.nat(whole.length), fc.string({ maxLength: 3 }), fc.nat(3))
    .map(([at, inserted, cut]) => whole.slice(0, at) + inserted + whole.slice(at + cut));

  fc.assert(
    fc.property(proofs, (tlogProof) => {
      expect(parseTlogProof(formatTlogProof(tlogProof))).toEqual({ ok: true, tlogProof });
    }),
  );
  fc.assert(
    fc.property(almost, (text) => {
      const parsed = parseTlogProof(text);

      expect(!parsed.ok || formatTlogProof(parsed.tlogProof) === text).toBe(true);
    }),
  );
});

function proofOf(index: number): TlogProof {
  const built = inclusionProof(BigInt(index), 11n, ({ start, end }) =>
    naive.root(Number(start), Number(end)),
  );
  return { index: BigInt(index), proof: built.ok ? built.proof : [], checkpoint };
}
