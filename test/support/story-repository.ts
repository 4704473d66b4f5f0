import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { gitAiNote } from './git-ai-note.ts';

/** A working tree in which a test commits one thing after the other. */
export interface StoryRepository {
  readonly path: string;
  git(...args: readonly string[]): string;
  /** Writes the files, commits all of them, gives the commit's id. */
  commit(message: string, files: Readonly<Record<string, string>>): string;
  /** Puts a Git AI note on a commit: an agent session wrote the first `lines` lines of that file. */
  note(commit: string, file: string, lines: number): void;
}

/** The same calls always make the same commits: nothing of the machine's settings, one hour between two commits. */
export function createRepository(path: string): StoryRepository {
  let hour = 0;
  const git = (...args: readonly string[]) => {
    const at = `${1_760_000_000 + hour * 3_600} +0000`;
    return execFileSync('git', args, {
      cwd: path,
      encoding: 'utf8',
      env: {
        PATH: process.env.PATH,
        GIT_CONFIG_NOSYSTEM: '1',
        GIT_CONFIG_GLOBAL: '/dev/null',
        GIT_AUTHOR_NAME: 'Ada',
        GIT_AUTHOR_EMAIL: 'ada@example.org',
        GIT_AUTHOR_DATE: at,
        GIT_COMMITTER_NAME: 'Ada',
        GIT_COMMITTER_EMAIL: 'ada@example.org',
        GIT_COMMITTER_DATE: at,
      },
    }).trim();
  };
  mkdirSync(path, { recursive: true });
  git('init', '--quiet', '--initial-branch=main');
  return {
    path,
    git,
    commit: (message, files) => {
      hour += 1;
      for (const [name, content] of Object.entries(files)) {
        mkdirSync(dirname(join(path, name)), { recursive: true });
        writeFileSync(join(path, name), content);
      }
      git('add', '--all');
      git('commit', '--quiet', '--message', message);
      return git('rev-parse', 'HEAD');
    },
    note: (commit, file, lines) => {
      git(
        'notes',
        '--ref=ai',
        'add',
        '--force',
        '--message',
        gitAiNote(file, lines, 'Ada <ada@example.org>'),
        commit,
      );
    },
  };
}

const hostileTitle = 'Tidy \u001b[2J\u001b]0;owned\u0007 up \u202egnp.exe (#4)';

/** Seven changes: a root commit, squashes with and without an agent, a merge, a hostile title, two that look risky. */
export function createStory(path: string): StoryRepository {
  const repository = createRepository(path);
  const { commit, git } = repository;
  commit('Begin', { 'README.md': '# Shop\n' });
  commit('Add the cart (#1)\n\nCo-Authored-By: Claude Opus 4.5 <noreply@anthropic.com>', {
    'src/cart.ts': branches('cart', 60),
  });
  commit('Fix a typo (#2)', { 'README.md': '# The shop\n' });
  git('switch', '--quiet', '--create', 'payments');
  const payments = commit('Take payments', { 'src/payments.ts': branches('payments', 220) });
  git('switch', '--quiet', 'main');
  git(
    'merge',
    '--quiet',
    '--no-ff',
    '-m',
    'Merge pull request #3 from acme/payments\n\nTake payments',
    'payments',
  );
  repository.note(payments, 'src/payments.ts', 400);
  commit(hostileTitle, { 'src/tidy.ts': 'export const tidy = true;\n' });
  commit('Rework the cart (#5)\n\nCo-authored-by: Cursor <cursoragent@cursor.com>', {
    'src/cart.ts': branches('basket', 90),
  });
  commit('Say hello', { 'src/hello.ts': "export const hello = 'hello';\n" });
  return repository;
}

/** Source with that many decisions in it. */
function branches(name: string, count: number): string {
  const lines = Array.from(
    { length: count },
    (_, at) => `  if (order > ${at} && order % ${at + 2} === 0) return '${name} ${at}';\n`,
  );
  return `export function ${name}(order: number): string {\n${lines.join('')}  return 'none';\n}\n`;
}
