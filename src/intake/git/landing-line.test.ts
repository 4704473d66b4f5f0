import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readCommitGraph } from './commit-graph.ts';
import type { LineCommit } from './landing-line.ts';
import { locateRepository } from './locate-repository.ts';
import { openPrivateView, type PrivateView } from './private-view.ts';
import {
  makeRepository,
  removeTestFolders,
  type TestCommit,
  type TestRepository,
} from './testing/make-repository.ts';

/** Indices of earlier commits, counted from the latest one; what it says. */
interface Drawn {
  readonly parents: readonly number[];
  readonly isPullRequest: boolean;
}

const drawn = fc.record({
  parents: fc.uniqueArray(fc.nat({ max: 7 }), { minLength: 1, maxLength: 3, size: 'max' }),
  isPullRequest: fc.integer({ min: 0, max: 3 }).map((one) => one === 0),
});
const histories = fc.sample(fc.array(drawn, { minLength: 1, maxLength: 40, size: 'max' }), {
  numRuns: 80,
  seed: 3,
});

/** One history under its own root; all of them lie in one repository. */
function commitsOf(history: readonly Drawn[], nth: number): readonly TestCommit[] {
  return history.map(({ parents, isPullRequest }, at) => ({
    name: `${nth}.${at}`,
    ref: `refs/heads/h${nth}`,
    parents: [...new Set(parents.map((back) => at - 1 - back).filter((index) => index >= 0))].map(
      (index) => `${nth}.${index}`,
    ),
    message: isPullRequest ? `Commit ${at} (#${at + 1})` : `Commit ${at}`,
  }));
}

const all = histories.map(commitsOf);
let repository: TestRepository;
let view: PrivateView;

beforeAll(async () => {
  repository = makeRepository(all.flat());
  view = await openPrivateView(await locateRepository(repository.path), {});
});

afterAll(async () => {
  await view.close();
  removeTestFolders();
});

interface Landed {
  readonly name: string;
  readonly inner: readonly string[];
  readonly isOpened: boolean;
}

async function landedAt(name: string, commits: readonly TestCommit[]): Promise<readonly Landed[]> {
  const names = new Map(commits.map((commit) => [repository.shaOf(commit.name), commit.name]));
  const nameOf = (sha: string) => names.get(sha) ?? sha;
  const { line } = await readCommitGraph(view, repository.shaOf(name));
  return line.map(({ sha, inner, openedParents }: LineCommit) => ({
    name: nameOf(sha),
    inner: inner.map(nameOf).toSorted(),
    isOpened: openedParents.length > 0,
  }));
}

/** The rule as one would say it, without a thought for how long it takes. */
function expectedAt(name: string, commits: readonly TestCommit[]): readonly Landed[] {
  const byName = new Map(commits.map((commit) => [commit.name, commit]));
  const parentsOf = (one: string) => byName.get(one)?.parents ?? [];
  const isPullRequest = (one: string) => String(byName.get(one)?.message).includes('#');
  const reach = (tips: readonly string[], landed: ReadonlySet<string>): readonly string[] => {
    const found = new Set(tips.filter((tip) => !landed.has(tip)));
    // A set goes on to what is added to it meanwhile.
    for (const one of found) for (const parent of parentsOf(one)) if (!landed.has(parent)) found.add(parent);
    return [...found].toSorted();
  };
  const land = (tip: string, landed: Set<string>): readonly Landed[] => {
    const line: string[] = [];
    for (let one: string | undefined = tip; one !== undefined && !landed.has(one); one = parentsOf(one)[0]) {
      line.push(one);
    }
    return line.reverse().flatMap((one) => {
      const [, ...others] = parentsOf(one);
      const inner = reach(others, landed);
      const behind = new Set(landed);
      const lines = others.flatMap((other) => land(other, behind));
      for (const each of [...inner, one]) landed.add(each);
      const opens = !isPullRequest(one) && lines.some((each) => isPullRequest(each.name) || each.isOpened);
      return opens
        ? [...lines, { name: one, inner: [], isOpened: true }]
        : [{ name: one, inner, isOpened: false }];
    });
  };
  return land(name, new Set());
}

test('any history lands as the rule has it, every commit exactly once', async () => {
  let opened = 0;
  for (const commits of all) {
    const head = commits.at(-1)?.name ?? '';

    const landed = await landedAt(head, commits);

    expect(landed).toEqual(expectedAt(head, commits));
    const names = landed.flatMap(({ name, inner }) => [...inner, name]);
    expect(names).toHaveLength(new Set(names).size);
    expect(names).toHaveLength(Number(repository.git('rev-list', '--count', repository.shaOf(head))));
    opened += landed.filter(({ isOpened }) => isOpened).length;
  }
  expect(opened).toBeGreaterThan(50);
});

test('a history that ends earlier on the first-parent line lands in the same way up to there', async () => {
  for (const commits of all) {
    const head = commits.at(-1);
    const before = head?.parents?.[0];
    if (head === undefined || before === undefined) continue;
    const whole = await landedAt(head.name, commits);

    const part = await landedAt(before, commits);

    expect(part).toEqual(whole.slice(0, part.length));
  }
});
