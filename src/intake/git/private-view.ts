import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AppError } from '../../core/errors.ts';
import { type GitContext, runGit } from './git-child.ts';
import type { RepositoryPlace } from './locate-repository.ts';
import { removeStaleViews, viewPrefix } from './stale-views.ts';

/**
 * Two git directories of our own, made in a temporary folder, through which a repository is read. Their `objects` folder is
 * empty and names the repository's as an alternate; git sees the repository's objects and nothing else of it.
 *
 * What a hostile repository could have made git do, and why it does not happen here:
 * - its `config` is never loaded (no `core.fsmonitor`, `core.sshCommand`, `diff.*.command`, `textconv`, `filter.*`,
 *   `include.path`, `alias.*`, promisor remotes): git loads the configuration of *our* directory only; the operator's own
 *   system and user files are switched off as well, so that every machine reads the same history the same way;
 * - its hooks, `info/attributes`, `info/grafts`, `refs/replace`, index and working tree are not in our directory;
 *   `.gitattributes` would be read from a working tree, an index or HEAD's tree, and diffs run where there is none of them;
 * - nothing is fetched: there is no remote, no protocol is allowed, and lazy fetching is off;
 * - nothing is written there: a write would go to our own `objects` folder;
 * - a commit-graph file, which could claim other parents than the commits do, is not used;
 * - ownership does not matter (`safe.directory`): git checks the owner of the git directory, which is ours, so that root may
 *   read anybody's repository, and anybody root's, as far as file permissions go.
 *
 * `refs` additionally links to the repository's references, for naming things; `diffs` has none, so that the only
 * replacement objects that a diff can meet are the stubs that `unreadable-objects.ts` puts there.
 */
export interface PrivateView {
  /** The repository as the user named it, for messages. */
  readonly path: string;
  readonly refs: GitContext;
  readonly diffs: GitContext;
  /** Folder of the git directory behind `diffs`. */
  readonly diffsFolder: string;
  /** Commits whose parents a shallow clone left behind. */
  readonly shallow: ReadonlySet<string>;
  /** The repository's own settings, first value of each. */
  readonly settings: Settings;
  close(): Promise<void>;
}

type Settings = ReadonlyMap<string, string>;

export interface ViewOptions {
  /** Where programs are looked for (`PATH`); the system's default if left out. */
  readonly searchPath?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Fails with REPOSITORY_UNREADABLE where the references are kept in a format that this reader does not know. */
export async function openPrivateView(place: RepositoryPlace, options: ViewOptions): Promise<PrivateView> {
  await removeStaleViews(tmpdir());
  const root = await mkdtemp(join(tmpdir(), viewPrefix));
  const refsFolder = join(root, 'refs-view');
  const diffsFolder = join(root, 'diffs-view');
  const context = (folder: string, replace: boolean): GitContext => ({
    environment: environment(root, folder, replace, options.searchPath),
    workingFolder: root,
    signal: options.signal,
  });
  const close = () => rm(root, { recursive: true, force: true });
  try {
    await writeFile(join(root, 'empty'), '');
    const settings = await readSettings(context(root, false), place);
    refuseUnknownReferences(settings, place);
    const shallow = await readShallow(place);
    for (const folder of [refsFolder, diffsFolder])
      await makeGitDirectory(folder, place, { settings, shallow });
    await linkReferences(refsFolder, place);
    return {
      path: place.path,
      refs: context(refsFolder, false),
      diffs: context(diffsFolder, true),
      diffsFolder,
      shallow,
      settings,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Everything that git may know of its surroundings; nothing is inherited. */
function environment(
  root: string,
  gitDir: string,
  replace: boolean,
  searchPath: string | undefined,
): Record<string, string> {
  return {
    ...(searchPath === undefined ? {} : { PATH: searchPath }),
    HOME: root,
    XDG_CONFIG_HOME: root,
    LC_ALL: 'C',
    GIT_DIR: gitDir,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: join(root, 'empty'),
    GIT_ATTR_NOSYSTEM: '1',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_NO_LAZY_FETCH: '1',
    GIT_ALLOW_PROTOCOL: '',
    GIT_TERMINAL_PROMPT: '0',
    GIT_LITERAL_PATHSPECS: '1',
    ...(replace ? {} : { GIT_NO_REPLACE_OBJECTS: '1' }),
    // glibc returns each large block to the system at once; a diff allocates the next one right after. Keeping
    // some makes a whole history about 15 % faster. Other C libraries ignore these.
    MALLOC_MMAP_THRESHOLD_: '67108864',
    MALLOC_TRIM_THRESHOLD_: '134217728',
    MALLOC_TOP_PAD_: '16777216',
  };
}

async function makeGitDirectory(
  folder: string,
  place: RepositoryPlace,
  { settings, shallow }: Pick<PrivateView, 'settings' | 'shallow'>,
): Promise<void> {
  await mkdir(join(folder, 'objects', 'info'), { recursive: true });
  await mkdir(join(folder, 'refs'));
  await writeFile(
    join(folder, 'objects', 'info', 'alternates'),
    `${quoted(join(place.commonDir, 'objects'))}\n`,
  );
  await writeFile(join(folder, 'HEAD'), 'ref: refs/heads/none\n');
  if (shallow.size > 0) await writeFile(join(folder, 'shallow'), `${[...shallow].join('\n')}\n`);
  const sha256 = settings.get('extensions.objectformat')?.toLowerCase() === 'sha256';
  const config = [
    '[core]',
    `repositoryFormatVersion = ${sha256 ? 1 : 0}`,
    'bare = true',
    'quotePath = false',
    'commitGraph = false',
    'bigFileThreshold = 16m',
    ...(sha256 ? ['[extensions]', 'objectFormat = sha256'] : []),
  ];
  await writeFile(join(folder, 'config'), `${config.join('\n')}\n`);
}

async function readShallow(place: RepositoryPlace): Promise<ReadonlySet<string>> {
  const text = await readFile(join(place.commonDir, 'shallow'), 'latin1').catch(() => '');
  return new Set(text.split('\n').filter((line) => /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(line)));
}

async function linkReferences(folder: string, place: RepositoryPlace): Promise<void> {
  await rm(join(folder, 'refs'), { recursive: true });
  await symlink(join(place.commonDir, 'refs'), join(folder, 'refs'));
  await symlink(join(place.commonDir, 'packed-refs'), join(folder, 'packed-refs'));
  const head = await readFile(join(place.gitDir, 'HEAD'), 'latin1').catch(() => '');
  if (/^(ref: refs\/[^\0\n]+|[0-9a-f]{40}|[0-9a-f]{64})\s*$/.test(head))
    await writeFile(join(folder, 'HEAD'), head, 'latin1');
}

/** Parsed by git as plain data: no includes are followed and none of it takes effect. */
async function readSettings(context: GitContext, place: RepositoryPlace): Promise<Settings> {
  const { status, output } = await runGit(context, {
    args: ['config', '--file', join(place.commonDir, 'config'), '--no-includes', '-z', '--list'],
    doing: 'reading the settings',
  });
  const settings = new Map<string, string>();
  if (status !== 0) return settings;
  for (const entry of output.toString('utf8').split('\0')) {
    const at = entry.indexOf('\n');
    // The first address of a remote is the one that it is fetched from.
    if (at > 0 && !settings.has(entry.slice(0, at))) settings.set(entry.slice(0, at), entry.slice(at + 1));
  }
  return settings;
}

function refuseUnknownReferences(settings: Settings, place: RepositoryPlace): void {
  const storage = settings.get('extensions.refstorage')?.toLowerCase() ?? 'files';
  if (storage === 'files') return;
  throw new AppError('REPOSITORY_UNREADABLE', {
    path: place.path,
    detail:
      'its references are stored in another format than files; `git clone --ref-format=files` makes a copy that can be read',
  });
}

/** As git reads an alternate: in C quotes, so that no path can be taken for a comment or for two lines. */
function quoted(path: string): string {
  return `"${path.replace(/["\\]/g, '\\$&').replaceAll('\n', '\\n')}"`;
}
