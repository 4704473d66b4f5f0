import { execFile } from 'node:child_process';
import process from 'node:process';
import { promisify } from 'node:util';

/** Commits on the first-parent line of `main`; each one is a change. */
export interface GitHistory {
  /** A bare repository. */
  readonly path: string;
  /** Adds commits, numbered on from those that are there. */
  grow(commits: number): Promise<void>;
  /** Puts a Git AI note on the commit with that number, counted from 0; a later import learns something new of it. */
  note(commit: number): Promise<void>;
}

/** Every `claimedEvery`th commit names an agent in a trailer. */
const claimedEvery = 3;

/** An empty bare repository; the same calls always make the same commits. */
export async function createHistory(path: string): Promise<GitHistory> {
  await git(path, ['init', '--quiet', '--bare', '--initial-branch=main', path]);
  let size = 0;
  return {
    path,
    grow: async (commits) => {
      const stream = Array.from({ length: commits }, (_, at) => commit(size + at, at === 0 && size > 0)).join(
        '',
      );
      await git(path, ['fast-import', '--quiet'], stream);
      size += commits;
    },
    note: async (number) => {
      await git(path, ['notes', '--ref=ai', 'add', '-m', note, `main~${size - 1 - number}`]);
    },
  };
}

/** The first commit of a stream says what it follows; the others follow each other. */
function commit(number: number, continues: boolean): string {
  const who = `Dev ${number % 9} <dev${number % 9}@example.org> ${1_700_000_000 + number * 600} +0000`;
  const trailer = number % claimedEvery === 0 ? '\n\nCo-Authored-By: Claude <noreply@anthropic.com>' : '';
  const lines = Array.from({ length: 3 + (number % 8) }, (_, line) => `export const v${line} = ${number};\n`);
  return [
    'commit refs/heads/main\n',
    `author ${who}\ncommitter ${who}\n`,
    text(`Change number ${number}${number % 2 === 0 ? ` (#${number + 1})` : ''}${trailer}\n`),
    continues ? 'from refs/heads/main^0\n' : '',
    `M 100644 inline src/part-${number % 5}/file-${number % 37}.ts\n`,
    text(lines.join('')),
  ].join('');
}

function text(content: string): string {
  return `data ${Buffer.byteLength(content)}\n${content}\n`;
}

const note = [
  'src/part-0/file-0.ts',
  '  s_0123456789abcd::t_0123456789abcd 1-2',
  '---',
  JSON.stringify({
    schema_version: 'authorship/3.0.0',
    git_ai_version: '1.0.0',
    base_commit_sha: '0'.repeat(40),
    prompts: {},
    sessions: {
      s_0123456789abcd: {
        agent_id: { tool: 'claude', id: 'session-1', model: 'claude-sonnet-4-5' },
        human_author: 'Dev 1 <dev1@example.org>',
      },
    },
  }),
].join('\n');

/** With nothing of the machine's own configuration. */
async function git(folder: string, args: readonly string[], input = ''): Promise<void> {
  const running = promisify(execFile)('git', args, {
    ...(args[0] === 'init' ? {} : { cwd: folder }),
    env: {
      PATH: process.env.PATH,
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_CONFIG_GLOBAL: '/dev/null',
      GIT_AUTHOR_NAME: 'Noter',
      GIT_AUTHOR_EMAIL: 'noter@example.org',
      GIT_COMMITTER_NAME: 'Noter',
      GIT_COMMITTER_EMAIL: 'noter@example.org',
    },
  });
  // A command that reads nothing may end before this is written; what failed is told by its status.
  running.child.stdin?.on('error', () => undefined).end(input);
  await running;
}
