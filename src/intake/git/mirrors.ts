import { hash } from 'node:crypto';
import { mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { GitAccess } from '../../app/host-ports.ts';
import type { LineCommit, Mirror, Mirrors } from '../../app/mirror-ports.ts';
import type { RepositoryReader } from '../../app/ports.ts';
import type { ObservedChange } from '../../core/change/observed-change.ts';
import { AppError } from '../../core/errors.ts';
import { type GitContext, type GitOutput, runGit } from './git-child.ts';

export interface MirrorOptions {
  /** Folder of all mirrors; made where there is none. */
  readonly folder: string;
  readonly searchPath: string | undefined;
  readonly open: (path: string) => Promise<RepositoryReader>;
  /** Ends every git. */
  readonly signal?: AbortSignal;
}

/** Bare copies of hosts' repositories, one folder each, named by the repository's number: a renamed one keeps its copy. */
export function openMirrors(options: MirrorOptions): Mirrors {
  const opened = new Map<string, Promise<GitMirror>>();
  return {
    of: (key, origin) => {
      const known = opened.get(key);
      if (known) return known;
      const made = makeMirror(options, key, origin);
      opened.set(key, made);
      made.catch(() => opened.delete(key));
      return made;
    },
  };
}

async function makeMirror(options: MirrorOptions, key: string, origin: string): Promise<GitMirror> {
  const name = /^([\w.-]{1,200})#(\d{1,20})$/.exec(key);
  if (name === null)
    throw new AppError('INTERNAL', { detail: 'a repository without a number has no mirror' });
  const path = join(options.folder, `${name[1]}-${name[2]}.git`);
  await mkdir(options.folder, { recursive: true, mode: 0o700 });
  const mirror = new GitMirror(path, options);
  if (await stat(join(path, 'HEAD')).catch(() => undefined)) return mirror;
  await mirror.make(origin);
  return mirror;
}

/** Readings of one mirror that are kept: pull requests that people work on at the same time. */
const maxKept = 32;
const recordPrefixes = ['refs/notes/ai', 'refs/heads/entire', 'refs/entire', 'refs/replace'];

/** git says nothing while it fetches; a line that stands still is given up by `lowSpeed…` long before. */
const silenceLimitMs = 3_600_000;

class GitMirror implements Mirror {
  readonly path: string;
  readonly #options: MirrorOptions;
  /** One fetch after the other: git locks references, and the second finds what the first brought. */
  #fetching: Promise<unknown> = Promise.resolve();
  readonly #read = new Map<string, ObservedChange>();

  constructor(path: string, options: MirrorOptions) {
    this.path = path;
    this.#options = options;
  }

  async make(origin: string): Promise<void> {
    await this.#demand(['init', '--bare', '--quiet', '--ref-format=files', this.path], 'making a mirror', {
      inside: false,
    }).catch(async (error: unknown) => {
      // Before git 2.45 there is no other format.
      if (!(error instanceof AppError) || error.code !== 'GIT_FAILED') throw error;
      await this.#demand(['init', '--bare', '--quiet', this.path], 'making a mirror', { inside: false });
    });
    await this.#demand(['config', 'remote.origin.url', origin], 'making a mirror');
    await this.#demand(['config', 'gc.auto', '0'], 'making a mirror');
  }

  fetch(access: GitAccess, references: readonly string[]): Promise<void> {
    const turn = this.#fetching.then(() => this.#fetch(access, references));
    this.#fetching = turn.catch(() => undefined);
    return turn;
  }

  async #fetch({ url, header }: GitAccess, references: readonly string[]): Promise<void> {
    const wanted = references.map((name) => `+${checked(name)}:${checked(name)}`);
    const standing = ['+refs/heads/*:refs/heads/*', '+refs/notes/*:refs/notes/*'];
    const args = [
      'fetch',
      '--quiet',
      '--no-tags',
      '--prune',
      '--no-write-fetch-head',
      '--no-auto-maintenance',
    ];
    // A secret among the arguments could be read by every user of the machine.
    const environment = {
      GIT_CONFIG_COUNT: '4',
      GIT_CONFIG_KEY_0: 'http.extraHeader',
      GIT_CONFIG_VALUE_0: header,
      GIT_CONFIG_KEY_1: 'http.followRedirects',
      GIT_CONFIG_VALUE_1: 'false',
      GIT_CONFIG_KEY_2: 'http.lowSpeedLimit',
      GIT_CONFIG_VALUE_2: '100',
      GIT_CONFIG_KEY_3: 'http.lowSpeedTime',
      GIT_CONFIG_VALUE_3: '60',
    };
    await this.#demand([...args, '--end-of-options', url, ...standing, ...wanted], 'fetching', {
      environment,
    });
  }

  async setDefaultBranch(branch: string): Promise<void> {
    await this.#demand(
      ['symbolic-ref', 'HEAD', checked(`refs/heads/${branch}`)],
      'noting the default branch',
    );
  }

  async commitOf(revision: string): Promise<string | null> {
    const { status, output } = await this.#run(
      ['rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`],
      'looking for a commit',
    );
    return status === 0 ? output.toString('latin1').trim() : null;
  }

  async treesOf(shas: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const { output } = await this.#run(
      ['cat-file', '--batch-check=%(objectname) %(objecttype)'],
      'looking for trees',
      { input: shas.map((sha) => `${checked(sha)}^{tree}\n`).join('') },
    );
    const lines = output.toString('latin1').split('\n');
    return new Map(
      shas.flatMap((sha, index) => {
        const [tree = '', type] = lines[index]?.split(' ') ?? [];
        return type === 'tree' ? [[sha, tree] as const] : [];
      }),
    );
  }

  async file(commit: string, path: string, maxBytes: number): Promise<Uint8Array | null> {
    const object = `${checked(commit)}:${path}`;
    const size = await this.#run(['cat-file', '-s', object], 'reading a file');
    if (size.status !== 0 || Number(size.output.toString('latin1')) > maxBytes) return null;
    const { status, output } = await this.#run(['cat-file', 'blob', object], 'reading a file');
    return status === 0 ? output : null;
  }

  async firstParents(sha: string, count: number): Promise<readonly LineCommit[]> {
    const format = ['%H', '%P', '%at', '%ae', '%s'].join('%x00');
    const { status, output } = await this.#run(
      [
        'log',
        '--first-parent',
        `--max-count=${count}`,
        `--format=${format}`,
        '--end-of-options',
        checked(sha),
        '--',
      ],
      'reading the line',
    );
    if (status !== 0) return [];
    const lines = output.toString('utf8').split('\n');
    return lines.flatMap((line) => {
      const [id = '', parents = '', at = '', authorEmail = '', subject = ''] = line.split('\0');
      if (id === '') return [];
      return [
        {
          sha: id,
          parents: parents.split(' ').filter((one) => one !== ''),
          authoredAt: Number(at),
          authorEmail,
          subject,
        },
      ];
    });
  }

  async mergeTree(base: string, head: string): Promise<string | null> {
    const { status, output } = await this.#run(
      ['merge-tree', '--write-tree', '--no-messages', checked(base), checked(head)],
      'merging by ourselves',
    );
    const tree = output.toString('latin1').split('\n', 1)[0] ?? '';
    return status === 0 && /^([0-9a-f]{40}|[0-9a-f]{64})$/.test(tree) ? tree : null;
  }

  async readRange(base: string, head: string): Promise<ObservedChange | null> {
    const key = `${base} ${head} ${await this.#recordsState()}`;
    const known = this.#read.get(key);
    if (known !== undefined) return known;
    const { open, signal } = this.#options;
    const reader = await open(this.path);
    try {
      for await (const change of reader.changes({
        base,
        head,
        ...(signal === undefined ? {} : { signal }),
      })) {
        this.#keep(key, change);
        return change;
      }
    } finally {
      await reader.close();
    }
    return null;
  }

  /** Everything but the commits themselves that a reading of them looks at: notes and checkpoints. */
  async #recordsState(): Promise<string> {
    const { output } = await this.#demand(
      ['for-each-ref', '--format=%(refname) %(objectname)', ...recordPrefixes],
      'looking for records',
    );
    return hash('sha256', output, 'hex');
  }

  #keep(key: string, change: ObservedChange): void {
    this.#read.set(key, change);
    const [oldest] = this.#read.keys();
    if (this.#read.size > maxKept && oldest !== undefined) this.#read.delete(oldest);
  }

  async #demand(args: readonly string[], doing: string, more: More = {}): Promise<GitOutput> {
    const result = await this.#run(args, doing, more);
    if (result.status === 0) return result;
    throw new AppError('GIT_FAILED', { doing, detail: result.complaint });
  }

  #run(args: readonly string[], doing: string, more: More = {}): Promise<GitOutput> {
    const { inside = true, environment = {}, input } = more;
    const { searchPath, folder, signal } = this.#options;
    const context: GitContext = {
      environment: { ...base, ...(searchPath === undefined ? {} : { PATH: searchPath }), ...environment },
      workingFolder: folder,
      silenceLimitMs,
      signal,
    };
    const place = inside ? [`--git-dir=${this.path}`] : [];
    return runGit(context, { args: [...place, ...args], doing, ...(input === undefined ? {} : { input }) });
  }
}

interface More {
  readonly inside?: boolean;
  readonly environment?: Readonly<Record<string, string>>;
  readonly input?: string;
}

/** Nothing of the user's settings, no hooks, no prompts, and no way to fetch but over HTTP. */
const base = {
  HOME: '/nonexistent',
  LC_ALL: 'C',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_ATTR_NOSYSTEM: '1',
  GIT_ALLOW_PROTOCOL: 'https:http',
  GIT_TERMINAL_PROMPT: '0',
  GIT_NO_LAZY_FETCH: '1',
  GIT_NO_REPLACE_OBJECTS: '1',
} as const;

/** A reference or commit id from outside: nothing that git would read as an option, a range or an expression. */
function checked(name: string): string {
  if (
    /^(refs\/|[0-9a-f]{40}$|[0-9a-f]{64}$)/.test(name) &&
    !/[\s~^:?*[\\\p{Cc}]|\.\.|@\{|\/\/|\.lock$/u.test(name)
  )
    return name;
  throw new AppError('GIT_FAILED', {
    doing: 'naming a reference',
    detail: 'the host gave a name that git does not allow',
  });
}
