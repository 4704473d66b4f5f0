import { type GitPerson, noCommit, references, resolve, updateReference } from '../git/bare-repository.ts';
import { addNote, changedTree, commitTree, type FileChanges } from '../git/make-commits.ts';
import { type Kernel, Refusal } from '../kernel.ts';
import type { Account, Repository } from '../model.ts';
import { gitPerson, moveReference, pushing } from './pushes.ts';

/** Commits to a branch and pushes it; a branch that is new starts where `from` (the default branch) stands. */
export async function commitFiles(
  kernel: Kernel,
  {
    repository,
    branch,
    from = repository.defaultBranch,
    files,
    message,
    by,
    author,
    committer,
  }: {
    readonly repository: Repository;
    readonly branch: string;
    readonly from?: string;
    /** New contents by path; null removes. */
    readonly files: FileChanges;
    readonly message: string;
    /** Who pushes, and who wrote it, if nobody else did. */
    readonly by: Account;
    readonly author?: Pick<GitPerson, 'name' | 'email'>;
    readonly committer?: Pick<GitPerson, 'name' | 'email'>;
  },
): Promise<string> {
  const path = repository.gitPath;
  const before = await resolve(path, `refs/heads/${branch}`);
  const parent = before ?? (await resolve(path, from));
  const date = kernel.now();
  const pusher = gitPerson(kernel, by);
  const made = await commitTree(path, {
    tree: await changedTree(path, parent, files),
    parents: parent === null ? [] : [parent],
    author: { ...pusher, ...author, date },
    committer: { ...pusher, ...author, ...committer, date },
    message,
  });
  const ref = `refs/heads/${branch}`;
  await moveReference(kernel, { repository, ref, before: before ?? noCommit, after: made, by });
  return made;
}

/** Moves a branch to any commit: a force-push where that is not ahead. */
export async function moveBranch(
  kernel: Kernel,
  {
    repository,
    branch,
    to,
    by,
  }: {
    readonly repository: Repository;
    readonly branch: string;
    readonly to: string;
    readonly by: Account;
  },
): Promise<void> {
  const after = await resolve(repository.gitPath, to);
  if (after === null) throw new Refusal(422, `no commit ${to}`);
  const before = (await resolve(repository.gitPath, `refs/heads/${branch}`)) ?? noCommit;
  await moveReference(kernel, { repository, ref: `refs/heads/${branch}`, before, after, by });
}

export async function deleteBranch(
  kernel: Kernel,
  repository: Repository,
  branch: string,
  by: Account,
): Promise<void> {
  const ref = `refs/heads/${branch}`;
  const before = (await references(repository.gitPath)).get(ref);
  if (before === undefined) throw new Refusal(422, 'Reference does not exist');
  await moveReference(kernel, { repository, ref, before, after: noCommit, by });
}

/** A note on a commit, pushed, as agents leave theirs: `refs/notes/commits`. */
export async function noteCommit(
  kernel: Kernel,
  {
    repository,
    commit,
    text,
    by,
    ref = 'refs/notes/commits',
  }: {
    readonly repository: Repository;
    readonly commit: string;
    readonly text: string;
    readonly by: Account;
    readonly ref?: string;
  },
): Promise<void> {
  const path = repository.gitPath;
  await pushing(kernel, repository, by, async () => {
    const { before, after } = await addNote(path, { ref, commit, text, author: gitPerson(kernel, by) });
    await updateReference(path, ref, after, before);
  });
}
