import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { AppError } from '../core/errors.ts';
import { sha256 } from '../core/tlog/node-primitives.ts';
import { type DurableFiles, DurableFolder } from './durable-folder.ts';
import { openLog } from './open-log.ts';
import { type Fault, FaultPlan, faultyFiles, faultyStore } from './testing/faults.ts';
import { type LogFixture, logFixture, newEntry } from './testing/log-fixture.ts';

test('an empty log publishes a checkpoint of size 0, once', async () => {
  await using fixture = await logFixture();
  const publisher = await fixture.open();

  const first = await publisher.publish();
  const second = await publisher.publish();

  expect(first).toMatchObject({ size: 0, root: sha256(new Uint8Array(0)) });
  expect(second).toEqual(first);
  expect(fixture.ledger.logs.events.checkpoints).toEqual([{ ...first, previousSize: -1 }]);
  expect(await fixture.files()).toEqual(['checkpoint', 'vkey']);
  expect(await fixture.checkpoint()).toBe(first.note);
});

test('the files are exactly those that the standard names for the size', async () => {
  await using fixture = await logFixture();
  const publisher = await fixture.open();

  await fixture.grow(publisher, 600);

  expect(await fixture.files()).toEqual([
    'checkpoint',
    'tile/0/000',
    'tile/0/001',
    'tile/0/002.p/88',
    'tile/1/000.p/2',
    'tile/entries/000',
    'tile/entries/001',
    'tile/entries/002.p/88',
    'vkey',
  ]);
  expect(await readFile(join(fixture.folder, 'vkey'), 'utf8')).toBe(`${fixture.keys.events.vkey}\n`);
});

test('partial tiles stay for every published size until the full tile takes their place', async () => {
  await using fixture = await logFixture();
  const publisher = await fixture.open();

  await fixture.grow(publisher, 5, 200);
  const before = await fixture.files();
  await fixture.grow(publisher, 256);

  expect(before).toEqual(
    expect.arrayContaining([
      'tile/0/000.p/5',
      'tile/0/000.p/200',
      'tile/entries/000.p/5',
      'tile/entries/000.p/200',
    ]),
  );
  expect(await fixture.files()).toEqual([
    'checkpoint',
    'tile/0/000',
    'tile/1/000.p/1',
    'tile/entries/000',
    'vkey',
  ]);
});

test('publishing step by step, with restarts, ends with the same files as publishing at once', async () => {
  await using steps = await logFixture();
  await using once = await logFixture();
  const sizes = [1, 2, 255, 256, 257, 511, 513, 1_000];

  for (const size of sizes) await steps.grow(await steps.open(), size);
  await once.grow(await once.open(), 1_000);

  const tiles = (await once.files()).filter((path) => path.startsWith('tile/'));
  for (const path of tiles) {
    expect(await readFile(join(steps.folder, path)), path).toEqual(await readFile(join(once.folder, path)));
  }
  expect((await steps.verify()).findings).toEqual([]);
});

test('a log of 66,000 entries, beyond the second level of tiles, verifies whole', async () => {
  await using fixture = await logFixture();

  await fixture.grow(await fixture.open(), 65_500, 66_000);
  const report = await fixture.verify();

  expect(report).toMatchObject({ entries: 66_000, findings: [], checkpoint: { size: 66_000 } });
  expect(await fixture.files()).toContain('tile/2/000.p/1');
});

test('without growth nothing is written', async () => {
  await using fixture = await logFixture();
  const plan = new FaultPlan(-1, 'not stored');
  const publisher = await fixture.open(
    faultyFiles(new DurableFolder(fixture.folder, { log: 'events' }), plan),
  );
  await fixture.grow(publisher, 10);
  const writes = plan.writes;

  await publisher.publish();

  expect(plan.writes).toBe(writes);
});

test('publishes that are asked for at once happen one after another', async () => {
  await using fixture = await logFixture();
  const publisher = await fixture.open();

  const publishing = [publisher.publish()];
  for (const count of [3, 300, 1, 40]) {
    await fixture.append(count);
    publishing.push(publisher.publish(), publisher.publish());
  }
  const sizes = (await Promise.all(publishing)).map(({ size }) => size);

  expect(sizes).toEqual(sizes.toSorted((a, b) => a - b));
  expect(sizes.at(-1)).toBe(344);
  expect((await fixture.verify()).findings).toEqual([]);
});

test('entries that were sequenced before a crash are integrated by the next publish', async () => {
  await using fixture = await logFixture();
  await fixture.grow(await fixture.open(), 10);
  await fixture.append(500);

  const { size } = await (await fixture.open()).publish();

  expect(size).toBe(510);
  expect((await fixture.verify()).findings).toEqual([]);
});

test('a second publisher loses the compare-and-swap, signs nothing, and goes on from what the first one signed', async () => {
  await using fixture = await logFixture();
  const [first, second] = [await fixture.open(), await fixture.open()];
  await fixture.grow(first, 5);

  await expect(second.publish()).rejects.toMatchObject({ code: 'LOG_DIVERGED' });
  await fixture.grow(second, 9);

  expect((await fixture.verify()).findings).toEqual([]);
  expect(fixture.ledger.logs.events.checkpoints.map(({ size }) => size)).toEqual([5, 9]);
});

test('a failed fsync stops the publisher for good: only a new start may look at the disk again', async () => {
  await using fixture = await logFixture();
  const folder = new DurableFolder(fixture.folder, { log: 'events' });
  let failing = false;
  const failingFiles: DurableFiles = {
    read: (path, maxBytes) => folder.read(path, maxBytes),
    replace: (path, bytes) => folder.replace(path, bytes),
    remove: (paths) => folder.remove(paths),
    create: async (given) => {
      if (failing) throw new AppError('DISK_FAILED', { path: '/disk', detail: 'EIO' });
      await folder.create(given);
    },
  };
  const publisher = await fixture.open(failingFiles);
  await fixture.append(3);

  failing = true;
  await expect(publisher.publish()).rejects.toMatchObject({ code: 'DISK_FAILED' });
  failing = false;
  await expect(publisher.publish()).rejects.toMatchObject({ code: 'DISK_FAILED' });

  await (await fixture.open()).publish();
  expect(await fixture.verify()).toMatchObject({ entries: 3, findings: [] });
});

const faults: readonly Fault[] = ['not stored', 'stored', 'half stored'];

test.each(faults)(
  'whichever durable write fails (%s), the next start ends with a whole log',
  async (fault) => {
    for (let at = 0, more = true; more; at += 1) {
      await using fixture = await logFixture();
      more = await publishWithFault(fixture, new FaultPlan(at, fault));

      await (await fixture.open()).publish();

      expect(await fixture.verify(), `write ${at}`).toMatchObject({
        entries: 300,
        unpublished: 0,
        findings: [],
      });
    }
  },
);

test.each(faults)(
  'whichever durable write fails (%s), the same publisher goes on afterwards',
  async (fault) => {
    for (let at = 1, more = true; more; at += 1) {
      await using fixture = await logFixture();
      const plan = new FaultPlan(at, fault);
      const publisher = await openFaulty(fixture, plan);
      let failures = 0;
      for (const count of [0, 3, 297]) {
        await fixture.append(count);
        await publisher.publish().catch(() => {
          failures += 1;
          return publisher.publish();
        });
      }
      more = failures > 0;

      expect(await fixture.verify(), `write ${at}`).toMatchObject({
        entries: 300,
        unpublished: 0,
        findings: [],
      });
    }
  },
);

test('a database that loses entries while the log is open is not signed over', async () => {
  await using fixture = await logFixture();
  const publisher = await fixture.open();
  await fixture.grow(publisher, 20);

  fixture.ledger.logs.events.size = 19;
  await expect(publisher.publish()).rejects.toMatchObject({ code: 'LOG_DIVERGED' });
  fixture.ledger.logs.events.size = 21;
  await expect(publisher.publish()).rejects.toMatchObject({
    message: expect.stringContaining('entry 20 is missing in the database'),
  });
});

test('tiles that another log left in the folder are not overwritten', async () => {
  await using fixture = await logFixture();
  await using other = await logFixture();
  await fixture.grow(await fixture.open(), 5);
  await rm(join(fixture.folder, 'checkpoint'));
  await other.ledger.append('events', [newEntry(77), newEntry(78), newEntry(79), newEntry(80), newEntry(81)]);
  const options = {
    folder: fixture.folder,
    log: 'events',
    key: fixture.keys.events,
    store: other.ledger,
  } as const;

  const publisher = await openLog(options);

  await expect(publisher.publish()).rejects.toMatchObject({ code: 'LOG_DIVERGED' });
  expect(await fixture.checkpoint()).toBe('');
});

async function publishWithFault(fixture: LogFixture, plan: FaultPlan): Promise<boolean> {
  try {
    const publisher = await openFaulty(fixture, plan);
    await fixture.grow(publisher, 0, 3, 300);
    return false;
  } catch (error) {
    expect(String(error)).toContain('planned fault');
    await fixture.append(300 - (await fixture.ledger.size('events')));
    return true;
  }
}

function openFaulty({ folder, keys, ledger }: LogFixture, plan: FaultPlan) {
  return openLog({
    folder,
    log: 'events',
    key: keys.events,
    store: faultyStore(ledger, plan),
    files: faultyFiles(new DurableFolder(folder, { log: 'events' }), plan),
  });
}
