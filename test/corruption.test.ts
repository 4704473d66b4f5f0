import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { cut } from './support/damage.ts';
import { databaseCorruptions } from './support/database-corruptions.ts';
import { type Imported, importHistory, sizes, tell } from './support/evidence-folder.ts';
import { fileCorruptions } from './support/file-corruptions.ts';
import { historyCorruptions } from './support/history-corruptions.ts';
import { keepState, openWorkbench, type Workbench } from './support/workbench.ts';

let imported: Imported;
let bench: Workbench;
let mend: () => Promise<void>;

beforeAll(async () => {
  imported = await importHistory();
  bench = await openWorkbench(await imported.copy(), imported.earlier);
  mend = await keepState(bench);
});

afterEach(() => mend());

afterAll(async () => {
  await bench[Symbol.asyncDispose]();
  await imported[Symbol.asyncDispose]();
});

test('an undamaged archive has no findings, and all of it was looked at', async () => {
  const verification = await bench.verify();

  expect(verification).toMatchObject({ findings: [], findingCount: 0, records: sizes.all.evidence });
  expect(verification.logs.map(({ entries, unpublished }) => [entries, unpublished])).toEqual([
    [sizes.all.events, 0],
    [sizes.all.evidence, 0],
  ]);
  // A row per change, record and repository, the claims, and the roll-ups.
  const others = await bench.sql<{ count: number }>(
    ['claim', 'change_cell', 'change_score', 'change_day']
      .map((table) => `SELECT count(*)::int AS count FROM reentry.${table}`)
      .join(' UNION ALL '),
  );
  const counted = others.reduce((sum, { count }) => sum + count, 0);
  expect(verification.rows).toBe(sizes.all.changes + sizes.all.evidence + 1 + counted);
});

for (const { what, told, says, damage } of [
  ...databaseCorruptions,
  ...fileCorruptions,
  ...historyCorruptions,
]) {
  test(`${what}: named`, async () => {
    await damage(bench);

    const { findings } = await bench.verify();

    expect(findings.map(tell)).toEqual(told);
    if (says) expect(findings[0]?.detail).toContain(says);
  });
}

test('an evidence log that was cut off, checkpoints and all: the rows of its records tell', async () => {
  await cut('evidence')(bench);

  const { findings } = await bench.verify();

  expect(findings.slice(0, 1).map(tell)).toEqual(['evidence rows-ahead-of-log 550']);
  expect(counted(findings)).toEqual({
    'rows-ahead-of-log': 1,
    'row-edited': 2,
    'row-without-record': 150,
    'claims-edited': 2,
    'record-row-edited': 152,
    // Of the two that were learned later, whose last record is gone.
    'roll-up-edited': 4,
  });
});

function counted(findings: readonly { readonly code: string }[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { code } of findings) counts[code] = (counts[code] ?? 0) + 1;
  return counts;
}
