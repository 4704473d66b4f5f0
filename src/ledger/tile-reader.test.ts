import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { verifyConsistency } from '../core/tlog/consistency-proof.ts';
import { verifyInclusion } from '../core/tlog/inclusion-proof.ts';
import { ed25519Verifier, sha256 } from '../core/tlog/node-primitives.ts';
import { verifyTlogProof } from '../core/tlog/tlog-proof.ts';
import { treeHasher } from '../core/tlog/tree-hash.ts';
import { DurableFolder } from './durable-folder.ts';
import { type LogFixture, logFixture } from './testing/log-fixture.ts';
import { type TileReader, tileReader } from './tile-reader.ts';

const hasher = treeHasher(sha256);
const sizes = [1, 2, 3, 200, 256, 257, 300, 512, 700];

test('entries and inclusion proofs come from the tiles alone, in every published size', async () => {
  await using fixture = await grown();
  const reader = readerOf(fixture);
  const { rows, checkpoints } = fixture.ledger.logs.events;

  for (const { size, root } of checkpoints) {
    for (const index of [0, 1, 2, 199, 255, 256, 299, 511, 512, 699, size - 1].filter((at) => at < size)) {
      const entry = await reader.entry(index, size);
      const proof = await reader.inclusionProof(index, size);

      expect(Buffer.compare(entry, rows[index]?.entry ?? Buffer.alloc(0))).toBe(0);
      const claim = { index: BigInt(index), size: BigInt(size), root, leafHash: hasher.leaf(entry), proof };
      expect(verifyInclusion(hasher, claim), `${index} of ${size}`).toEqual({ ok: true });
    }
  }
});

test('any two published sizes are consistent, by a proof from the tiles alone', async () => {
  await using fixture = await grown();
  const reader = readerOf(fixture);
  const { checkpoints } = fixture.ledger.logs.events;

  for (const old of checkpoints) {
    for (const grownTo of checkpoints.filter(({ size }) => size >= old.size)) {
      const proof = await reader.consistencyProof(old.size, grownTo.size);

      expect(
        verifyConsistency(hasher, {
          oldSize: BigInt(old.size),
          oldRoot: old.root,
          newSize: BigInt(grownTo.size),
          newRoot: grownTo.root,
          proof,
        }),
      ).toEqual({ ok: true });
    }
  }
});

test('the offline proof of an entry verifies under the published key alone', async () => {
  await using fixture = await grown();
  const { keys, ledger } = fixture;
  const known = [{ ...keys.events, verify: ed25519Verifier(keys.events.publicKey) }];

  for (const index of [0, 255, 256, 699]) {
    const entry = ledger.logs.events.rows[index]?.entry ?? Buffer.alloc(0);

    const text = await readerOf(fixture).tlogProof(index);

    expect(verifyTlogProof(hasher, text, { entry, origin: keys.events.name, known })).toMatchObject({
      ok: true,
      index: BigInt(index),
    });
  }
});

test('a proof that would not hold is not handed out', async () => {
  await using fixture = await grown();
  const tile = join(fixture.folder, 'tile/1/000.p/2');
  await writeFile(
    tile,
    (await readFile(tile)).map((byte) => byte ^ 1),
  );

  await expect(readerOf(fixture).tlogProof(0)).rejects.toMatchObject({ code: 'LOG_FORMAT' });
});

test.each(['tile/0/002.p', 'tile/entries/000', 'checkpoint'])(
  'without %s there is no proof',
  async (path) => {
    await using fixture = await grown();
    await rm(join(fixture.folder, path), { recursive: true });

    await expect(readerOf(fixture).tlogProof(3)).rejects.toMatchObject({ code: 'LOG_FORMAT' });
  },
);

test('an index beyond the log is refused', async () => {
  await using fixture = await grown();
  const reader = readerOf(fixture);

  await expect(reader.entry(700, 700)).rejects.toThrow(RangeError);
  await expect(reader.entry(-1, 700)).rejects.toThrow(RangeError);
  await expect(reader.entry(0.5, 700)).rejects.toThrow(RangeError);
  await expect(reader.inclusionProof(700, 700)).rejects.toThrow(RangeError);
  await expect(reader.consistencyProof(0, 700)).rejects.toThrow(RangeError);
});

async function grown(): Promise<LogFixture> {
  const fixture = await logFixture();
  await fixture.grow(await fixture.open(), ...sizes);
  return fixture;
}

function readerOf({ folder }: LogFixture): TileReader {
  return tileReader(new DurableFolder(folder, { log: 'events' }));
}
