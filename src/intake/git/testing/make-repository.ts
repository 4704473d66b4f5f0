import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export type TestFile = string | Uint8Array | { readonly mode: string; readonly content: string };

/** One commit of a test repository. Names are for the test alone; parents are named by them. */
export interface TestCommit {
  readonly name: string;
  /** Default: `refs/heads/main`. */
  readonly ref?: string;
  /** Default: the commit before it in the list; none for the first. */
  readonly parents?: readonly string[];
  /** Default: the name. */
  readonly message?: string | Uint8Array;
  /** Path (bytes as latin1 characters) → content; null removes it. */
  readonly files?: Readonly<Record<string, TestFile | null>>;
  readonly renames?: readonly (readonly [from: string, to: string])[];
  /** Unix seconds. Default: one hour after the commit before. */
  readonly at?: number;
  readonly authoredAt?: number;
  /** `Name <e-mail>`. */
  readonly author?: string;
  readonly committer?: string;
}

export interface TestRepository {
  readonly path: string;
  shaOf(name: string): string;
  git(...args: readonly string[]): string;
  gitWithInput(input: string | Uint8Array, ...args: readonly string[]): string;
}

export const testStart = 1_700_000_000;
const nobody = 'Ann Lee <ann@example.org>';
const made: string[] = [];

/** An empty folder, removed by `removeTestFolders`. */
export function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'reentry-test-'));
  made.push(folder);
  return folder;
}

/** For `afterAll`. */
export function removeTestFolders(): void {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true });
}

/** Runs git as the tests do everywhere: without anybody's configuration. */
export function testGit(folder: string, args: readonly string[], input?: string | Uint8Array): string {
  return execFileSync('git', args, {
    cwd: folder,
    input,
    encoding: 'utf8',
    maxBuffer: 256 * 1024 * 1024,
    stdio: ['pipe', 'pipe', 'pipe'],
    env: {
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_CONFIG_GLOBAL: '/dev/null',
      HOME: folder,
      LC_ALL: 'C',
      GIT_AUTHOR_NAME: 'Ann Lee',
      GIT_AUTHOR_EMAIL: 'ann@example.org',
      GIT_COMMITTER_NAME: 'Ann Lee',
      GIT_COMMITTER_EMAIL: 'ann@example.org',
      GIT_AUTHOR_DATE: `${testStart} +0000`,
      GIT_COMMITTER_DATE: `${testStart} +0000`,
    },
  });
}

/** A real repository, written in one go by `git fast-import`. */
export function makeRepository(
  commits: readonly TestCommit[],
  options: readonly string[] = [],
): TestRepository {
  const path = makeFolder();
  testGit(path, ['init', '-q', '-b', 'main', ...options]);
  const shas = new Map<string, string>();
  const repository: TestRepository = {
    path,
    shaOf: (name) => shas.get(name) ?? name,
    git: (...args) => testGit(path, args).trim(),
    gitWithInput: (input, ...args) => testGit(path, args, input).trim(),
  };
  addCommits(repository, commits, shas);
  return Object.freeze({ ...repository, shaOf: (name: string) => known(shas, name) });
}

function known(shas: ReadonlyMap<string, string>, name: string): string {
  const sha = shas.get(name);
  if (sha === undefined) throw new RangeError(`no commit is called ${name}`);
  return sha;
}

function addCommits(
  repository: TestRepository,
  commits: readonly TestCommit[],
  shas: Map<string, string>,
): void {
  if (commits.length === 0) return;
  const marks = join(repository.path, 'marks');
  const stream = fastImport(commits);
  testGit(repository.path, ['fast-import', '--quiet', '--force', `--export-marks=${marks}`], stream);
  for (const line of readFileSync(marks, 'latin1').split('\n')) {
    const [, mark = '', sha = ''] = /^:(\d+) ([0-9a-f]+)$/.exec(line) ?? [];
    const commit = commits[Number(mark) - 1];
    if (commit !== undefined) shas.set(commit.name, sha);
  }
  rmSync(marks);
}

function fastImport(commits: readonly TestCommit[]): Buffer {
  const marks = new Map(commits.map(({ name }, index) => [name, `:${index + 1}`]));
  return Buffer.concat(
    commits.flatMap((commit, index) => [
      ...commitLines(commit, { index, marks, previous: commits[index - 1]?.name }),
      ...(commit.renames ?? []).map(([from, to]) => latin1(`R ${quoted(from)} ${quoted(to)}\n`)),
      ...Object.entries(commit.files ?? {}).flatMap(([path, file]) => fileLines(path, file)),
      latin1('\n'),
    ]),
  );
}

interface Place {
  readonly index: number;
  readonly marks: ReadonlyMap<string, string>;
  readonly previous: string | undefined;
}

function commitLines(commit: TestCommit, { index, marks, previous }: Place): readonly Uint8Array[] {
  const { ref = 'refs/heads/main', message = commit.name, author = nobody, committer = nobody } = commit;
  const parents = commit.parents ?? (previous === undefined ? [] : [previous]);
  const at = commit.at ?? testStart + index * 3_600;
  return [
    latin1(`${parents.length === 0 ? `reset ${ref}\n\n` : ''}commit ${ref}\nmark :${index + 1}\n`),
    Buffer.from(`author ${author} ${commit.authoredAt ?? at} +0000\ncommitter ${committer} ${at} +0000\n`),
    ...data(message),
    ...parents.map((name, nth) => latin1(`${nth === 0 ? 'from' : 'merge'} ${marks.get(name)}\n`)),
  ];
}

function fileLines(path: string, file: TestFile | null): readonly Uint8Array[] {
  if (file === null) return [latin1(`D ${quoted(path)}\n`)];
  const { mode, content } =
    typeof file === 'object' && 'mode' in file ? file : { mode: '100644', content: file };
  if (mode === '160000') return [latin1(`M 160000 ${String(content)} ${quoted(path)}\n`)];
  return [latin1(`M ${mode} inline ${quoted(path)}\n`), ...data(content)];
}

function data(content: string | Uint8Array): readonly Uint8Array[] {
  const bytes = Buffer.from(content);
  return [latin1(`data ${bytes.length}\n`), bytes, latin1('\n')];
}

function latin1(text: string): Buffer {
  return Buffer.from(text, 'latin1');
}

function quoted(path: string): string {
  return `"${path.replace(/["\\]/g, '\\$&').replaceAll('\n', '\\n')}"`;
}
