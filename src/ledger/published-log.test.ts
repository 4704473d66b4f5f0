import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ed25519Verifier, sha256 } from '../core/tlog/node-primitives.ts';
import { verifyTlogProof } from '../core/tlog/tlog-proof.ts';
import { treeHasher } from '../core/tlog/tree-hash.ts';
import { publishedLog } from './published-log.ts';
import { logFixture } from './testing/log-fixture.ts';

test('a published log tells its key and checkpoint, and follows the log as it grows', async () => {
  await using fixture = await logFixture();
  const publisher = await fixture.open();
  await fixture.grow(publisher, 3);
  const published = await publishedLog(fixture.folder, 'events');
  const first = await published.checkpoint();
  const before = await published.publishedAt();

  await fixture.grow(publisher, 300);

  expect(published).toMatchObject({ origin: fixture.keys.events.name, vkey: fixture.keys.events.vkey });
  expect(Buffer.compare(published.publicKey, fixture.keys.events.publicKey)).toBe(0);
  expect(first?.split('\n')[1]).toBe('3');
  expect((await published.checkpoint())?.split('\n')[1]).toBe('300');
  expect((await published.publishedAt())?.getTime()).toBeGreaterThanOrEqual(before?.getTime() ?? Infinity);
});

test('each covered entry has an offline proof that verifies under the published key alone', async () => {
  await using fixture = await logFixture();
  await fixture.grow(await fixture.open(), 300);
  const { origin, publicKey, tlogProof } = await publishedLog(fixture.folder, 'events');
  const known = [{ ...fixture.keys.events, verify: ed25519Verifier(publicKey) }];

  for (const index of [0, 255, 256, 299]) {
    const entry = fixture.ledger.logs.events.rows[index]?.entry ?? new Uint8Array();
    const proof = (await tlogProof(index)) ?? '';

    expect(verifyTlogProof(treeHasher(sha256), proof, { entry, origin, known })).toMatchObject({ ok: true });
  }
});

test('an entry that no checkpoint covers yet has no proof, nor has any before the first checkpoint', async () => {
  await using fixture = await logFixture();
  const publisher = await fixture.open();
  await fixture.grow(publisher, 5);
  await fixture.append(1);
  const { tlogProof, checkpoint, publishedAt } = await publishedLog(fixture.folder, 'events');

  expect(await tlogProof(5)).toBeUndefined();
  expect(await tlogProof(4)).toContain('index 4\n');
  await rm(join(fixture.folder, 'checkpoint'));
  expect(await checkpoint()).toBeUndefined();
  expect(await publishedAt()).toBeUndefined();
  expect(await tlogProof(4)).toBeUndefined();
});

test('a log without a usable key, or with a damaged checkpoint, is LOG_FORMAT', async () => {
  await using fixture = await logFixture();
  await fixture.grow(await fixture.open(), 5);
  const { tlogProof } = await publishedLog(fixture.folder, 'events');
  await writeFile(join(fixture.folder, 'checkpoint'), 'nothing');
  await writeFile(join(fixture.folder, 'vkey'), 'nothing');

  await expect(tlogProof(2)).rejects.toMatchObject({ code: 'LOG_FORMAT' });
  await expect(publishedLog(fixture.folder, 'events')).rejects.toMatchObject({ code: 'LOG_FORMAT' });
});
