import { copyFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { SealedEntry } from '../app/ports.ts';
import { openLog } from './open-log.ts';
import { logFixture, newEntry } from './testing/log-fixture.ts';
import { change, editRow, flipped, foreignCheckpoint, grow600, tell } from './testing/tamper.ts';
import { verifyLog } from './verify-log.ts';

test('an untouched log has no findings, and every entry is handed over once, in order', async () => {
  await using fixture = await logFixture();
  await grow600(fixture);
  const seen: SealedEntry[] = [];
  const progress: number[] = [];

  const report = await verifyLog({
    folder: fixture.folder,
    log: 'events',
    store: fixture.ledger,
    vkey: fixture.keys.events.vkey,
    onEntry: (sealed) => void seen.push(sealed),
    onProgress: (done) => progress.push(done),
  });

  expect(report).toMatchObject({
    entries: 600,
    unpublished: 0,
    findings: [],
    origin: fixture.keys.events.name,
  });
  expect(seen).toEqual(fixture.ledger.logs.events.rows);
  expect(progress).toEqual([256, 512, 600]);
});

test('an entry that is not sound is not handed over', async () => {
  await using fixture = await logFixture();
  await grow600(fixture);
  editRow(fixture, 5, () => ({ payload: Buffer.from('other') }));
  editRow(fixture, 6, ({ entry }) => ({ entry: flipped(entry) }));
  editRow(fixture, 7, () => ({ payload: null, salt: null }));
  const seen: number[] = [];

  await verifyLog({
    folder: fixture.folder,
    log: 'events',
    store: fixture.ledger,
    onEntry: ({ seq }) => void seen.push(seq),
  });

  expect(seen).toEqual([...Array(600).keys()].filter((seq) => ![5, 6, 7].includes(seq)));
});

test('entries that are sequenced and not published yet are counted, and their payloads are checked', async () => {
  await using fixture = await logFixture();
  await grow600(fixture);
  await fixture.append(700);

  expect(await fixture.verify()).toMatchObject({ entries: 600, unpublished: 700, findings: [] });
  editRow(fixture, 650, () => ({ payload: Buffer.from('other') }));
  fixture.ledger.logs.events.rows.splice(1_100, 2);
  expect((await fixture.verify()).findings.map(tell)).toEqual([
    'payload-changed 650',
    'row-missing 1100',
    'row-missing 1101',
  ]);
});

test('entries that are not published yet are handed over after the published ones, if they are sound', async () => {
  await using fixture = await logFixture();
  await grow600(fixture);
  await fixture.append(3);
  editRow(fixture, 601, () => ({ payload: Buffer.from('other') }));
  const seen: number[] = [];

  await verifyLog({
    folder: fixture.folder,
    log: 'events',
    store: fixture.ledger,
    onEntry: ({ seq }) => void seen.push(seq),
  });

  expect(seen.slice(599)).toEqual([599, 600, 602]);
});

test('while whoever takes the entries asks to wait, no more of them come', async () => {
  await using fixture = await logFixture();
  await grow600(fixture);
  await fixture.append(50);
  const seen: number[] = [];
  const early: number[] = [];
  let waiting = false;

  await verifyLog({
    folder: fixture.folder,
    log: 'events',
    store: fixture.ledger,
    onEntry: ({ seq }) => {
      seen.push(seq);
      if (waiting) early.push(seq);
      if (![3, 255, 400, 599, 620].includes(seq)) return undefined;
      waiting = true;
      return new Promise<void>(setImmediate).then(() => {
        waiting = false;
      });
    },
  });

  expect(seen).toEqual([...Array(650).keys()]);
  expect(early).toEqual([]);
});

test('an archive in which nothing was sealed yet has no findings', async () => {
  await using fixture = await logFixture();
  const before = await fixture.verify();
  const publisher = await fixture.open();
  const opened = await fixture.verify();
  await publisher.publish();
  await rm(join(fixture.folder, 'checkpoint'));

  const published = await fixture.verify();

  expect([before, opened, published].flatMap(({ findings }) => findings)).toEqual([]);
});

test('a database that lost everything, and with it the checkpoint file, does not pass for a new one', async () => {
  await using fixture = await logFixture();
  await grow600(fixture);
  Object.assign(fixture.ledger.logs.events, { checkpoints: [], rows: [], size: 0 });
  await rm(join(fixture.folder, 'checkpoint'));

  expect((await fixture.verify()).findings.map(tell)).toEqual(['checkpoint-missing']);
});

test('a missing payload is no finding where an erasure entry names it', async () => {
  await using fixture = await logFixture();
  await grow600(fixture);
  editRow(fixture, 5, () => ({ payload: null, salt: null }));
  editRow(fixture, 6, () => ({ payload: null, salt: null }));
  await fixture.ledger.append('events', [{ ...newEntry(600), kind: 3, payload: Buffer.from('5') }]);
  await (await fixture.open()).publish();

  const { findings } = await verifyLog({
    folder: fixture.folder,
    log: 'events',
    store: fixture.ledger,
    readErasure: (payload) => Number(Buffer.from(payload).toString()),
  });

  expect(findings.map(tell)).toEqual(['payload-missing 6']);
});

test('files alone verify without a database', async () => {
  await using fixture = await logFixture();
  await grow600(fixture);
  const alone = { folder: fixture.folder, log: 'events' } as const;

  const sound = await verifyLog(alone);
  await change('tile/entries/000', (bytes) => flipped(bytes, 70))(fixture);
  const bundle = await verifyLog(alone);
  await rm(join(fixture.folder, 'tile/0/001'));
  await rm(join(fixture.folder, 'tile/entries/001'));
  const cut = await verifyLog(alone);

  expect(sound).toMatchObject({ entries: 600, findings: [] });
  expect(bundle.findings.map(tell)).toEqual(['bundle-changed 1']);
  expect(cut.findings.map(tell)).toContain('log-truncated 256');
});

test('whoever exchanges key and checkpoint together is found by the pinned key, and by the database', async () => {
  await using fixture = await logFixture();
  await grow600(fixture);
  await foreignCheckpoint(fixture, 600);
  await copyFile(join(fixture.dataFolder, 'other/log/vkey'), join(fixture.folder, 'vkey'));
  const { folder, ledger, keys } = fixture;

  const believed = await verifyLog({ folder, log: 'events' });
  const pinned = await verifyLog({ folder, log: 'events', vkey: keys.events.vkey });
  const withDatabase = await verifyLog({ folder, log: 'events', store: ledger });

  expect(believed.findings).toEqual([]);
  expect(pinned.findings.map(tell)).toEqual(['vkey-changed', 'checkpoint-forged']);
  expect(new Set(withDatabase.findings.map(tell))).toEqual(new Set(['stored-checkpoint-forged']));
});

test('a file that signs an earlier, other tree than the log is a fork', async () => {
  await using fixture = await logFixture();
  await grow600(fixture);
  const { ledger, keys, dataFolder, folder } = fixture;
  await ledger.append('evidence', [newEntry(1), newEntry(2)]);
  const twin = join(dataFolder, 'twin');
  await (await openLog({ folder: twin, log: 'evidence', key: keys.events, store: ledger })).publish();
  await copyFile(join(twin, 'checkpoint'), join(folder, 'checkpoint'));

  expect((await fixture.verify()).findings.map(tell)).toEqual(['checkpoint-fork']);
});

test('a file that signs an earlier tree of this log is no finding: a crash leaves it so', async () => {
  await using fixture = await logFixture();
  await grow600(fixture);
  await writeFile(join(fixture.folder, 'checkpoint'), fixture.ledger.logs.events.checkpoints[2]?.note ?? '');

  expect(await fixture.verify()).toMatchObject({ findings: [], checkpoint: { size: 600 } });
});

test('the list of findings is bounded, keeps one of each code, and counts all', async () => {
  await using fixture = await logFixture();
  await grow600(fixture);
  for (let seq = 0; seq < 300; seq += 1) editRow(fixture, seq, () => ({ payload: Buffer.from('x') }));
  await rm(join(fixture.folder, 'tile/1/000.p/2'));

  const { findings, counts } = await fixture.verify();

  expect(findings).toHaveLength(101);
  expect(findings.at(-1)?.code).toBe('tile-missing');
  expect(counts.get('payload-changed')).toBe(300);
});

test('the verifier writes nothing', async () => {
  await using fixture = await logFixture();
  await grow600(fixture);
  await rm(join(fixture.folder, 'checkpoint'));
  const before = await fixture.files();

  await fixture.verify();

  expect(await fixture.files()).toEqual(before);
});

test('a folder without a log is told in findings, not thrown', async () => {
  await using fixture = await logFixture();

  const report = await verifyLog({ folder: join(fixture.dataFolder, 'nowhere'), log: 'events' });

  expect(report.findings.map(tell)).toEqual(['vkey-unusable', 'checkpoint-missing']);
  expect(report).toMatchObject({ origin: null, checkpoint: null, entries: 0 });
});
