import { createHash } from 'node:crypto';
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { withArchive } from './support/archive.ts';
import {
  cut,
  cutRows,
  type Damage,
  earlierFiles,
  flip,
  inOrder,
  replaceText,
  signByStranger,
} from './support/damage.ts';
import { copyFolder, type Imported, importHistory } from './support/evidence-folder.ts';
import { runReentry } from './support/run-reentry.ts';
import { openWorkbench } from './support/workbench.ts';

let imported: Imported;

beforeAll(async () => {
  imported = await importHistory();
  // So that an import has something to sign.
  await imported.history.grow(5);
});

afterAll(() => imported[Symbol.asyncDispose]());

/** A copy of the data folder, damaged while its database ran; then it is closed. */
async function damaged(damage: Damage): Promise<string> {
  const path = await imported.copy();
  await using bench = await openWorkbench(path, imported.earlier);
  await damage(bench);
  return path;
}

/** A copy whose whole database is that of another data folder. */
async function withDatabaseOf(other: string): Promise<string> {
  const path = await imported.copy();
  await rm(join(path, 'postgres'), { recursive: true });
  await copyFolder(join(other, 'postgres'), join(path, 'postgres'));
  return path;
}

/** A data folder whose keys and tables were made, and nothing more. */
async function unusedFolder(): Promise<string> {
  const path = `${imported.path}-unused`;
  await withArchive(path, async () => undefined);
  return path;
}

/** Every file of both logs, with its content. */
async function logFiles(path: string): Promise<readonly string[]> {
  const found = await readdir(join(path, 'logs'), { recursive: true, withFileTypes: true });
  const files = found.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Promise.all(
    files.toSorted().map(async (file) => {
      const digest = createHash('sha256')
        .update(await readFile(file))
        .digest('hex');
      return `${file} ${digest}`;
    }),
  );
}

interface JsonLine {
  readonly finding?: Readonly<Record<'code' | 'log' | 'detail', string>>;
  readonly summary?: Readonly<Record<string, unknown>>;
}

async function verifyJson(path: string) {
  const { status, stdout, stderr } = await runReentry(['verify', path, '--json']);
  const lines = stdout.trim().split('\n');
  const parsed = lines.map((line) => JSON.parse(line) as JsonLine);
  return {
    status,
    stderr,
    codes: parsed.flatMap(({ finding }) => (finding ? [`${finding.log} ${finding.code}`] : [])),
    summary: parsed.at(-1)?.summary,
  };
}

test('reentry verify on an undamaged folder: status 0, and the numbers that were looked at', async () => {
  const path = await imported.copy();

  const text = await runReentry(['verify', path]);
  const json = await verifyJson(path);

  expect(text).toMatchObject({ status: 0, stderr: '' });
  expect(text.stdout).toMatch(/^Everything that was checked is intact\.\n/);
  expect(text.stdout).toContain('events log: 705 entries checked, root ');
  expect(text.stdout).toContain('702 evidence records checked');
  expect(json).toMatchObject({
    status: 0,
    codes: [],
    summary: { result: 'satisfied', findingCount: 0, records: 702 },
  });
});

test('reentry verify on a damaged folder: status 1, what is wrong and where, and what to do', async () => {
  const path = await damaged(flip('log_payload.payload', 100, `log = 'events' AND seq = 5`));

  const { status, stdout } = await runReentry(['verify', path]);
  const json = await verifyJson(path);

  expect(status).toBe(1);
  expect(stdout).toMatch(/^1 finding: this evidence was changed or damaged\.\n/);
  expect(stdout).toMatch(
    /^ {2}payload-changed \(events, entry 5\): \d+ bytes that the entry does not commit to$/m,
  );
  expect(stdout).toContain('Do not delete anything.');
  expect(json).toMatchObject({
    status: 1,
    codes: ['events payload-changed'],
    summary: { result: 'violated', findingCount: 1 },
  });
});

test('a data folder in which nothing was sealed yet has nothing wrong with it', async () => {
  const path = await unusedFolder();

  expect(await verifyJson(path)).toMatchObject({ status: 0, codes: [], summary: { result: 'satisfied' } });
});

interface Refusal {
  readonly what: string;
  readonly make: () => Promise<string>;
  /** First findings of the verification, where `corruption.test.ts` does not have them. */
  readonly told?: readonly string[];
  /** What the import says to refuse. */
  readonly says: string;
}

const refusals: readonly Refusal[] = [
  {
    what: 'a database that was rolled back whole',
    make: () => withDatabaseOf(imported.earlier),
    told: [
      'events database-behind',
      'events database-behind',
      'evidence database-behind',
      'evidence database-behind',
    ],
    says: 'The events log will not be signed: the database is behind: its newest checkpoint has 552 entries, the checkpoint file 705',
  },
  {
    what: 'an empty database',
    make: async () => withDatabaseOf(await unusedFolder()),
    told: ['events database-behind', 'events database-behind'],
    says: 'The events log will not be signed: the database is behind: it knows no checkpoint, but 705 entries are signed',
  },
  {
    what: 'a log that was truncated in files and rows',
    make: () => damaged(inOrder(earlierFiles('events'), cutRows('events'))),
    says: 'The events log will not be signed: the database is behind: it holds 552 entries, but 705 are signed',
  },
  {
    what: 'an events log that was truncated, checkpoints and all',
    make: () => damaged(cut('events')),
    says: 'The events log will not be signed: the log is behind: it holds 552 entries, but rows are derived from 705',
  },
  {
    what: 'an evidence log that was truncated, checkpoints and all',
    make: () => damaged(cut('evidence')),
    says: 'The evidence log will not be signed: the log is behind: it holds 550 entries, but rows are derived from 702',
  },
  {
    what: 'files that were rolled back under a newer database',
    make: () => damaged(earlierFiles('evidence')),
    says: 'The evidence log will not be signed: the folder of tiles is behind: tile/0/002.p/190 is missing',
  },
  {
    what: 'a forged signature',
    make: () => damaged(replaceText('logs/events/checkpoint', /(— \S+ \S{20}).{4}/, '$1AAAA')),
    says: "The events log will not be signed: the checkpoint file is not one that this log's key signed (bad-signature)",
  },
  {
    what: 'a checkpoint that another key signed',
    make: () => damaged(signByStranger('evidence', ['logs/evidence/vkey'])),
    says: "The evidence log will not be signed: the checkpoint file is not one that this log's key signed (no-known-signature)",
  },
];

for (const { what, make, told, says } of refusals) {
  test(`${what}: an import refuses, says which side it is, and signs nothing`, async () => {
    const path = await make();
    const before = await logFiles(path);

    const refused = await runReentry(['import', 'git', imported.history.path, '--data', path]);

    expect(refused).toMatchObject({ status: 4, stdout: '' });
    expect(refused.stderr).toContain(`LOG_DIVERGED ${says}`);
    expect(refused.stderr).toContain('Do not delete anything.');
    expect(await logFiles(path)).toEqual(before);
    if (told) expect((await verifyJson(path)).codes.slice(0, told.length)).toEqual(told);
  });
}

test('an earlier checkpoint file under newer tiles, as a crash leaves it, is no fault: the import goes on', async () => {
  const path = await imported.copy();
  for (const log of ['events', 'evidence']) {
    await copyFolder(
      join(imported.earlier, 'logs', log, 'checkpoint'),
      join(path, 'logs', log, 'checkpoint'),
    );
  }

  const before = await verifyJson(path);
  const { status, stdout } = await runReentry(['import', 'git', imported.history.path, '--data', path]);

  expect(before).toMatchObject({ status: 0, codes: [] });
  expect({ status, stdout }).toEqual({
    status: 0,
    stdout: 'local/shop: 705 changes read, 5 new changes.\n',
  });
  expect(await verifyJson(path)).toMatchObject({ status: 0, codes: [], summary: { records: 707 } });
});
