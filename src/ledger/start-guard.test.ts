import { randomBytes } from 'node:crypto';
import { copyFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openKeys } from './keys.ts';
import { openLog } from './open-log.ts';
import { type LogFixture, logFixture, newEntry } from './testing/log-fixture.ts';
import { change, flipped, remove, type Tamper } from './testing/tamper.ts';

const grown = async (fixture: LogFixture) => fixture.grow(await fixture.open(), 0, 100, 300);

const divergences: readonly (readonly [what: string, detail: string, tamper: Tamper])[] = [
  [
    'the database is rolled back to an earlier checkpoint',
    'the database is behind: its newest checkpoint has 100 entries',
    ({ ledger: { logs } }) => {
      logs.events.checkpoints.length = 2;
      logs.events.rows.length = 100;
      logs.events.size = 100;
    },
  ],
  [
    'the database is rolled back and grew again to the same size with other entries',
    'the database is behind',
    async ({ ledger }) => {
      ledger.logs.events.checkpoints.length = 2;
      ledger.logs.events.rows.length = 100;
      ledger.logs.events.size = 100;
      await ledger.append(
        'events',
        Array.from({ length: 250 }, (_, at) => newEntry(10_000 + at)),
      );
    },
  ],
  [
    'the database is empty',
    'the database is behind: it knows no checkpoint, but 300 entries are signed',
    ({ ledger: { logs } }) => Object.assign(logs.events, { checkpoints: [], rows: [], size: 0 }),
  ],
  [
    'the database lost entries, but not its checkpoints',
    'the database is behind: it holds 299 entries, but 300 are signed',
    ({ ledger: { logs } }) => {
      logs.events.rows.length = 299;
      logs.events.size = 299;
    },
  ],
  [
    'a row near the end is gone',
    'entry 280 of the database is not the one that is signed',
    ({ ledger: { logs } }) => void logs.events.rows.splice(280, 1),
  ],
  [
    'the last row is gone',
    'the database is behind: entry 299 is missing',
    ({ ledger: { logs } }) => void logs.events.rows.pop(),
  ],
  [
    'a signed row near the end is another',
    'entry 290 of the database is not the one that is signed',
    ({ ledger: { logs } }) => {
      const [row, other] = [logs.events.rows[290], logs.events.rows[291]];
      if (row && other) logs.events.rows[290] = { ...row, entry: other.entry };
    },
  ],
  [
    'the newest checkpoint of the database was edited',
    'differs from its own signed note',
    ({ ledger: { logs } }) => {
      const last = logs.events.checkpoints.pop();
      if (last) logs.events.checkpoints.push({ ...last, root: new Uint8Array(32) });
    },
  ],
  [
    'the newest checkpoint of the database was forged',
    "not one that this log's key signed (bad-signature)",
    ({ ledger: { logs } }) => {
      const last = logs.events.checkpoints.pop();
      if (last) logs.events.checkpoints.push({ ...last, note: last.note.replace('\n300\n', '\n301\n') });
    },
  ],
  [
    'the checkpoint file was signed by another key',
    "the checkpoint file is not one that this log's key signed (no-known-signature)",
    async ({ dataFolder, folder, ledger }) => {
      const other = await openKeys({ dataFolder: join(dataFolder, 'other'), randomBytes, sealed: false });
      const elsewhere = join(dataFolder, 'other', 'log');
      ledger.logs.evidence.checkpoints.length = 0;
      await (
        await openLog({ folder: elsewhere, log: 'evidence', key: other.events, store: ledger })
      ).publish();
      await copyFile(join(elsewhere, 'checkpoint'), join(folder, 'checkpoint'));
    },
  ],
  [
    'the checkpoint file is no checkpoint',
    'the checkpoint file is not one',
    ({ folder }) => writeFile(join(folder, 'checkpoint'), 'rubbish'),
  ],
  ['a tile is missing', 'the folder of tiles is behind: tile/1/000.p/1 is missing', remove('tile/1/000.p')],
  [
    'a bundle is missing',
    'the folder of tiles is behind: tile/entries/001.p/44',
    remove('tile/entries/001.p'),
  ],
  ['all tiles are gone', 'the folder of tiles is behind', remove('tile')],
  ['a tile is cut', 'tile/0/001.p/44 is damaged', change('tile/0/001.p/44', (bytes) => bytes.subarray(1))],
  ['a tile was changed', 'do not hash to the root', change('tile/1/000.p/1', flipped)],
  [
    'the last bundle was changed',
    'does not belong to tile/0/001.p/44',
    change('tile/entries/001.p/44', flipped),
  ],
];

test.each(divergences)('%s: LOG_DIVERGED, and nothing is signed', async (_, detail, tamper) => {
  await using fixture = await logFixture();
  await grown(fixture);
  await tamper(fixture);
  const before = [await fixture.checkpoint(), fixture.ledger.logs.events.checkpoints.length];

  const opening = fixture.open();

  await expect(opening).rejects.toMatchObject({
    code: 'LOG_DIVERGED',
    message: expect.stringContaining(detail),
  });
  expect([await fixture.checkpoint(), fixture.ledger.logs.events.checkpoints.length]).toEqual(before);
});

test('two trees of the same size under one key are a fork', async () => {
  await using fixture = await logFixture();
  await grown(fixture);
  const twin = join(fixture.dataFolder, 'twin');
  const { ledger, keys } = fixture;
  await ledger.append(
    'evidence',
    Array.from({ length: 300 }, (_, at) => newEntry(900_000 + at)),
  );
  await (await openLog({ folder: twin, log: 'evidence', key: keys.events, store: ledger })).publish();

  await copyFile(join(twin, 'checkpoint'), join(fixture.folder, 'checkpoint'));

  await expect(fixture.open()).rejects.toMatchObject({
    message: expect.stringContaining('two trees of 300 entries'),
  });
});

test.each([
  ['is gone', remove('checkpoint')],
  ['is that of an earlier checkpoint', earlierCheckpoint],
])('a checkpoint file that %s is written again from the database', async (_, tamper) => {
  await using fixture = await logFixture();
  await grown(fixture);
  const signed = await fixture.checkpoint();
  await tamper(fixture);

  await fixture.open();

  expect(await fixture.checkpoint()).toBe(signed);
});

async function earlierCheckpoint({ folder, ledger }: LogFixture): Promise<void> {
  await writeFile(join(folder, 'checkpoint'), ledger.logs.events.checkpoints[1]?.note ?? '');
}
