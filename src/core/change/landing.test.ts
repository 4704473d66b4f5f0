import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bodyOf, continuesRebase, landingSigns, type RebasedCommit, subjectOf } from './landing.ts';

function signs(message: string, parents = 1, committerEmail = 'ann@example.org') {
  return landingSigns({ message, parents, committerEmail });
}

const pull = { kind: 'pull_request' } as const;

describe('the words of each forge', () => {
  test.each([
    [
      'GitHub merge',
      'Merge pull request #12 from octo/feat/x\n\nAdd x\n\nMore.',
      2,
      { ...pull, landing: 'merge', number: 12, forge: 'github', title: 'Add x', sourceBranch: 'feat/x' },
    ],
    [
      'GitHub merge without a body',
      'Merge pull request #12 from octo/fix',
      2,
      {
        ...pull,
        landing: 'merge',
        number: 12,
        forge: 'github',
        title: 'Merge pull request #12 from octo/fix',
        sourceBranch: 'fix',
      },
    ],
    [
      'GitHub squash',
      'Add x (#123)\n\n* one',
      1,
      { ...pull, landing: 'squash', number: 123, title: 'Add x' },
    ],
    [
      'a merge titled like the pull request',
      'Add x (#9)',
      2,
      { ...pull, landing: 'merge', number: 9, title: 'Add x' },
    ],
    [
      'the last number of a backport',
      'Add x (#3) (#14)',
      1,
      { ...pull, landing: 'squash', number: 14, title: 'Add x (#3)' },
    ],
    [
      'a reverted pull request',
      'Revert "Add x (#3)" (#15)',
      1,
      { ...pull, landing: 'squash', number: 15, title: 'Revert "Add x (#3)"' },
    ],
    [
      'GitLab merge',
      "Merge branch 'fix-it' into 'main'\n\nFix it\n\nSee merge request group/sub/proj!77",
      2,
      { ...pull, landing: 'merge', number: 77, forge: 'gitlab', title: 'Fix it', sourceBranch: 'fix-it' },
    ],
    [
      'GitLab squash',
      'Fix it\n\nSee merge request group/proj!78',
      1,
      { ...pull, landing: 'squash', number: 78, forge: 'gitlab', title: 'Fix it' },
    ],
    [
      'Gitea merge',
      "Merge pull request 'It's x' (#5) from dev/x into main\n\nReviewed-on: https://git.example.org/o/r/pulls/5",
      2,
      { ...pull, landing: 'merge', number: 5, forge: 'gitea', title: "It's x", sourceBranch: 'dev/x' },
    ],
    [
      'Gitea merge from a fork',
      "Merge pull request 'x' (#5) from ann/r:dev/x into main",
      2,
      { ...pull, landing: 'merge', number: 5, forge: 'gitea', title: 'x', sourceBranch: 'dev/x' },
    ],
    [
      'Gitea squash',
      'x (#6)\n\nReviewed-on: https://git.example.org/o/r/pulls/6',
      1,
      { ...pull, landing: 'squash', number: 6, forge: 'gitea', title: 'x' },
    ],
    [
      'Bitbucket merge',
      'Merged in feature/x (pull request #8)\n\nAdd x',
      2,
      { ...pull, landing: 'merge', number: 8, forge: 'bitbucket', title: 'Add x', sourceBranch: 'feature/x' },
    ],
    [
      'Bitbucket Server merge',
      'Pull request #8: Add x\n\nMerge in P/repo from feature/x to main',
      2,
      { ...pull, landing: 'merge', number: 8, forge: 'bitbucket', title: 'Add x', sourceBranch: 'feature/x' },
    ],
    [
      'Azure squash',
      'Merged PR 31: Add x',
      1,
      { ...pull, landing: 'squash', number: 31, forge: 'azure-devops', title: 'Add x' },
    ],
    [
      'Azure merge',
      'Merge pull request 31 from dev/x into main',
      2,
      {
        ...pull,
        landing: 'merge',
        number: 31,
        forge: 'azure-devops',
        title: 'Merge pull request 31 from dev/x into main',
        sourceBranch: 'dev/x',
      },
    ],
    [
      'bors',
      'Auto merge of #400 - ann:dev, r=bob\n\nAdd x',
      2,
      { ...pull, landing: 'merge', number: 400, forge: 'github', title: 'Add x', sourceBranch: 'dev' },
    ],
    [
      'Node.js',
      'lib: add x\n\nPR-URL: https://github.com/nodejs/node/pull/55\nReviewed-By: Bob <b@x.org>',
      1,
      { ...pull, landing: 'rebase', number: 55, forge: 'github', title: 'lib: add x' },
    ],
    [
      'marge-bot',
      'anv: add x\n\nPart-of: <https://gitlab.freedesktop.org/mesa/mesa/-/merge_requests/66>',
      1,
      { ...pull, landing: 'rebase', number: 66, forge: 'gitlab', title: 'anv: add x' },
    ],
    ['a push', 'Add x\n\nFixes #4', 1, { kind: 'direct_push', landing: 'push', title: 'Add x' }],
    [
      'a merge of a branch without a pull request',
      "Merge branch 'jk/x'",
      2,
      { kind: 'direct_push', landing: 'merge', title: "Merge branch 'jk/x'", sourceBranch: 'jk/x' },
    ],
    [
      'a pull from another clone',
      "Merge branch 'main' of github.com:o/r",
      2,
      { kind: 'direct_push', landing: 'merge', title: "Merge branch 'main' of github.com:o/r" },
    ],
  ])('%s', (_, message, parents, expected) => {
    expect(signs(message, parents)).toEqual(expected);
  });

  test('the committer that GitHub uses tells its squash merges from others', () => {
    expect(signs('x (#1)', 1, 'noreply@github.com').forge).toBe('github');
    expect(signs('x (#1)').forge).toBeUndefined();
  });
});

describe('what is not certain is a direct push', () => {
  test.each([
    ['zero', 'x (#0)'],
    ['a leading zero', 'x (#012)'],
    ['a number beyond any forge', 'x (#99999999999999999999)'],
    ['a number in the middle', 'x (#12) and more'],
    ['a number without its space', 'x(#12)'],
    ['an issue of another project', 'x (octo/repo#12)'],
    ['two different pull requests', 'x\n\nPR-URL: https://h/o/r/pull/1\nPR-URL: https://h/o/r/pull/2'],
    ['a review in Gerrit', 'x\n\nReviewed-on: https://go-review.googlesource.com/c/go/+/123'],
    ['a quoted request', 'x\n\n> See merge request a/b!1'],
    ['nothing', ''],
    ['a subject of ten thousand characters', `${'Merge pull request '.repeat(600)}#1 from a/b`],
  ])('%s', (_, message) => {
    expect(signs(message)).toMatchObject({ kind: 'direct_push', landing: 'push' });
    expect(signs(message).number).toBeUndefined();
  });
});

test('a title is one line of at most 500 characters, without control characters or half characters', () => {
  expect(signs('a\u0007b\tc\u001b[31m (#1)').title).toBe('a b c [31m');
  const long = signs(`${'😀'.repeat(400)} (#1)`);
  expect(long.number).toBe(1);
  expect(long.title.length).toBeLessThanOrEqual(500);
  expect(long.title.isWellFormed()).toBe(true);
});

test('any message gives bounded, exact signs, and several parents always mean a merge', () => {
  const words = fc.constantFrom(
    'Merge pull request #',
    "Merge branch '",
    '(#',
    ')',
    ' from ',
    'a/b',
    '\n',
    '\n\n',
    "' into 'main'",
    'See merge request g/p!',
    'PR-URL: https://h/o/r/pull/',
    '0',
    '7',
    '99999999999',
    ' ',
    '\u0000',
    '\ud800',
    "'",
  );
  const message = fc.array(fc.oneof(words, fc.string()), { maxLength: 40 }).map((all) => all.join(''));
  fc.assert(
    fc.property(message, fc.integer({ min: 0, max: 3 }), (text, parents) => {
      const found = signs(text, parents);

      expect(found.title.length).toBeLessThanOrEqual(500);
      expect(found.title).not.toMatch(/\p{Cc}/u);
      expect(found.kind === 'pull_request').toBe(found.number !== undefined);
      if (found.number !== undefined) {
        expect(Number.isSafeInteger(found.number) && found.number > 0 && found.number < 1e10).toBe(true);
      }
      expect(found.landing === 'merge').toBe(parents > 1);
    }),
    { numRuns: 300 },
  );
});

test('every number that a forge can give is read back from its subject', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 9_999_999_999 }), (number) => {
      expect(signs(`x (#${number})`).number).toBe(number);
      expect(signs(`Merge pull request #${number} from a/b`, 2).number).toBe(number);
      expect(signs(`x\n\nSee merge request g/p!${number}`).number).toBe(number);
    }),
  );
});

describe('commits of one rebased pull request', () => {
  const commit = (change: Partial<RebasedCommit> = {}): RebasedCommit => {
    const base = { message: 'x (#5)', parents: 1, committerEmail: 'a@x.org', committedAt: 1_000, ...change };
    return { ...base, signs: landingSigns(base) };
  };

  test('follow each other with the same number, committer and hour', () => {
    expect(continuesRebase(commit(), commit({ message: 'y (#5)', committedAt: 1_002 }))).toBe(true);
  });

  test.each([
    ['another number', { message: 'y (#6)' }],
    ['no number', { message: 'y' }],
    ['a merge', { parents: 2 }],
    ['another committer', { committerEmail: 'b@x.org' }],
    ['a later day', { committedAt: 100_000 }],
    ['another forge', { message: 'y\n\nPR-URL: https://h/o/r/pull/5' }],
  ])('end at %s', (_, change) => {
    expect(continuesRebase(commit(), commit(change))).toBe(false);
  });
});

test('subject and body are git’s own: the first paragraph on one line, and what follows it', () => {
  expect(subjectOf('\n\na\nb\n\nc\n')).toBe('a b');
  expect(bodyOf('a\nb\n\n\nc\n\nd\n')).toBe('c\n\nd\n');
  expect(bodyOf('a')).toBe('');
});
