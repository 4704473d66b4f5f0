import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { NewEntry } from '../app/ports.ts';
import { commitmentTo, decodeEntry } from '../core/tlog/entry.ts';
import { hmacSha256 } from '../core/tlog/node-primitives.ts';
import { openStore, type Store } from './open-store.ts';
import { collect, newEntry } from './testing/entries.ts';
import { openTestStore, type TestStore } from './testing/test-store.ts';

let at: TestStore;

beforeAll(async () => {
  at = await openTestStore();
});
afterAll(() => at.close());

/** Entries from the end of the log on, whatever earlier tests have put before it. */
async function appended(entries: readonly NewEntry[]) {
  const { ledger } = at.store;
  const from = await ledger.size('events');
  const outcome = await ledger.append('events', entries);
  return { from, outcome, sealed: await collect(ledger.readSealed('events', from, outcome.size)) };
}

test('what is appended is read back byte for byte, with a commitment to exactly these bytes', async () => {
  const payloads = [Buffer.alloc(0), Buffer.from('\0\xff{"a":1.0}\uD83D', 'utf8'), randomBytes(70_000)];
  const entries = payloads.map((payload) => newEntry({ payload }));

  const { from, outcome, sealed } = await appended(entries);

  expect(outcome.entries).toEqual(entries.map((_, index) => ({ seq: from + index, duplicate: false })));
  expect(sealed.map(({ seq }) => seq)).toEqual([from, from + 1, from + 2]);
  sealed.forEach(({ entry, salt, payload }, index) => {
    const given = entries[index] ?? newEntry({});
    const decoded = decodeEntry(entry);
    expect(Buffer.compare(payload ?? Buffer.of(1), given.payload)).toBe(0);
    expect(Buffer.compare(salt ?? Buffer.of(1), given.salt)).toBe(0);
    expect(decoded).toMatchObject({ ok: true, entry: { kind: given.kind, timeMs: given.timeMs } });
    if (decoded.ok) {
      expect(Buffer.from(decoded.entry.commitment)).toEqual(
        Buffer.from(commitmentTo(hmacSha256, given.salt, given.payload)),
      );
      expect(Buffer.from(decoded.entry.id)).toEqual(Buffer.from(given.id));
    }
  });
});

test('an entry whose key is in the log, or earlier in the same call, is not added again', async () => {
  const [a, b, c] = [newEntry({}), newEntry({}), newEntry({})];
  const { from } = await appended([a]);

  const { outcome, sealed } = await appended([
    b,
    a,
    { ...newEntry({}), idempotencyKey: b.idempotencyKey },
    c,
  ]);

  expect(outcome).toEqual({
    entries: [
      { seq: from + 1, duplicate: false },
      { seq: from, duplicate: true },
      { seq: from + 1, duplicate: true },
      { seq: from + 2, duplicate: false },
    ],
    size: from + 3,
  });
  expect(sealed).toHaveLength(2);
});

test('the logs count and keep their entries apart', async () => {
  const shared = newEntry({});
  const events = await at.store.ledger.append('events', [shared]);
  const before = await at.store.ledger.size('evidence');

  const evidence = await at.store.ledger.append('evidence', [shared]);

  expect(evidence).toEqual({ entries: [{ seq: before, duplicate: false }], size: before + 1 });
  expect(await at.store.ledger.size('events')).toBe(events.size);
});

test('calls that come at once share transactions, and each gets the numbers of its own entries', async () => {
  const { from } = await appended([newEntry({})]);
  const calls = Array.from({ length: 300 }, (_, index) =>
    Array.from({ length: 1 + (index % 7) }, () => newEntry({})),
  );
  const transactions = async () =>
    (await at.sql<{ n: string }>('SELECT count(DISTINCT xmin::text) AS n FROM reentry.log_entry'))[0]?.n;
  const before = Number(await transactions());

  const outcomes = await Promise.all(calls.map((entries) => at.store.ledger.append('events', entries)));

  const numbers = outcomes.flatMap(({ entries }) => entries.map(({ seq }) => seq));
  expect(numbers).toEqual(numbers.map((_, index) => from + 1 + index));
  expect(Number(await transactions()) - before).toBeLessThan(20);
  const stored = await collect(at.store.ledger.readSealed('events', from + 1, from + 1 + numbers.length));
  const given = calls.flat();
  expect(stored.map(({ payload }) => digest(payload))).toEqual(given.map(({ payload }) => digest(payload)));
});

test('a call that cannot be stored is refused alone, and those that wait with it go through', async () => {
  const size = await at.store.ledger.size('events');
  const good = [newEntry({}), newEntry({})];

  const settled = await Promise.allSettled([
    at.store.ledger.append('events', [newEntry({})]),
    at.store.ledger.append('events', [{ ...newEntry({}), id: randomBytes(15) }]),
    at.store.ledger.append('events', good),
    at.store.ledger.append(
      'events',
      Array.from({ length: 1_025 }, () => newEntry({})),
    ),
  ]);

  expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'rejected']);
  expect(settled[3]).toMatchObject({ reason: { code: 'INPUT_TOO_LARGE' } });
  expect(await at.store.ledger.size('events')).toBe(size + 3);
});

test('writers that race from several stores never share a number, leave no gap and add nothing twice', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'reentry-test-'));
  const other = await openStore({ dataFolder: folder, databaseUrl: at.databaseUrl });
  const from = await at.store.ledger.size('events');
  const shared = Array.from({ length: 40 }, () => newEntry({}));
  const send = async (store: Store) => {
    const outcomes = [];
    for (const entry of shared)
      outcomes.push(...(await store.ledger.append('events', [newEntry({}), entry])).entries);
    return outcomes;
  };

  try {
    const outcomes = (await Promise.all([at.store, other].map(send))).flat();

    const added = outcomes.filter(({ duplicate }) => !duplicate).map(({ seq }) => seq);
    expect(added.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 120 }, (_, index) => from + index));
    expect(await other.ledger.size('events')).toBe(from + 120);
  } finally {
    await other.close();
    await rm(folder, { recursive: true, force: true });
  }
});

test('pages of sealed entries stay below 8 MB and 512 entries, and a larger payload is a page of its own', async () => {
  const sizes = [3, 3, 3, 9, 1].map((megabytes) => megabytes * 1024 * 1024);
  const small = Array.from({ length: 600 }, () => newEntry({ payload: Buffer.from('x') }));
  const large = sizes.map((size) => newEntry({ payload: Buffer.alloc(size, 'y') }));
  const from = await at.store.ledger.size('events');
  await at.store.ledger.append('events', small);
  await at.store.ledger.append('events', large);

  const pages: number[][] = [];
  for await (const page of at.store.ledger.readSealed('events', from, from + 605)) {
    pages.push(page.map(({ seq }) => seq - from));
  }

  expect(pages.flat()).toEqual(Array.from({ length: 605 }, (_, index) => index));
  expect(pages.map((page) => page.length)).toEqual([512, 90, 1, 1, 1]);
});

test('entries are read in order over many pages, within the given range only', async () => {
  const from = await at.store.ledger.size('evidence');
  for (let round = 0; round < 9; round += 1) {
    await at.store.ledger.append(
      'evidence',
      Array.from({ length: 1_024 }, () => newEntry({ payload: Buffer.from('x') })),
    );
  }

  const seqs = (await collect(at.store.ledger.readEntries('evidence', from + 5, from + 9_000))).map(
    ({ seq }) => seq,
  );

  expect(seqs).toEqual(Array.from({ length: 8_995 }, (_, index) => from + 5 + index));
  expect(await collect(at.store.ledger.readEntries('evidence', 3, 3))).toEqual([]);
});

test('an entry without its payload row is read as erased, and a missing entry is left out, not hidden by an error', async () => {
  const { from } = await appended([newEntry({}), newEntry({}), newEntry({})]);
  await at.sql('DELETE FROM reentry.log_payload WHERE seq = $1 AND log = $2', [from, 'events']);
  await at.sql('DELETE FROM reentry.log_entry WHERE seq = $1 AND log = $2', [from + 1, 'events']);

  const sealed = await collect(at.store.ledger.readSealed('events', from, from + 3));

  expect(sealed.map(({ seq, payload }) => [seq, payload === null])).toEqual([
    [from, true],
    [from + 2, false],
  ]);
});

test('a checkpoint gets in only after the one it was made from, also when two race', async () => {
  const { ledger } = at.store;
  const of = (size: number) => ({ size, root: randomBytes(32), note: `note ${size} — ü\n` });
  expect(await ledger.latestCheckpoint('events')).toBeUndefined();

  expect(await ledger.insertCheckpoint('events', of(3), 2)).toBe(false);
  const third = of(3);
  expect(await ledger.insertCheckpoint('events', third, 0)).toBe(true);
  expect(await ledger.insertCheckpoint('events', of(3), 3)).toBe(false);
  expect(await ledger.insertCheckpoint('events', of(2), 3)).toBe(false);
  expect(await ledger.insertCheckpoint('events', of(9), 0)).toBe(false);
  const racers = [5, 6, 7, 8, 9].map((size) => ledger.insertCheckpoint('events', of(size), 3));

  expect((await Promise.all(racers)).filter(Boolean)).toHaveLength(1);
  const stored = await collect(ledger.checkpoints('events'));
  expect(stored).toHaveLength(2);
  expect({ ...stored[0], root: Buffer.from(stored[0]?.root ?? []) }).toEqual({ ...third, previousSize: -1 });
  expect(stored[1]).toEqual({ ...(await ledger.latestCheckpoint('events')), previousSize: 3 });
});

test('everything acknowledged is there after the store was closed and opened again', async () => {
  const size = await at.store.ledger.size('events');
  const reopened = await at.reopen();

  expect(await reopened.ledger.size('events')).toBe(size);
});

function digest(bytes: Uint8Array | null): string {
  return createHash('sha256')
    .update(bytes ?? '')
    .digest('hex');
}
