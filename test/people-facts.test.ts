import { expect, test } from 'vitest';
import { recordAction } from '../src/app/record-action.ts';
import type { OpenArchive } from '../src/cli/world.ts';
import { factsAmongChanges } from './support/facts-among-changes.ts';

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
  const { before, rebuild, after } = await factsAmongChanges(act, {
    before: 3,
    between: 700,
    during: 5,
    after: 2,
  });

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
