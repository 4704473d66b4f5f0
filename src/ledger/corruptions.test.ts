import { cp, mkdir, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { logFixture, newEntry } from './testing/log-fixture.ts';
import {
  change,
  editCheckpoint,
  editRow,
  exchange,
  flipped,
  foreignCheckpoint,
  grow600,
  remove,
  replaceText,
  resealed,
  rewriteHistory,
  type Tamper,
  tell,
} from './testing/tamper.ts';

const corruptions: readonly (readonly [what: string, told: readonly string[], tamper: Tamper])[] = [
  [
    'an edited payload',
    ['payload-changed 5'],
    (fixture) => editRow(fixture, 5, ({ payload }) => ({ payload: flipped(payload) })),
  ],
  [
    'an edited salt',
    ['payload-changed 5'],
    (fixture) => editRow(fixture, 5, ({ salt }) => ({ salt: flipped(salt) })),
  ],
  [
    'a salt of another length',
    ['payload-changed 5'],
    (fixture) => editRow(fixture, 5, () => ({ salt: Buffer.alloc(3) })),
  ],
  [
    'a payload that is gone',
    ['payload-missing 5'],
    (fixture) => editRow(fixture, 5, () => ({ payload: null })),
  ],
  ['a salt that is gone', ['payload-missing 5'], (fixture) => editRow(fixture, 5, () => ({ salt: null }))],
  [
    'two payloads that changed places',
    ['payload-changed 5', 'payload-changed 400'],
    (fixture) => exchange(fixture, 5, 400, ({ salt, payload }) => ({ salt, payload })),
  ],
  [
    'an edited row',
    ['row-changed 7'],
    (fixture) => editRow(fixture, 7, ({ entry }) => ({ entry: flipped(entry) })),
  ],
  [
    'an edited row whose payload was made to fit',
    ['row-changed 7'],
    (fixture) => editRow(fixture, 7, ({ salt }) => resealed(salt ?? Buffer.alloc(32), Buffer.from('forged'))),
  ],
  [
    'two rows that changed places',
    ['row-swapped 7', 'row-swapped 500'],
    (fixture) => exchange(fixture, 7, 500, (row) => row),
  ],
  [
    'two entries that changed places while their payloads stayed',
    ['row-swapped 7', 'row-swapped 8'],
    (fixture) => exchange(fixture, 7, 8, ({ entry }) => ({ entry })),
  ],
  ['a missing row', ['row-missing 9'], ({ ledger }) => void ledger.logs.events.rows.splice(9, 1)],
  [
    'missing last rows',
    ['row-missing 598', 'row-missing 599'],
    ({ ledger }) => void ledger.logs.events.rows.splice(598),
  ],
  [
    'a row beyond the end',
    ['row-extra 600'],
    async ({ ledger }) => {
      await ledger.append('events', [newEntry(9_999)]);
      ledger.logs.events.size = 600;
    },
  ],
  [
    'a rolled-back database',
    ['database-behind', 'database-behind'],
    ({ ledger: { logs } }) => {
      logs.events.checkpoints.length = 3;
      logs.events.rows.length = 260;
      logs.events.size = 260;
    },
  ],
  [
    'a database without anything',
    ['database-behind', 'database-behind'],
    ({ ledger: { logs } }) => Object.assign(logs.events, { checkpoints: [], rows: [], size: 0 }),
  ],
  ['a changed leaf hash', ['tile-changed 2 tile/0/000'], change('tile/0/000', flipped)],
  ['a changed partial tile', ['tile-changed 514 tile/0/002.p/88'], change('tile/0/002.p/88', flipped)],
  ['a changed tile of the next level', ['tile-changed tile/1/000.p/2'], change('tile/1/000.p/2', flipped)],
  ['a cut tile', ['tile-changed tile/0/001'], change('tile/0/001', (bytes) => bytes.subarray(32))],
  [
    'a prolonged tile',
    ['tile-changed tile/0/001'],
    change('tile/0/001', (bytes) => Buffer.concat([bytes, bytes])),
  ],
  [
    'a changed partial tile of an earlier size',
    ['tile-changed tile/1/000.p/1'],
    change('tile/1/000.p/1', flipped),
  ],
  ['a missing tile', ['tile-missing tile/0/000'], remove('tile/0/000')],
  ['a missing tile of the next level', ['tile-missing tile/1/000.p/2'], remove('tile/1/000.p/2')],
  [
    'a changed entry in a bundle',
    ['bundle-changed 1'],
    change('tile/entries/000', (bytes) => flipped(bytes, 70)),
  ],
  [
    'a cut bundle',
    ['bundle-changed tile/entries/000'],
    change('tile/entries/000', (bytes) => bytes.subarray(0, 600)),
  ],
  [
    'a bundle of other lengths',
    ['bundle-changed tile/entries/001'],
    change('tile/entries/001', (bytes) => flipped(bytes, 1)),
  ],
  ['a missing bundle', ['bundle-missing tile/entries/001'], remove('tile/entries/001')],
  [
    'bundles that changed places',
    [...Array(256).keys()].map((at) => `bundle-changed ${at}`).slice(0, 100),
    async ({ folder }) => {
      const [one, two, aside] = ['000', '001', 'x'].map((name) => join(folder, 'tile/entries', name));
      await cp(String(one), String(aside));
      await cp(String(two), String(one));
      await cp(String(aside), String(two));
    },
  ],
  [
    'a folder in the place of a tile, and a link without end',
    ['bundle-missing tile/entries/000', 'tile-missing tile/0/000'],
    async ({ folder }) => {
      await rm(join(folder, 'tile/0/000'));
      await mkdir(join(folder, 'tile/0/000'));
      await rm(join(folder, 'tile/entries/000'));
      await symlink('/dev/zero', join(folder, 'tile/entries/000'));
    },
  ],
  [
    'all tiles gone while the database has everything',
    [
      'bundle-missing tile/entries/000',
      'tile-missing tile/0/000',
      'bundle-missing tile/entries/001',
      'tile-missing tile/0/001',
      'bundle-missing tile/entries/002.p/88',
      'tile-missing tile/0/002.p/88',
      'tile-missing tile/1/000.p/2',
    ],
    remove('tile'),
  ],
  [
    'a log cut off in files and database',
    [
      'database-behind',
      'database-behind',
      'bundle-missing tile/entries/002.p/88',
      'tile-missing tile/0/002.p/88',
      'log-truncated 512',
    ],
    async ({ ledger, folder }) => {
      ledger.logs.events.rows.length = 260;
      ledger.logs.events.checkpoints.length = 3;
      ledger.logs.events.size = 260;
      await rm(join(folder, 'tile/0/002.p'), { recursive: true });
      await rm(join(folder, 'tile/entries/002.p'), { recursive: true });
    },
  ],
  ['a missing checkpoint', ['checkpoint-missing'], remove('checkpoint')],
  ['a checkpoint that is none', ['checkpoint-malformed'], change('checkpoint', () => Buffer.from('rubbish'))],
  ['a checkpoint with another size', ['checkpoint-forged'], replaceText('checkpoint', '\n600\n', '\n599\n')],
  [
    'a checkpoint with another root',
    ['checkpoint-forged'],
    replaceText('checkpoint', '=\n\n', '=\nmore\n\n'),
  ],
  ['a signature of another key', ['checkpoint-forged'], (fixture) => foreignCheckpoint(fixture, 600)],
  ['no public key', ['vkey-unusable'], remove('vkey')],
  ['a damaged public key', ['vkey-unusable'], change('vkey', (bytes) => bytes.subarray(1))],
  [
    'an edited checkpoint row',
    ['stored-checkpoint-forged'],
    (fixture) => editCheckpoint(fixture, 2, ({ root }) => ({ root: flipped(root) })),
  ],
  [
    'a checkpoint row that is gone',
    ['stored-checkpoint-missing'],
    ({ ledger }) => void ledger.logs.events.checkpoints.splice(2, 1),
  ],
  [
    'a forged checkpoint note in the database',
    ['stored-checkpoint-forged'],
    (fixture) => editCheckpoint(fixture, 1, ({ note }) => ({ note: note.replace('\n3\n', '\n4\n') })),
  ],
  [
    'a forged newest checkpoint in the database',
    ['stored-checkpoint-forged'],
    (fixture) => editCheckpoint(fixture, 3, ({ note }) => ({ note: note.replace('\n600\n', '\n601\n') })),
  ],
  [
    'a payload, entry, leaf and all tiles changed together, by somebody without the key',
    ['stored-checkpoint-inconsistent', 'stored-checkpoint-inconsistent', 'root-mismatch'],
    rewriteHistory,
  ],
];

test.each(corruptions)('%s is named', async (_, told, tamper) => {
  await using fixture = await logFixture();
  await grow600(fixture);
  await tamper(fixture);

  const { findings } = await fixture.verify();

  expect(findings.map(tell)).toEqual(told);
});
