import { expect, test } from 'vitest';
import { recordFacts } from '../src/app/record-facts.ts';
import type { OpenArchive } from '../src/cli/world.ts';
import { hostObserved } from '../src/core/evidence/fact.ts';
import { example, observationsOf } from '../src/intake/github/testing/deliveries.ts';
import { factsAmongChanges } from './support/facts-among-changes.ts';

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
  const { before, rebuild, after } = await factsAmongChanges(hear, {
    before: 11,
    between: 600,
    during: 30,
    after: 22,
  });

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
