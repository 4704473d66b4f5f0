import { join } from 'node:path';
import { expect, test } from 'vitest';
import { rebuildProjections } from '../src/app/rebuild-projections.ts';
import { recordFacts } from '../src/app/record-facts.ts';
import type { OpenArchive } from '../src/cli/world.ts';
import { hostObserved } from '../src/core/evidence/fact.ts';
import { priorModel } from '../src/core/risk/prior-model.ts';
import { example, observationsOf } from '../src/intake/github/testing/deliveries.ts';
import { importFrom, withArchive } from './support/archive.ts';
import { createHistory } from './support/git-history.ts';
import { makePlace } from './support/place.ts';
import { openWorkbench } from './support/workbench.ts';

/** As webhooks bring them: of all kinds, few at a time. */
async function hear(archive: OpenArchive, times: number): Promise<void> {
  const kinds = [
    ['pull_request', 'opened'],
    ['pull_request_review', 'submitted'],
    ['check_run', 'completed'],
    ['push', undefined],
    ['merge_group', 'checks_requested'],
    ['deployment', 'created'],
    ['branch_protection_rule', 'created'],
    ['code_scanning_alert', 'created'],
    ['membership', 'added'],
    ['pull_request_review_comment', 'created'],
    ['pull_request_review_thread', 'resolved'],
  ] as const;
  for (let at = 0; at < times; at += 1) {
    const size = await archive.ledger.size('events');
    const [event, action] = kinds[at % kinds.length] ?? kinds[0];
    const observations = observationsOf(event, example(event, action, { told: size }));
    await recordFacts(
      archive,
      observations.map((data, index) =>
        hostObserved(data, { at: '2026-11-24T00:00:00.000Z', capture: 'live', index }),
      ),
    );
  }
}

test('a log in which what a code host tells stands among changes derives, verifies and rebuilds the same', async () => {
  await using place = await makePlace();
  const path = join(place.path, 'data');
  const history = await createHistory(join(place.path, 'shop.git'));
  await withArchive(path, async (archive) => {
    await hear(archive, 11);
    await history.grow(40);
    await importFrom(archive, history.path);
    await hear(archive, 600);
    await history.grow(40);
    await history.note(5);
    const growing = importFrom(archive, history.path);
    await hear(archive, 30);
    await growing;
    await hear(archive, 22);
    await archive.events.publish();
  });
  await using bench = await openWorkbench(path, path);

  const before = await bench.verify();
  const rebuild = await bench.withArchive((archive) => rebuildProjections(archive, priorModel));
  const after = await bench.verify();

  expect([before.findings, after.findings]).toEqual([[], []]);
  expect([before.records, after.records]).toEqual([81, 81]);
  expect(before.logs.find(({ log }) => log === 'events')?.entries).toBe(80 + 1 + 2 + 663);
  expect(rebuild).toMatchObject({
    changes: 80,
    sizeBefore: 81,
    sizeAfter: 81,
    digestAfter: rebuild.digestBefore,
    interruptedBefore: false,
    derivation: { sealed: 0, restored: 81, differing: [] },
  });
});
