import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { git, tryGit } from './run-git.ts';

export const noCommit = '0'.repeat(40);

/**
 * Refuses what the rules of the repository refuse. The double works them out before a push and hands them over in the
 * environment: `<what> <ref>` a line; git says no, with GitHub's code.
 */
const updateHook = `#!/bin/sh
refuse() { echo "error: GH013: Repository rule violations found for $1." >&2; exit 1; }
case "$1" in refs/pull/*) echo "error: deny updating a hidden ref" >&2; exit 1 ;; esac
printf '%s\\n' "$CODE_HOST_REFUSED" | while read -r what ref; do
  [ "$ref" = "$1" ] || continue
  case "$what" in
    update) refuse "$1" ;;
    deletion) [ "$3" = ${noCommit} ] && refuse "$1" ;;
    creation) [ "$2" = ${noCommit} ] && refuse "$1" ;;
    force) [ "$2" != ${noCommit} ] && [ "$3" != ${noCommit} ] && ! git merge-base --is-ancestor "$2" "$3" && refuse "$1" ;;
  esac
  :
done || exit 1
`;

export async function createBare(path: string, defaultBranch: string): Promise<void> {
  await mkdir(path, { recursive: true });
  await git(path, ['init', '--quiet', '--bare', `--initial-branch=${defaultBranch}`, path]);
  const config = [
    ['http.receivepack', 'true'],
    ['uploadpack.allowAnySHA1InWant', 'true'],
    ['uploadpack.allowFilter', 'true'],
    ['receive.denyDeletes', 'false'],
    ['receive.denyDeleteCurrent', 'warn'],
    ['receive.advertisePushOptions', 'true'],
    ['gc.auto', '0'],
    ['core.logAllRefUpdates', 'false'],
  ];
  for (const [name = '', value = ''] of config) await git(path, ['config', name, value]);
  await mkdir(join(path, 'hooks'), { recursive: true });
  const hook = join(path, 'hooks', 'update');
  await writeFile(hook, updateHook);
  await chmod(hook, 0o755);
}

/** Branches and tags with what they point at; the host's own references are left out. */
export async function references(path: string): Promise<ReadonlyMap<string, string>> {
  const out = await git(path, ['for-each-ref', '--format=%(refname) %(objectname)']);
  const lines = out.split('\n').filter((line) => line !== '' && !line.startsWith('refs/pull/'));
  return new Map(lines.map((line) => line.split(' ') as [string, string]));
}

/** The commit that a branch, tag, full reference or sha names; null where nothing does. */
export async function resolve(path: string, ref: string): Promise<string | null> {
  if (!/^[\w./@+#-]{1,250}$/.test(ref) || ref.startsWith('-')) return null;
  for (const candidate of [
    `refs/heads/${ref}`,
    `refs/tags/${ref}`,
    ref.replace(/^(?=heads\/|tags\/)/, 'refs/'),
    ref,
  ]) {
    const { status, stdout } = await tryGit(path, [
      'rev-parse',
      '--verify',
      '--quiet',
      `${candidate}^{commit}`,
    ]);
    if (status === 0) return stdout.trim();
  }
  return null;
}

export async function isAncestor(path: string, older: string, newer: string): Promise<boolean> {
  return (await tryGit(path, ['merge-base', '--is-ancestor', older, newer])).status === 0;
}

export async function mergeBase(path: string, one: string, other: string): Promise<string | null> {
  const { status, stdout } = await tryGit(path, ['merge-base', one, other]);
  return status === 0 ? stdout.trim() : null;
}

export async function updateReference(
  path: string,
  ref: string,
  after: string,
  before: string,
): Promise<void> {
  await (after === noCommit
    ? git(path, ['update-ref', '-d', ref, before])
    : git(path, ['update-ref', ref, after, before]));
}

export interface GitPerson {
  readonly name: string;
  readonly email: string;
  readonly date: string;
}

export interface GitCommit {
  readonly sha: string;
  readonly tree: string;
  readonly parents: readonly string[];
  readonly author: GitPerson;
  readonly committer: GitPerson;
  readonly message: string;
}

const commitFormat = ['%H', '%T', '%P', '%an', '%ae', '%aI', '%cn', '%ce', '%cI', '%B'].join('%x1f');

/** Commits of a range or of one sha (`limit` 1), newest first. */
export async function commitsOf(
  path: string,
  range: string,
  {
    limit,
    args = [],
    path: within,
  }: { readonly limit?: number; readonly args?: readonly string[]; readonly path?: string } = {},
): Promise<readonly GitCommit[]> {
  const out = await git(path, [
    'log',
    `--format=${commitFormat}%x1e`,
    ...(limit === undefined ? [] : [`--max-count=${limit}`]),
    ...args,
    range,
    '--',
    ...(within === undefined ? [] : [within]),
  ]);
  return out
    .split('\x1e')
    .map((record) => record.replace(/^\n/, ''))
    .filter((record) => record !== '')
    .map(readCommit);
}

export async function commitOf(path: string, sha: string): Promise<GitCommit> {
  const [commit] = await commitsOf(path, sha, { limit: 1 });
  if (!commit) throw new Error(`no commit ${sha}`);
  return commit;
}

function readCommit(record: string): GitCommit {
  const [
    sha = '',
    tree = '',
    parents = '',
    an = '',
    ae = '',
    ad = '',
    cn = '',
    ce = '',
    cd = '',
    message = '',
  ] = record.split('\x1f');
  return {
    sha,
    tree,
    parents: parents === '' ? [] : parents.split(' '),
    author: { name: an, email: ae, date: inUtc(ad) },
    committer: { name: cn, email: ce, date: inUtc(cd) },
    message: message.replace(/\n+$/, ''),
  };
}

function inUtc(date: string): string {
  return new Date(date).toISOString().replace('.000Z', 'Z');
}

export async function countCommits(path: string, range: string): Promise<number> {
  return Number((await git(path, ['rev-list', '--count', range])).trim());
}
