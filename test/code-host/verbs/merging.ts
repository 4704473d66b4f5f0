import {
  commitOf,
  commitsOf,
  type GitPerson,
  isAncestor,
  noCommit,
  references,
  resolve,
  updateReference,
} from '../git/bare-repository.ts';
import { commitTree, mergedTree, rebased } from '../git/make-commits.ts';
import { git } from '../git/run-git.ts';
import { type Kernel, Refusal } from '../kernel.ts';
import type { Account, MergeGroup, MergeMethod, PullRequest, Repository } from '../model.ts';
import { atLeast, permissionOf } from '../permissions.ts';
import { headCommitView } from '../views/commits.ts';
import { closePull, emitPull } from './pull-events.ts';
import { gitPerson, pushing } from './pushes.ts';
import { mergeFindings } from './rule-findings.ts';

interface OfPull {
  readonly repository: Repository;
  readonly pull: PullRequest;
  readonly by: Account;
}

export interface Merge extends OfPull {
  readonly method?: MergeMethod;
  readonly title?: string;
  readonly message?: string;
  /** Refused where the head has moved on. */
  readonly sha?: string;
  /** Goes past rules that the actor may pass by; without it, they refuse. */
  readonly bypass?: boolean;
}

export async function mergePull(kernel: Kernel, given: Merge): Promise<string> {
  const { repository, pull, by } = given;
  if (pull.state === 'closed' || pull.draft) throw new Refusal(405, 'Pull Request is not mergeable');
  if (!atLeast(permissionOf(kernel, repository, by), 'write'))
    throw new Refusal(403, 'Resource not accessible');
  if (given.sha !== undefined && given.sha !== pull.headSha)
    throw new Refusal(409, 'Head branch was modified. Review and try the merge again.');
  const findings = mergeFindings(kernel, repository, pull, by);
  const isBlocked = findings.some((finding) => !(given.bypass === true && finding.mayBypass));
  const base = await baseOf(repository, pull);
  const made = isBlocked ? null : await mergeCommit(kernel, given, base);
  const failures = findings.map(({ mayBypass: _, ...failure }) => failure);
  repository.ruleSuites.push({
    id: kernel.nextId('other'),
    actorId: by.id,
    before: base,
    after: made ?? pull.headSha,
    ref: `refs/heads/${pull.baseRef}`,
    pushedAt: kernel.now(),
    result: isBlocked ? 'fail' : failures.length > 0 ? 'bypass' : 'pass',
    failures,
  });
  if (isBlocked) throw new Refusal(405, failures.map(({ details }) => details).join(' '));
  if (made === null) throw new Refusal(405, 'Pull Request is not mergeable');
  await land(kernel, { repository, pull, by, base, made, method: given.method ?? 'merge' });
  return made;
}

async function baseOf(repository: Repository, pull: PullRequest): Promise<string> {
  const base = (await references(repository.gitPath)).get(`refs/heads/${pull.baseRef}`);
  if (base === undefined) throw new Refusal(405, 'Base branch was deleted');
  return base;
}

/** Written down in the pull request before the branch moves, so that the push is not taken for another merge. */
async function land(
  kernel: Kernel,
  {
    repository,
    pull,
    by,
    base,
    made,
    method,
  }: OfPull & {
    readonly base: string;
    readonly made: string;
    readonly method: MergeMethod;
  },
): Promise<void> {
  pull.baseSha = base;
  pull.mergedAt = kernel.now();
  pull.mergedById = by.id;
  pull.mergeCommitSha = made;
  pull.mergeMethod = method;
  await closePull(kernel, repository, pull, by);
  await pushing(kernel, repository, by, () =>
    updateReference(repository.gitPath, `refs/heads/${pull.baseRef}`, made, base),
  );
  if (!repository.deletesHeadOnMerge || pull.headRepositoryId !== repository.id) return;
  const head = `refs/heads/${pull.headRef}`;
  await pushing(kernel, repository, by, () =>
    updateReference(repository.gitPath, head, noCommit, pull.headSha),
  );
}

/** Null: they conflict. */
async function mergeCommit(kernel: Kernel, given: Merge, base: string): Promise<string | null> {
  const { repository, pull, by, method = 'merge' } = given;
  const path = repository.gitPath;
  const github = gitPerson(kernel, null);
  if (method === 'rebase') return rebased(path, { base, head: pull.headSha, committer: github });
  const tree = await mergedTree(path, base, pull.headSha);
  if (tree === null) return null;
  if (method === 'squash') return squash(kernel, given, base, tree);
  const owner = kernel.account(pull.headOwnerId).login;
  const title = given.title ?? `Merge pull request #${pull.number} from ${owner}/${pull.headRef}`;
  return commitTree(path, {
    tree,
    parents: [base, pull.headSha],
    author: gitPerson(kernel, by),
    committer: github,
    message: `${title}\n\n${given.message ?? pull.title}`,
  });
}

/** The author of the pull request is the author; everybody else who wrote commits becomes a co-author, as GitHub does it. */
async function squash(kernel: Kernel, given: Merge, base: string, tree: string): Promise<string> {
  const { repository, pull } = given;
  const commits = await commitsOf(repository.gitPath, `${base}..${pull.headSha}`, {
    args: ['--reverse', '--topo-order', '--no-merges'],
  });
  const author = gitPerson(kernel, kernel.account(pull.authorId));
  const [only] = commits.length === 1 ? commits : [];
  const title = given.title ?? `${only?.message.split('\n')[0] ?? pull.title} (#${pull.number})`;
  const body = only
    ? only.message.split('\n').slice(1).join('\n').trim()
    : commits.map(({ message }) => `* ${message}`).join('\n\n');
  const message = [
    title,
    given.message ?? body,
    coAuthors(
      author,
      commits.map((one) => one.author),
    ),
  ];
  return commitTree(repository.gitPath, {
    tree,
    parents: [base],
    author,
    committer: gitPerson(kernel, null),
    message: message.filter((part) => part !== '').join('\n\n'),
  });
}

function coAuthors(author: GitPerson, people: readonly GitPerson[]): string {
  const others = people.filter(({ email }) => email !== author.email);
  return [...new Set(others.map(({ name, email }) => `Co-authored-by: ${name} <${email}>`))].join('\n');
}

/** Merges the base into the head, as the button "Update branch" does. */
export async function updateBranch(kernel: Kernel, { repository, pull, by }: OfPull): Promise<string> {
  const source = kernel.repository(pull.headRepositoryId);
  const base = await baseOf(repository, pull);
  if (await isAncestor(repository.gitPath, base, pull.headSha))
    throw new Refusal(422, 'There are no new commits on the base branch.');
  const tree = await mergedTree(repository.gitPath, pull.headSha, base);
  if (tree === null) throw new Refusal(422, 'merge conflict between base and head');
  const made = await commitTree(repository.gitPath, {
    tree,
    parents: [pull.headSha, base],
    author: gitPerson(kernel, by),
    committer: gitPerson(kernel, null),
    message: `Merge branch '${pull.baseRef}' into ${pull.headRef}`,
  });
  const before = pull.headSha;
  await pushing(kernel, source, by, async () => {
    if (source.id !== repository.id)
      await git(source.gitPath, ['fetch', '--quiet', repository.gitPath, made]);
    await updateReference(source.gitPath, `refs/heads/${pull.headRef}`, made, before);
  });
  return made;
}

/** Puts the pull request into the merge queue: a commit of base and head is made, and checks are asked for on it. */
export async function enqueue(
  kernel: Kernel,
  { repository, pull, by, method = 'merge' }: OfPull & { readonly method?: MergeMethod },
): Promise<MergeGroup> {
  const last = repository.mergeGroups.filter(({ baseRef }) => baseRef === pull.baseRef).at(-1);
  const base = last?.headSha ?? (await baseOf(repository, pull));
  const made = await mergeCommit(kernel, { repository, pull, by, method }, base);
  if (made === null) throw new Refusal(422, 'Pull request cannot be queued: it conflicts');
  const headRef = `gh-readonly-queue/${pull.baseRef}/pr-${pull.number}-${base}`;
  const group: MergeGroup = {
    headRef,
    headSha: made,
    baseRef: pull.baseRef,
    baseSha: base,
    number: pull.number,
    method,
    enqueuedById: by.id,
  };
  repository.mergeGroups.push(group);
  await emitPull(kernel, { repository, pull, action: 'enqueued', by });
  await pushing(kernel, repository, by, () =>
    updateReference(repository.gitPath, `refs/heads/${headRef}`, made, noCommit),
  );
  await emitGroup(kernel, repository, group, 'checks_requested');
  return group;
}

/** The queue's checks are green: the base moves to the group's commit. */
export async function finishMergeGroup(
  kernel: Kernel,
  repository: Repository,
  group: MergeGroup,
): Promise<void> {
  const pull = repository.pulls.get(group.number);
  const by = kernel.account(group.enqueuedById);
  if (!pull || (await resolve(repository.gitPath, `refs/heads/${group.baseRef}`)) !== group.baseSha)
    throw new Refusal(409, 'The group before it has to be merged first');
  await land(kernel, {
    repository,
    pull,
    by,
    base: group.baseSha,
    made: group.headSha,
    method: group.method,
  });
  await endGroup(kernel, repository, group, 'merged');
}

/** Its checks failed, or somebody took it out. */
export async function dropMergeGroup(
  kernel: Kernel,
  repository: Repository,
  group: MergeGroup,
  reason: 'invalidated' | 'dequeued',
): Promise<void> {
  await endGroup(kernel, repository, group, reason);
}

async function endGroup(
  kernel: Kernel,
  repository: Repository,
  group: MergeGroup,
  reason: 'merged' | 'invalidated' | 'dequeued',
): Promise<void> {
  repository.mergeGroups.splice(repository.mergeGroups.indexOf(group), 1);
  const by = kernel.account(group.enqueuedById);
  const pull = repository.pulls.get(group.number);
  const more = { reason: reason === 'merged' ? 'MERGE' : reason === 'invalidated' ? 'CI_FAILURE' : 'MANUAL' };
  if (pull) await emitPull(kernel, { repository, pull, action: 'dequeued', by, more });
  await emitGroup(kernel, repository, group, 'destroyed', reason);
  const ref = `refs/heads/${group.headRef}`;
  await pushing(kernel, repository, by, () =>
    updateReference(repository.gitPath, ref, noCommit, group.headSha),
  );
}

async function emitGroup(
  kernel: Kernel,
  repository: Repository,
  group: MergeGroup,
  action: string,
  reason?: string,
): Promise<void> {
  const head = await commitOf(repository.gitPath, group.headSha);
  const payload = {
    merge_group: {
      head_sha: group.headSha,
      head_ref: `refs/heads/${group.headRef}`,
      base_sha: group.baseSha,
      base_ref: `refs/heads/${group.baseRef}`,
      head_commit: headCommitView(head),
    },
    ...(reason === undefined ? {} : { reason }),
  };
  kernel.emit({ event: 'merge_group', action, senderId: group.enqueuedById, repository, payload });
}
