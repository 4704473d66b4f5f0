import { join } from 'node:path';
import { expect, test } from 'vitest';
import { rebuildProjections } from '../src/app/rebuild-projections.ts';
import { recordAction } from '../src/app/record-action.ts';
import type { OpenArchive } from '../src/cli/world.ts';
import { priorModel } from '../src/core/risk/prior-model.ts';
import { importFrom, withArchive } from './support/archive.ts';
import { createHistory } from './support/git-history.ts';
import { makePlace } from './support/place.ts';
import { openWorkbench } from './support/workbench.ts';

async function act(archive: OpenArchive, times: number): Promise<void> {
  for (let at = 0; at < times; at += 1) {
    await recordAction(archive, {
      actor: { id: 'u1', email: 'owner@example.com', role: 'owner', via: 'session' },
      action: 'sign-in',
      resource: 'own-session',
      target: 'owner@example.com',
      detail: { address: '192.0.2.1' },
      requestId: `${await archive.ledger.size('events')}`,
    });
  }
}

test('a log in which people’s actions stand among changes derives, verifies and rebuilds the same', async () => {
  await using place = await makePlace();
  const path = join(place.path, 'data');
  const history = await createHistory(join(place.path, 'shop.git'));
  await withArchive(path, async (archive) => {
    await act(archive, 3);
    await history.grow(40);
    await importFrom(archive, history.path);
    await act(archive, 700);
    await history.grow(40);
    await history.note(5);
    const growing = importFrom(archive, history.path);
    await act(archive, 5);
    await growing;
    await act(archive, 2);
    await archive.events.publish();
  });
  await using bench = await openWorkbench(path, path);

  const before = await bench.verify();
  const rebuild = await bench.withArchive((archive) => rebuildProjections(archive, priorModel));
  const after = await bench.verify();

  expect([before.findings, after.findings]).toEqual([[], []]);
  expect([before.records, after.records]).toEqual([81, 81]);
  expect(before.logs.find(({ log }) => log === 'events')?.entries).toBe(80 + 1 + 2 + 710);
  expect(rebuild).toMatchObject({
    changes: 80,
    sizeBefore: 81,
    sizeAfter: 81,
    digestAfter: rebuild.digestBefore,
    derivation: { sealed: 0, restored: 81, differing: [] },
  });
});
