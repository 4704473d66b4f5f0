import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import type { PullRequestRow } from '../../app/host-row-ports.ts';
import type { ParsedQuery } from '../../contract/api.ts';
import type { PullRequestList } from '../../contract/pull-requests.ts';
import { openTestStore } from '../testing/test-store.ts';

const at = await openTestStore();
const { changes: reader, projections } = at.store;

afterAll(() => at.close());

type Query = ParsedQuery<'listPullRequests'>;
type Given = Pick<
  PullRequestRow,
  'repoId' | 'number' | 'title' | 'state' | 'verdict' | 'pending' | 'assessedAt' | 'evidenceSeq'
>;

const row: PullRequestRow = {
  repoId: 'github.com/acme/shop',
  number: 1,
  changeId: 'pr/1',
  ordinal: 1,
  repositoryHostId: 'github.com#1',
  title: 'Say hello',
  authorLogin: null,
  state: 'open',
  draft: false,
  targetBranch: 'main',
  headSha: 'a'.repeat(40),
  class: 'unknown',
  attributionLevel: null,
  riskScore: 12.5,
  riskBand: 'low',
  verdict: 'violated',
  pending: false,
  because: 'Blocked: no approval.',
  policyDigest: null,
  stateDigest: 'b'.repeat(64),
  approvals: 0,
  assessedAt: '2026-01-01T00:00:00.000Z',
  createdAt: '2026-01-01T00:00:00.000Z',
  mergedAt: null,
  mergeSha: null,
  landed: [],
  factSeq: 1,
  evidenceSeq: 1,
  statementDigest: new Uint8Array(32),
};

async function store(given: readonly Given[]): Promise<void> {
  await projections.dropProjections();
  await projections.transaction((tx) =>
    tx.upsertPullRequests(given.map((one) => ({ ...row, ...one, changeId: `pr/${one.number}` }))),
  );
}

const repoIds = ['github.com/acme/shop', 'github.com/acme/till'] as const;
const states = ['open', 'closed', 'merged'] as const;
const verdicts = ['satisfied', 'violated', 'indeterminate'] as const;

/** Many share their time, so that the record has to decide. */
const anyPulls: fc.Arbitrary<readonly Given[]> = fc
  .array(
    fc.record({
      repoId: fc.constantFrom(...repoIds),
      state: fc.constantFrom(...states),
      verdict: fc.constantFrom(...verdicts),
      pending: fc.boolean(),
      title: fc.string({ maxLength: 20 }).filter((text) => !text.includes('\0')),
      assessedAt: fc.integer({ min: 1, max: 4 }).map((day) => `2026-01-0${day}T00:00:00.000Z`),
    }),
    { maxLength: 25 },
  )
  .map((all) => all.map((one, index) => ({ ...one, number: index + 1, evidenceSeq: (index * 7) % 26 })));

const anyFilter: fc.Arbitrary<Omit<Query, 'limit'>> = fc.record(
  {
    repo: fc.subarray([...repoIds], { minLength: 1 }),
    state: fc.subarray([...states], { minLength: 1 }),
    verdict: fc.subarray([...verdicts, 'pending' as const], { minLength: 1 }),
  },
  { requiredKeys: [] },
);

function expected(given: readonly Given[], { repo, state, verdict }: Omit<Query, 'limit'>) {
  const has = (wanted: readonly string[] | undefined, value: string) => wanted?.includes(value) ?? true;
  return given
    .filter(
      (one) =>
        has(repo, one.repoId) && has(state, one.state) && has(verdict, one.pending ? 'pending' : one.verdict),
    )
    .toSorted(
      (a, b) =>
        (a.assessedAt < b.assessedAt ? 1 : a.assessedAt > b.assessedAt ? -1 : 0) ||
        b.evidenceSeq - a.evidenceSeq,
    )
    .map(({ number }) => number);
}

function numbers({ items }: PullRequestList): readonly number[] {
  return items.map(({ number }) => number);
}

test('walking forth and back under any filters shows each pull request once, assessed last first', async () => {
  await fc.assert(
    fc.asyncProperty(anyPulls, anyFilter, fc.integer({ min: 1, max: 7 }), async (given, filter, limit) => {
      await store(given);
      const all = expected(given, filter);

      const pages: PullRequestList[] = [];
      for (let cursor: string | null | undefined; cursor !== null; cursor = pages.at(-1)?.next ?? null)
        pages.push(await reader.pullRequests({ ...filter, limit, ...(cursor ? { cursor } : {}) }));

      expect(pages.flatMap(numbers)).toEqual(all);
      expect(pages.map(({ total }) => total)).toEqual(pages.map(() => all.length));
      expect(pages.map(({ offset }) => offset)).toEqual(pages.map((_, index) => index * limit));
      for (const [index, { previous }] of pages.entries()) {
        expect(previous === null).toBe(index === 0);
        if (previous === null) continue;
        const back = await reader.pullRequests({ ...filter, limit, cursor: previous });
        expect(back).toEqual(pages[index - 1]);
      }
    }),
    { numRuns: 40 },
  );
});

test('the first page counts those that were merged without a verdict that lets them', async () => {
  const given = states.flatMap((state) =>
    verdicts.flatMap((verdict) => [false, true].map((pending) => ({ state, verdict, pending }))),
  );
  await store(
    given.map((one, index) => ({
      ...one,
      repoId: row.repoId,
      title: row.title,
      assessedAt: row.assessedAt,
      number: index + 1,
      evidenceSeq: index,
    })),
  );

  const { pullRequests } = await reader.overview();

  expect(pullRequests).toEqual({ total: 18, open: 6, mergedViolated: 1, mergedUndecided: 4 });
  const shown = async (verdict: NonNullable<Query['verdict']>) =>
    (await reader.pullRequests({ state: ['merged'], verdict, limit: 50 })).total;
  expect(await shown(['violated'])).toBe(pullRequests.mergedViolated);
  expect(await shown(['indeterminate', 'pending'])).toBe(pullRequests.mergedUndecided);
});

test('a cursor of another list, or none of ours, is refused as a mistake', async () => {
  const others = [['merged', 'desc', 'after', '2026', 1], ['assessed', 'after', '2026', 'x'], 7];
  for (const value of others) {
    const cursor = Buffer.from(JSON.stringify(value)).toString('base64url');

    await expect(reader.pullRequests({ limit: 5, cursor })).rejects.toMatchObject({ code: 'INPUT_INVALID' });
  }
});
