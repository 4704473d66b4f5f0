import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type Rebuild, rebuildProjections } from '../src/app/rebuild-projections.ts';
import { priorModel } from '../src/core/risk/prior-model.ts';
import { importFrom } from './support/archive.ts';
import { type Damage, flip, inOrder, replacePayload, signAnew, statements } from './support/damage.ts';
import { type Imported, importHistory, sizes } from './support/evidence-folder.ts';
import { runReentry } from './support/run-reentry.ts';
import { keepState, openWorkbench, type Workbench } from './support/workbench.ts';

let imported: Imported;
let bench: Workbench;
let mend: () => Promise<void>;
/** Of the undamaged archive. */
let rows: readonly string[];

beforeAll(async () => {
  imported = await importHistory();
  bench = await openWorkbench(await imported.copy(), imported.earlier);
  mend = await keepState(bench);
  rows = await digests();
});

afterEach(() => mend());

afterAll(async () => {
  await bench[Symbol.asyncDispose]();
  await imported[Symbol.asyncDispose]();
});

const rollUps = ['change_cell', 'change_score', 'change_day'];
const projections = ['repository', 'change', ...rollUps, 'claim', 'evidence_record', 'projection_cursor'];

function rebuild(): Promise<Rebuild> {
  return bench.withArchive((archive) => rebuildProjections(archive, priorModel));
}

/** One digest per projection, over every column of every row. */
async function digests(): Promise<readonly string[]> {
  const found = [];
  for (const table of projections) {
    const [row] = await bench.sql<{ digest: string }>(
      `SELECT md5(string_agg(one::text, ' ' ORDER BY one::text)) AS digest FROM reentry.${table} AS one`,
    );
    found.push(`${table} ${row?.digest}`);
  }
  return found;
}

const whole = {
  changes: sizes.all.changes,
  sizeBefore: sizes.all.evidence,
  sizeAfter: sizes.all.evidence,
  derivation: { sealed: 0, restored: sizes.all.evidence, differing: [] },
};

test('a rebuild of an undamaged archive ends with the same digests and the same rows, each time', async () => {
  const first = await rebuild();
  const second = await rebuild();

  expect(first).toEqual({
    ...whole,
    digestBefore: first.digestBefore,
    digestAfter: first.digestBefore,
    interruptedBefore: false,
  });
  expect(second).toEqual(first);
  expect(await digests()).toEqual(rows);
  expect((await bench.verify()).findings).toEqual([]);
});

const damages: readonly (readonly [what: string, damage: Damage])[] = [
  ['all projections were emptied', statements(...projections.map((table) => `DELETE FROM reentry.${table}`))],
  ['rows of each projection were deleted', statements(...projections.map(deleteSome))],
  [
    'rows of each projection were edited',
    statements(
      `UPDATE reentry.repository SET head_sha = 'edited'`,
      `UPDATE reentry.change SET class = 'human', statement_digest = sha256('x') WHERE evidence_seq % 3 = 0`,
      `UPDATE reentry.claim SET agent = 'edited', level = 5`,
      ...rollUps.map((table) => `UPDATE reentry.${table} SET changes = changes + 1`),
      `UPDATE reentry.evidence_record SET reason = 'edited', fact_seq = 0 WHERE evidence_seq % 2 = 0`,
      'UPDATE reentry.projection_cursor SET next_seq = 100',
    ),
  ],
  [
    'rows were added that no record calls for',
    statements(
      `INSERT INTO reentry.claim SELECT tenant_id, repo_id, change_id, 9, agent, model, session_id, user_name, role, level
       FROM reentry.claim WHERE ordinal = 0`,
      `INSERT INTO reentry.evidence_record SELECT tenant_id, evidence_seq + 1000, repo_id, change_id, fact_seq, reason,
       statement_digest FROM reentry.evidence_record`,
      'UPDATE reentry.projection_cursor SET next_seq = 9000',
    ),
  ],
];

function deleteSome(table: string): string {
  return `DELETE FROM reentry.${table} WHERE ctid IN (SELECT ctid FROM reentry.${table} ORDER BY ctid LIMIT 40)`;
}

test.each(damages)('after %s, a rebuild restores each row', async (_, damage) => {
  await damage(bench);
  const { findingCount } = await bench.verify();

  const rebuilt = await rebuild();

  expect(findingCount).toBeGreaterThan(0);
  expect(rebuilt).toMatchObject(whole);
  expect(await digests()).toEqual(rows);
  expect((await bench.verify()).findings).toEqual([]);
});

test('reentry rebuild tells both digests; the status is 1 where they differ', async () => {
  const path = await imported.copy();
  {
    await using damaged = await openWorkbench(path, imported.earlier);
    await damaged.sql('DELETE FROM reentry.change WHERE evidence_seq < 10');
  }

  const mending = await runReentry(['rebuild', '--data', path, '--json']);
  const again = await runReentry(['rebuild', '--data', path]);

  const { digestBefore, digestAfter, same } = JSON.parse(mending.stdout) as Rebuild & { same: boolean };
  expect({ status: mending.status, same }).toEqual({ status: 1, same: false });
  expect(digestBefore).not.toBe(digestAfter);
  expect(again.status).toBe(0);
  expect(again.stdout).toContain('The rebuilt evidence is the same.');
  expect(again.stdout).toContain(`digest before ${digestAfter}\n  digest after  ${digestAfter}\n`);
});

test('a rebuild after an import that was interrupted seals what the import had left, and once', async () => {
  await imported.history.grow(20);
  await bench.withArchive(async (archive) => {
    const stopped = importFrom(stoppingAtPublish(archive, 2), imported.history.path);
    await expect(stopped).rejects.toThrow('stopped here');
  });
  const interrupted = await bench.verify();

  const rebuilt = await rebuild();
  const again = await rebuild();
  await bench.sql('UPDATE reentry.projection_cursor SET next_seq = next_seq - 1');
  const unfinished = await rebuild();
  const imports = await bench.withArchive((archive) => importFrom(archive, imported.history.path));

  // 20 changes and the fact that the import was completed.
  expect(interrupted.logs[0]).toMatchObject({ entries: sizes.all.events, unpublished: 21 });
  expect(interrupted.findings).toEqual([]);
  expect(rebuilt).toMatchObject({
    changes: sizes.all.changes + 20,
    sizeAfter: sizes.all.evidence + 20,
    derivation: { sealed: 20, restored: sizes.all.evidence, differing: [] },
  });
  expect(again).toMatchObject({ digestBefore: rebuilt.digestAfter, digestAfter: rebuilt.digestAfter });
  expect([rebuilt, again, unfinished].map((one) => one.interruptedBefore)).toEqual([true, false, true]);
  expect(imports).toMatchObject({ upToDate: true, added: 0 });
  expect((await bench.verify()).findings).toEqual([]);
});

/** Facts are durable when the events log is published for the `at`th time, and nothing is derived from them yet. */
function stoppingAtPublish<Given extends Parameters<typeof importFrom>[0]>(
  archive: Given,
  at: number,
): Given {
  let calls = 0;
  const publish = async () => {
    calls += 1;
    if (calls === at) throw new Error('stopped here');
    return archive.events.publish();
  };
  return { ...archive, events: { origin: archive.events.origin, publish } };
}

const otherWords = replacePayload('events', 5, (fact) =>
  Buffer.from(fact.toString('utf8').replace('Change number', 'Chance number')),
);

test.each<readonly [what: string, log: string, detail: string, damage: Damage]>([
  [
    'a fact that was edited',
    'events',
    'the payload of entry 5 is not the one that was sealed',
    flip('log_payload.payload', 100, `log = 'events' AND seq = 5`),
  ],
  [
    'a record that was edited',
    'evidence',
    'the payload of entry 6 is not the one that was sealed',
    flip('log_payload.payload', 100, `log = 'evidence' AND seq = 6`),
  ],
  [
    'a fact that was replaced, sealed and signed anew',
    'events',
    'fact 5 is not the one that record 5 was made from',
    inOrder(otherWords, signAnew('events')),
  ],
])('nothing is derived from %s', async (_, log, detail, damage) => {
  await damage(bench);

  await expect(rebuild()).rejects.toMatchObject({ code: 'LOG_DIVERGED', details: { log, detail } });
});
