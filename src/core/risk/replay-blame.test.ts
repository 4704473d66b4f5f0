import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createChangeReplay } from './replay.ts';
import { type PlayedFile, type PlayedHunk, play } from './testing/play-unit.ts';

let folder = '';
const historyArguments =
  'log --reverse --first-parent --diff-merges=first-parent -p -U0 -M --format=%x00%H_%ct_%ae'
    .split(' ')
    .map((word) => word.replaceAll('_', ' '));
const day = 86_400;
const start = 1_700_000_000;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'replay-blame-'));
  git(['init', '-q', '-b', 'main']);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('the origins of removed lines agree with git blame --first-parent, over renames and merges', () => {
  const draw = dice();
  buildHistory(draw);
  const replay = createChangeReplay();
  const times = new Map<string, number>();
  const authors = new Map<string, string>();
  let checked = 0;

  for (const unit of git(historyArguments).split('\0').slice(1)) {
    const [header = '', ...diff] = unit.split('\n');
    const [sha = '', seconds = '', author = ''] = header.split(' ');
    const committedAt = Number(seconds);
    times.set(sha, committedAt);
    authors.set(sha, author);
    const files = filesOf(diff.join('\n'));
    const features = play(replay, { sha, committedAt, author }, files);
    const origins = files.flatMap((file) => removedOrigins(sha, file));
    const lines = Math.max(1, origins.length);
    const age =
      origins.reduce((sum, origin) => sum + (committedAt - (times.get(origin) ?? 0)) / day, 0) / lines;
    const others = origins.filter((origin) => authors.get(origin) !== author).length / lines;
    checked += origins.length;

    expect([sha, features.mod_lines]).toEqual([sha, origins.length]);
    expect(features.mod_age).toBeCloseTo(age, 3);
    expect(features.mod_other).toBeCloseTo(others, 3);
  }

  expect(checked).toBeGreaterThan(60);
});

/** Commits by two people to two files: edits, a rename, and a branch that is merged. */
function buildHistory(draw: (below: number) => number): void {
  const contents = new Map(['src/a.ts', 'src/b.ts'].map((path) => [path, freshLines(draw, 40)]));
  for (let commit = 0; commit < 13; commit += 1) {
    if (commit === 5) {
      git(['mv', 'src/b.ts', 'src/renamed.ts']);
      contents.set('src/renamed.ts', contents.get('src/b.ts') ?? []);
      contents.delete('src/b.ts');
    }
    if (commit === 8) git(['checkout', '-q', '-b', 'topic']);
    for (const [path, lines] of contents) rewrite(draw, path, lines);
    git(['add', '-A']);
    git(['commit', '-q', '-m', `change ${commit}`], identity(commit, draw(2) === 0 ? 'ann' : 'bob'));
    if (commit === 10) {
      git(['checkout', '-q', 'main']);
      git(['merge', '-q', '--no-ff', '-m', 'Merge topic', 'topic'], identity(commit, 'bob'));
    }
  }
}

function rewrite(draw: (below: number) => number, path: string, lines: string[]): void {
  for (let edit = 0; edit < 6; edit += 1) {
    lines.splice(draw(lines.length + 1), draw(4), ...freshLines(draw, draw(4)));
  }
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), lines.map((line) => `${line}\n`).join(''));
}

function identity(commit: number, name: string): Record<string, string> {
  const date = `${start + commit * 3 * day} +0000`;
  const email = `${name}@example.org`;
  return {
    GIT_AUTHOR_NAME: name,
    GIT_AUTHOR_EMAIL: email,
    GIT_AUTHOR_DATE: date,
    GIT_COMMITTER_NAME: name,
    GIT_COMMITTER_EMAIL: email,
    GIT_COMMITTER_DATE: date,
  };
}

/** Lines that occur once in the whole history, so that no two diffs of them are equally good. */
function freshLines(draw: (below: number) => number, count: number): string[] {
  return Array.from({ length: count }, () => `value_${draw(1e9)} = ${draw(1e9)}`);
}

function filesOf(diff: string): PlayedFile[] {
  return diff
    .split(/^diff --git /m)
    .slice(1)
    .map((part) => {
      const path = /^a\/.* b\/(.*)$/m.exec(part)?.[1] ?? '';
      const from = /^rename from (.*)$/m.exec(part)?.[1];
      const status = from !== undefined ? 'renamed' : part.includes('\nnew file mode') ? 'added' : 'modified';
      return { path, status, hunks: hunksOf(part), ...(from === undefined ? {} : { oldPath: from }) };
    });
}

function hunksOf(part: string): PlayedHunk[] {
  return [...part.matchAll(/^@@ -(\d+)\S* \+(\d+)\S* @@.*\n((?:[-+].*\n?)*)/gm)].map((match) => {
    const lines = (match[3] ?? '').split('\n');
    const having = (sign: string) =>
      lines.filter((line) => line.startsWith(sign)).map((line) => line.slice(1));
    return {
      oldStart: Number(match[1]),
      newStart: Number(match[2]),
      removed: having('-'),
      added: having('+'),
    };
  });
}

/** What git blames for each line that the commit removes from the file. */
function removedOrigins(sha: string, { path, oldPath, status, hunks = [] }: PlayedFile): string[] {
  if (status === 'added' || hunks.every(({ removed = [] }) => removed.length === 0)) return [];
  const blamed = git(['blame', '--first-parent', '-l', '-s', '--root', `${sha}^1`, '--', oldPath ?? path])
    .trim()
    .split('\n')
    .map((line) => line.slice(0, 40));
  return hunks.flatMap(({ oldStart, removed = [] }) =>
    blamed.slice(oldStart - 1, oldStart - 1 + removed.length),
  );
}

function git(args: readonly string[], environment: Record<string, string> = {}): string {
  return execFileSync('git', ['-c', 'core.autocrlf=false', ...args], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1', ...environment },
  });
}

/** A fixed sequence, so that the history is the same in every run. */
function dice(): (below: number) => number {
  let state = 42;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}
