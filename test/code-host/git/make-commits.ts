import { commitOf, commitsOf, type GitPerson, noCommit } from './bare-repository.ts';
import { git, tryGit } from './run-git.ts';

export interface NewCommit {
  readonly tree: string;
  readonly parents: readonly string[];
  readonly author: GitPerson;
  readonly committer: GitPerson;
  readonly message: string;
}

export async function commitTree(
  path: string,
  { tree, parents, author, committer, message }: NewCommit,
): Promise<string> {
  const args = ['commit-tree', tree, ...parents.flatMap((parent) => ['-p', parent])];
  const env = {
    GIT_AUTHOR_NAME: author.name,
    GIT_AUTHOR_EMAIL: author.email,
    GIT_AUTHOR_DATE: author.date,
    GIT_COMMITTER_NAME: committer.name,
    GIT_COMMITTER_EMAIL: committer.email,
    GIT_COMMITTER_DATE: committer.date,
  };
  return (await git(path, args, { input: message, env })).trim();
}

/** The tree of both together; null where they conflict. */
export async function mergedTree(path: string, ours: string, theirs: string): Promise<string | null> {
  const { status, stdout, stderr } = await tryGit(path, [
    'merge-tree',
    '--write-tree',
    '--allow-unrelated-histories',
    ours,
    theirs,
  ]);
  if (status === 1) return null;
  if (status !== 0) throw new Error(`git merge-tree failed: ${stderr}`);
  return stdout.split('\n')[0] ?? null;
}

/** The head's own commits one by one on top of the base, merges left out; null where one conflicts. */
export async function rebased(
  path: string,
  { base, head, committer }: { readonly base: string; readonly head: string; readonly committer: GitPerson },
): Promise<string | null> {
  const commits = await commitsOf(path, `${base}..${head}`, {
    args: ['--reverse', '--topo-order', '--no-merges'],
  });
  let tip = base;
  for (const commit of commits) {
    const [parent] = commit.parents;
    if (parent === undefined) return null;
    // A stand-in with the tip's tree and the picked commit's parent makes that parent the merge base: what
    // `git merge-tree --merge-base` does, which git before 2.40 does not have.
    const standIn = await commitTree(path, {
      tree: (await commitOf(path, tip)).tree,
      parents: [parent],
      author: committer,
      committer,
      message: 'stand-in',
    });
    const tree = await mergedTree(path, standIn, commit.sha);
    if (tree === null) return null;
    const { author, message } = commit;
    tip = await commitTree(path, { tree, parents: [tip], author, committer, message });
  }
  return tip;
}

/** New contents by path; null removes. */
export type FileChanges = Readonly<Record<string, string | null>>;

/** A tree like that of `parent` (null: an empty one) with the changes. */
export async function changedTree(
  path: string,
  parent: string | null,
  changes: FileChanges,
): Promise<string> {
  const entries = new Map<string, string>();
  if (parent !== null)
    for (const line of (await git(path, ['ls-tree', '-r', '-z', parent])).split('\0').filter(Boolean)) {
      const [meta = '', name = ''] = line.split('\t');
      entries.set(name, meta);
    }
  for (const [name, text] of Object.entries(changes)) {
    if (text === null) {
      entries.delete(name);
      continue;
    }
    const blob = (await git(path, ['hash-object', '-w', '--stdin'], { input: text })).trim();
    entries.set(name, `100644 blob ${blob}`);
  }
  return writeTree(path, entries);
}

async function writeTree(path: string, entries: ReadonlyMap<string, string>): Promise<string> {
  const folders = new Map<string, Map<string, string>>();
  const lines: string[] = [];
  for (const [name, meta] of entries) {
    const at = name.indexOf('/');
    if (at === -1) {
      lines.push(`${meta}\t${name}`);
      continue;
    }
    const folder = folders.get(name.slice(0, at)) ?? new Map<string, string>();
    folder.set(name.slice(at + 1), meta);
    folders.set(name.slice(0, at), folder);
  }
  for (const [name, inside] of folders) lines.push(`040000 tree ${await writeTree(path, inside)}\t${name}`);
  return (await git(path, ['mktree', '-z'], { input: lines.map((line) => `${line}\0`).join('') })).trim();
}

/** A git note on a commit, as agents leave them: `refs/notes/<name>`. */
export async function addNote(
  path: string,
  {
    ref,
    commit,
    text,
    author,
  }: { readonly ref: string; readonly commit: string; readonly text: string; readonly author: GitPerson },
): Promise<{ readonly before: string; readonly after: string }> {
  const known = await tryGit(path, ['rev-parse', '--verify', '--quiet', ref]);
  const before = known.status === 0 ? known.stdout.trim() : noCommit;
  const parent = before === noCommit ? null : before;
  const tree = await changedTree(path, parent, { [commit]: text });
  const after = await commitTree(path, {
    tree,
    parents: parent === null ? [] : [parent],
    author,
    committer: author,
    message: 'Notes added by git notes add\n',
  });
  return { before, after };
}
