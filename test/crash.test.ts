import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { LedgerStore, LogName } from '../src/app/ports.ts';
import { type Verification, verifyArchive } from '../src/app/verify-archive.ts';
import { openEvidence } from '../src/archive.ts';
import { factTypes, parseFact } from '../src/core/evidence/fact.ts';
import { entryBytes } from '../src/core/tlog/entry.ts';
import { openDataFolder } from '../src/store/data-folder.ts';
import { readPostmasterFile } from '../src/store/embedded/postmaster-file.ts';
import { collect } from '../src/store/testing/entries.ts';
import { killServer } from '../src/store/testing/servers.ts';
import { importFrom, withArchive } from './support/archive.ts';
import { createHistory, type GitHistory } from './support/git-history.ts';
import { makePlace, type Place } from './support/place.ts';

const driver = fileURLToPath(new URL('./support/import-driver.ts', import.meta.url));
/** Each round finds these commits to import, beside what the round before has left. */
const commitsPerRound = 45;

let place: Place;
let history: GitHistory;
let dataFolder: string;
/** `<log> <seq>` → the entry in hex, over all rounds. */
const acknowledged = new Map<string, string>();
let killedMidway = 0;
let foundUnpublished = 0;

beforeAll(async () => {
  place = await makePlace();
  dataFolder = join(place.path, 'data');
  history = await createHistory(join(place.path, 'shop.git'));
});

afterAll(() => place[Symbol.asyncDispose]());

/** Imports until so many entries are acknowledged, then kills; what was said before it died counts as well. */
async function importAndKill(acknowledgements: number, withDatabase: boolean): Promise<void> {
  const child = spawn(process.execPath, [driver, dataFolder, history.path], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const gone = once(child, 'close');
  let heard = 0;
  let midway = true;
  try {
    for await (const line of createInterface({ input: child.stdout })) {
      const [word, log = '', seq = '', entry = ''] = line.split(' ');
      if (word === 'done') midway = false;
      // The kill may cut the last line off.
      if (word !== 'ack' || entry.length !== 2 * entryBytes) continue;
      expect(acknowledged.get(`${log} ${seq}`) ?? entry).toBe(entry);
      acknowledged.set(`${log} ${seq}`, entry);
      heard += 1;
      if (heard === acknowledgements) child.kill('SIGKILL');
    }
  } finally {
    child.kill('SIGKILL');
    await gone;
  }
  expect(child.signalCode).toBe('SIGKILL');
  if (withDatabase) {
    const server = await readPostmasterFile(join(dataFolder, 'postgres', 'cluster'));
    if (server) await killServer(server.pid);
  }
  if (midway) killedMidway += 1;
}

interface Looked {
  readonly verification: Verification;
  readonly entries: Readonly<Record<LogName, readonly string[]>>;
  readonly observed: readonly string[];
}

/** What stands after a crash, before anything is mended or signed. */
async function look(): Promise<Looked> {
  const evidence = await openEvidence(await openDataFolder(dataFolder));
  try {
    const ledger = evidence.database?.ledger;
    if (!ledger) throw new Error('no database');
    const verification = await verifyArchive(evidence);
    const entries = {
      events: await entriesOf(ledger, 'events'),
      evidence: await entriesOf(ledger, 'evidence'),
    };
    return { verification, entries, observed: await observedChanges(ledger) };
  } finally {
    await evidence.close();
  }
}

async function entriesOf(ledger: LedgerStore, log: LogName): Promise<readonly string[]> {
  const rows = await collect(ledger.readEntries(log, 0, Number.MAX_SAFE_INTEGER));
  expect(rows.map(({ seq }) => seq)).toEqual([...rows.keys()]);
  return rows.map(({ entry }) => Buffer.from(entry).toString('hex'));
}

async function observedChanges(ledger: LedgerStore): Promise<readonly string[]> {
  const sealed = await collect(ledger.readSealed('events', 0, await ledger.size('events')));
  const facts = sealed.map(({ payload }) => parseFact(payload ?? Buffer.alloc(0)));
  return facts
    .filter(({ event }) => event.type === factTypes.changeObserved)
    .map(({ event }) => event.subject);
}

const rounds = Array.from({ length: 20 }, (_, round) => ({
  round,
  // From the first acknowledgement on, over facts of this round and records of the last one.
  acknowledgements: 1 + ((round * 13) % 60),
  victims: round % 2 === 0 ? 'our process' : 'our process and PostgreSQL',
}));

test.each(rounds)(
  'round $round: kill -9 of $victims after $acknowledgements acknowledgements loses none and doubles none',
  async ({ acknowledgements, victims }) => {
    await history.grow(commitsPerRound);

    await importAndKill(acknowledgements, victims.includes('PostgreSQL'));
    const { verification, entries, observed } = await look();

    if (verification.logs.some(({ unpublished }) => unpublished > 0)) foundUnpublished += 1;
    expect(verification.findings).toEqual([]);
    const lost = [...acknowledged].filter(([key, entry]) => {
      const [log, seq] = key.split(' ');
      return entries[log as LogName][Number(seq)] !== entry;
    });
    expect(lost).toEqual([]);
    expect(new Set(observed).size).toBe(observed.length);
  },
);

test('after all the kills the import goes on to its end: each change is there once, with one record, and all verifies', async () => {
  const commits = rounds.length * commitsPerRound;

  await withArchive(dataFolder, (archive) => importFrom(archive, history.path));
  const again = await withArchive(dataFolder, (archive) => importFrom(archive, history.path));
  const { verification, entries, observed } = await look();
  const records = await withArchive(dataFolder, ({ projections }) =>
    collect(projections.allEvidenceRecords()),
  );

  // Else the rounds above have shown nothing.
  expect(killedMidway).toBeGreaterThanOrEqual(10);
  expect(foundUnpublished).toBeGreaterThanOrEqual(5);
  expect(acknowledged.size).toBeGreaterThan(
    rounds.reduce((sum, round) => sum + round.acknowledgements, 0) - 1,
  );
  expect(verification).toMatchObject({ findings: [], records: commits });
  expect(verification.logs.map(({ unpublished }) => unpublished)).toEqual([0, 0]);
  expect(new Set([...entries.events, ...entries.evidence]).size).toBe(
    entries.events.length + entries.evidence.length,
  );
  expect(observed).toHaveLength(commits);
  expect(new Set(observed).size).toBe(commits);
  expect(entries.evidence).toHaveLength(commits);
  expect(new Set(records.map(({ changeId }) => changeId)).size).toBe(commits);
  expect(again).toMatchObject({ upToDate: true, changes: commits, derivation: { sealed: 0 } });
});
