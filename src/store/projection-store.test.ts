import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeEach, expect, test } from 'vitest';
import type { ChangeRow, ClaimRow, EvidenceRecordRow, RepositoryRow } from '../app/ports.ts';
import { storedText } from '../core/evidence/stored-text.ts';
import { changeRows } from './testing/change-rows.ts';
import { collect, newEntry } from './testing/entries.ts';
import { openTestStore } from './testing/test-store.ts';

const at = await openTestStore();
const { projections, ledger } = at.store;

afterAll(() => at.close());
beforeEach(() => projections.dropProjections());

function changeRow(given: Parameters<typeof changeRows>[0] = {}): ChangeRow {
  return changeRows(given).row;
}

function claimRow(given: Partial<ClaimRow> = {}): ClaimRow {
  return {
    repoId: 'github.com/o/r',
    changeId: 'pr/1',
    ordinal: 0,
    agent: 'claude-code',
    model: 'opus',
    sessionId: 'claude-code:session_1',
    userName: 'ada',
    role: 'author',
    level: 2,
    ...given,
  };
}

function upsert(...rows: readonly ChangeRow[]): Promise<void> {
  return projections.transaction((tx) => tx.upsertChanges(rows));
}

const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.array(fc.integer({ min: 0, max: 0xffff })).map((codes) => String.fromCharCode(...codes)),
  fc.constantFrom('', 'NULL', '\\x00', "'; DROP TABLE change; --", '{"a":1}', '\0', '\uD800', '"\\\r\n\t'),
);
const anyIndex = fc.nat({ max: Number.MAX_SAFE_INTEGER });
const anyDouble = fc
  .double({ noNaN: true, noDefaultInfinity: true })
  .filter((value) => !Object.is(value, -0));

test('any row comes back exactly as it was given, texts in their stored form', async () => {
  const anyRow = fc.record<ChangeRow>({
    repoId: fc.constant('r'),
    changeId: fc.constant('c'),
    ordinal: anyIndex,
    kind: anyText,
    number: fc.option(anyIndex),
    landing: anyText,
    title: anyText,
    authorName: anyText,
    authorEmail: anyText,
    baseSha: fc.option(anyText),
    headSha: anyText,
    mergeSha: anyText,
    mergedAt: anyText,
    mergedDay: fc.option(fc.integer({ min: -1e6, max: 1e6 })),
    files: anyIndex,
    additions: anyIndex,
    deletions: anyIndex,
    class: anyText,
    aiShare: fc.option(anyDouble),
    attributionLevel: fc.option(fc.nat({ max: 5 })),
    riskScore: anyDouble,
    riskProbability: anyDouble,
    riskBand: anyText,
    riskLogOdds: anyDouble,
    modelVersion: anyText,
    capture: anyText,
    gaps: fc.nat(),
    contradictions: fc.nat(),
    agents: fc.array(anyText.map(storedText), { maxLength: 3 }),
    models: fc.array(fc.option(anyText.map(storedText)), { maxLength: 3 }),
    sessions: fc.nat(),
    lines: anyIndex,
    search: anyText,
    cell: fc.uint8Array({ maxLength: 16 }).map((bytes) => Buffer.from(bytes)),
    observedDigest: fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
    factSeq: anyIndex,
    evidenceSeq: anyIndex,
    statementDigest: fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
  });
  await fc.assert(
    fc.asyncProperty(anyRow, async (row) => {
      await upsert(row);

      const stored = Object.fromEntries(
        Object.entries(row).map(([name, value]) => [
          name,
          typeof value === 'string' ? storedText(value) : value,
        ]),
      );
      expect(await projections.changesById('r', ['c'])).toEqual([stored]);
    }),
    { numRuns: 60 },
  );
});

test('a change that comes again replaces its row', async () => {
  await upsert(changeRow({ title: 'old', gaps: 3 }), changeRow({ changeId: 'pr/2' }));

  await upsert(changeRow({ title: 'new' }));

  expect(await projections.changesById('github.com/o/r', ['pr/1', 'pr/9'])).toEqual([
    changeRow({ title: 'new' }),
  ]);
});

test('what a transaction wrote is there as a whole, and nothing of it where it failed', async () => {
  const size = await ledger.size('evidence');
  const failure = new Error('stop');
  const record: EvidenceRecordRow = {
    evidenceSeq: size,
    repoId: 'github.com/o/r',
    changeId: 'pr/1',
    factSeq: 7,
    reason: 'merged',
    statementDigest: Buffer.alloc(32, 2),
  };
  const write = (fail: boolean) =>
    projections.transaction(async (tx) => {
      const outcome = await tx.append('evidence', [newEntry({ kind: 2 })]);
      await tx.upsertChanges([changeRow()]);
      await tx.replaceClaims([changeRow()], [claimRow()]);
      await tx.insertEvidenceRecords([record]);
      await tx.setCursor(8);
      if (fail) throw failure;
      return outcome;
    });

  await expect(write(true)).rejects.toBe(failure);
  expect(await ledger.size('evidence')).toBe(size);
  expect(await projections.cursor()).toBe(0);
  expect(await projections.lastEvidenceSeq()).toBe(-1);
  expect(await collect(projections.allChanges())).toEqual([]);

  expect(await write(false)).toEqual({ entries: [{ seq: size, duplicate: false }], size: size + 1 });
  expect(await ledger.size('evidence')).toBe(size + 1);
  expect(await projections.cursor()).toBe(8);
  expect(await projections.lastEvidenceSeq()).toBe(size);
  expect(await collect(projections.allClaims())).toEqual([claimRow()]);
  expect(await collect(projections.allEvidenceRecords())).toEqual([record]);
});

test('a statement that failed cannot be hidden: the transaction rejects even where its error was swallowed', async () => {
  const attempt = projections.transaction(async (tx) => {
    await tx.setCursor(5);
    await tx.upsertChanges([changeRow({ gaps: 0.5 })]).catch(() => undefined);
  });

  await expect(attempt).rejects.toThrow();
  expect(await projections.cursor()).toBe(0);
});

test('the claims of the named changes are replaced, those of others stay', async () => {
  const [one, two] = [changeRow(), changeRow({ changeId: 'pr/2' })];
  const other = claimRow({ changeId: 'pr/2' });
  await projections.transaction(async (tx) => {
    await tx.replaceClaims([one, two], [claimRow(), claimRow({ ordinal: 1 }), other]);
  });

  const next = claimRow({ agent: 'codex', model: null, sessionId: null, userName: null });
  await projections.transaction((tx) => tx.replaceClaims([one], [next]));

  expect(await collect(projections.allClaims())).toEqual([next, other]);
});

test('counts tell classes, bands, kinds, agents, models, sessions, gaps and the time they span', async () => {
  const rows = [
    changeRow({ changeId: 'a', class: 'ai', riskBand: 'high', gaps: 2, mergedAt: '2024-05-01T00:00:00Z' }),
    changeRow({ changeId: 'b', class: 'ai', kind: 'direct_push', contradictions: 1 }),
    changeRow({ changeId: 'c' }),
    changeRow({ changeId: 'd', repoId: 'other', class: 'mixed' }),
  ];
  const claims = [
    claimRow({ changeId: 'a' }),
    claimRow({ changeId: 'a', ordinal: 1, model: 'sonnet' }),
    claimRow({ changeId: 'b', agent: 'codex', model: null, sessionId: null }),
    claimRow({ changeId: 'b', ordinal: 1, sessionId: 'claude-code:session_2' }),
    claimRow({ changeId: 'd', repoId: 'other', agent: 'cursor' }),
  ];
  await projections.transaction(async (tx) => {
    await tx.upsertChanges(rows);
    await tx.replaceClaims(rows, claims);
  });

  expect(await projections.counts('github.com/o/r')).toEqual({
    changes: 3,
    byClass: { ai: 2, unknown: 1 },
    byBand: { high: 1, medium: 2 },
    byKind: { direct_push: 1, pull_request: 2 },
    agents: [
      { agent: 'claude-code', changes: 2 },
      { agent: 'codex', changes: 1 },
    ],
    models: [
      { agent: 'claude-code', model: 'opus', changes: 2 },
      { agent: 'claude-code', model: 'sonnet', changes: 1 },
    ],
    sessions: 2,
    withGaps: 1,
    withContradictions: 1,
    oldest: '2024-05-01T00:00:00Z',
    newest: '2026-01-02T03:04:05Z',
  });
  expect(await projections.counts('nowhere')).toMatchObject({
    changes: 0,
    sessions: 0,
    oldest: null,
    newest: null,
  });
});

test('the riskiest come first, of equal ones the newest', async () => {
  await upsert(
    changeRow({ changeId: 'a', riskScore: 90, ordinal: 1 }),
    changeRow({ changeId: 'b', riskScore: 99.5, ordinal: 2 }),
    changeRow({ changeId: 'c', riskScore: 90, ordinal: 3 }),
    changeRow({ changeId: 'd', riskScore: 90, riskLogOdds: 2, ordinal: 0 }),
    changeRow({ changeId: 'e', riskScore: 100, repoId: 'other' }),
  );

  const ids = (await projections.riskiest('github.com/o/r', 3)).map(({ changeId }) => changeId);

  expect(ids).toEqual(['b', 'd', 'c']);
});

test('every row is read once, in order, over many pages', async () => {
  const rows = Array.from({ length: 4_500 }, (_, index) =>
    changeRow({ repoId: `r${index % 3}`, changeId: `pr/${index}`, ordinal: index, evidenceSeq: index }),
  );
  const claims = rows.map(({ repoId, changeId }) => claimRow({ repoId, changeId }));
  await projections.transaction(async (tx) => {
    await tx.upsertChanges(rows);
    await tx.replaceClaims(rows, claims);
    await tx.insertEvidenceRecords(rows.map((row) => ({ ...row, reason: 'merged' })));
  });

  const byKey = (a: { repoId: string; changeId: string }, b: { repoId: string; changeId: string }) =>
    `${a.repoId} ${a.changeId}` < `${b.repoId} ${b.changeId}` ? -1 : 1;
  expect(await collect(projections.allChanges())).toEqual(rows.toSorted(byKey));
  expect(await collect(projections.allClaims())).toEqual(claims.toSorted(byKey));
  expect((await collect(projections.allEvidenceRecords())).map(({ evidenceSeq }) => evidenceSeq)).toEqual(
    rows.map((_, index) => index),
  );
  const known = await projections.knownChanges('r1');
  expect(known.size).toBe(1_500);
  expect(known.get('pr/4')).toEqual({ ordinal: 4, observedDigest: Buffer.alloc(32, 1), evidenceSeq: 4 });
});

test('dropping the projections empties them and leaves the ledger as it is', async () => {
  const repository: RepositoryRow = {
    repoId: 'github.com/o/r',
    name: 'r',
    url: null,
    targetBranch: 'main',
    headSha: 'a'.repeat(40),
    refsDigest: 'f'.repeat(64),
    changes: 1,
    factSeq: 3,
    importedAt: '2026-01-02T03:04:05.678Z',
  };
  const { size } = await ledger.append('events', [newEntry({ payload: randomBytes(10) })]);
  await projections.transaction(async (tx) => {
    await tx.upsertRepository(repository);
    await tx.upsertRepository({ ...repository, changes: 2 });
    await tx.upsertChanges([changeRow()]);
    await tx.setCursor(4);
  });
  expect(await projections.repositories()).toEqual([{ ...repository, changes: 2 }]);

  await projections.dropProjections();

  expect(await projections.repository('github.com/o/r')).toBeUndefined();
  expect(await collect(projections.allChanges())).toEqual([]);
  expect(await projections.cursor()).toBe(0);
  expect(await ledger.size('events')).toBe(size);
});
