import { commitsOf, isAncestor, noCommit, references, updateReference } from '../git/bare-repository.ts';
import { changedFiles, emptyTree } from '../git/changed-files.ts';
import { git } from '../git/run-git.ts';
import type { Kernel } from '../kernel.ts';
import type { Account, Activity, Json, PullRequest, Repository } from '../model.ts';
import { accountView } from '../views/accounts.ts';
import { pushedCommitView } from '../views/commits.ts';
import { repositoryView } from '../views/repositories.ts';
import { openSuites } from './checks.ts';
import { closePull, emitPull } from './pull-events.ts';
import { dismissStaleReviews } from './reviews.ts';

const heads = 'refs/heads/';
/** GitHub tells of no more. */
const maxCommits = 2_048;

/** Does something to references and then what GitHub does after a push: events, pull requests that follow, close or merge. */
export async function pushing<Result>(
  kernel: Kernel,
  repository: Repository,
  by: Account,
  work: () => Promise<Result>,
): Promise<Result> {
  return kernel.alone(repository, async () => {
    const before = await references(repository.gitPath);
    const result = await work();
    const after = await references(repository.gitPath);
    const moved = [...new Set([...before.keys(), ...after.keys()])].filter(
      (ref) => before.get(ref) !== after.get(ref),
    );
    for (const ref of moved)
      await afterPush(kernel, repository, by, {
        ref,
        before: before.get(ref) ?? noCommit,
        after: after.get(ref) ?? noCommit,
        known: [...before.values()],
      });
    return result;
  });
}

interface Moved {
  readonly ref: string;
  readonly before: string;
  readonly after: string;
  /** What references pointed at before: commits behind them are not new. */
  readonly known: readonly string[];
}

async function afterPush(kernel: Kernel, repository: Repository, by: Account, moved: Moved): Promise<void> {
  const { ref, before, after } = moved;
  repository.pushedAt = kernel.now();
  const forced =
    before !== noCommit && after !== noCommit && !(await isAncestor(repository.gitPath, before, after));
  repository.activity.push({
    id: kernel.nextId('other'),
    ref,
    before,
    after,
    at: kernel.now(),
    kind: activityOf(moved, forced),
    actorId: by.id,
  });
  await emitPush(kernel, repository, by, { ...moved, forced });
  if (!ref.startsWith(heads)) return;
  const branch = ref.slice(heads.length);
  if (after !== noCommit) await openSuites(kernel, repository, { sha: after, branch, before, by });
  await followHeads(kernel, repository, by, { branch, before, after });
  await followBases(kernel, repository, by, branch, after);
}

function activityOf({ before, after }: Moved, forced: boolean): Activity['kind'] {
  if (before === noCommit) return 'branch_creation';
  if (after === noCommit) return 'branch_deletion';
  return forced ? 'force_push' : 'push';
}

/** Open pull requests from that branch, in whichever repository: a fork's push moves those of its parent. */
async function followHeads(
  kernel: Kernel,
  source: Repository,
  by: Account,
  { branch, before, after }: { readonly branch: string; readonly before: string; readonly after: string },
): Promise<void> {
  for (const [repository, pull] of openPulls(kernel)) {
    if (pull.headRepositoryId !== source.id || pull.headRef !== branch || pull.headSha === after) continue;
    if (after === noCommit) {
      await closePull(kernel, repository, pull, by);
      continue;
    }
    await pointHead(kernel, repository, pull, source, after);
    pull.headSha = after;
    pull.baseSha = (await references(repository.gitPath)).get(`${heads}${pull.baseRef}`) ?? pull.baseSha;
    await emitPull(kernel, { repository, pull, action: 'synchronize', by, more: { before, after } });
    await dismissStaleReviews(kernel, repository, pull, by);
    // Nothing is left of it once its head lies within the base.
    if (await isAncestor(repository.gitPath, after, pull.baseSha))
      await closePull(kernel, repository, pull, by);
  }
}

async function followBases(
  kernel: Kernel,
  repository: Repository,
  by: Account,
  branch: string,
  after: string,
): Promise<void> {
  for (const pull of repository.pulls.values()) {
    if (pull.state !== 'open' || pull.baseRef !== branch) continue;
    if (after === noCommit) {
      await closePull(kernel, repository, pull, by);
      continue;
    }
    if (!(await isAncestor(repository.gitPath, pull.headSha, after))) continue;
    pull.mergedAt = kernel.now();
    pull.mergedById = by.id;
    pull.mergeCommitSha = await landedBy(repository, pull.headSha, after);
    pull.mergeMethod = 'merge';
    await closePull(kernel, repository, pull, by);
  }
}

/** The commit on the branch's own line that brought the head in. */
async function landedBy(repository: Repository, head: string, tip: string): Promise<string> {
  const range = ['--first-parent', '--ancestry-path', `${head}..${tip}`];
  const line = (await git(repository.gitPath, ['rev-list', ...range])).trim().split('\n').filter(Boolean);
  return line.at(-1) ?? head;
}

function* openPulls(kernel: Kernel): Generator<readonly [Repository, PullRequest]> {
  for (const repository of kernel.repositories.values())
    for (const pull of repository.pulls.values()) if (pull.state === 'open') yield [repository, pull];
}

/** refs/pull/<number>/head keeps the commits after branch and fork are gone. */
export async function pointHead(
  kernel: Kernel,
  repository: Repository,
  pull: Pick<PullRequest, 'number'>,
  source: Repository,
  sha: string,
): Promise<void> {
  const { gitPath } = repository;
  if (source.id !== repository.id) await git(gitPath, ['fetch', '--quiet', source.gitPath, sha]);
  await git(gitPath, ['update-ref', `refs/pull/${pull.number}/head`, sha]);
  repository.updatedAt = kernel.now();
}

async function emitPush(
  kernel: Kernel,
  repository: Repository,
  by: Account,
  { ref, before, after, known, forced }: Moved & { readonly forced: boolean },
): Promise<void> {
  const html = kernel.html(kernel.fullName(repository));
  const isNew = before === noCommit;
  const isGone = after === noCommit;
  const pushed = isGone ? [] : await newCommits(kernel, repository, after, isNew ? known : [before]);
  const head = isGone ? null : ((await newCommits(kernel, repository, after, [], 1))[0] ?? null);
  const payload = {
    ref,
    before,
    after,
    repository: pushedRepository(kernel, repository),
    pusher: { name: by.login, email: by.email },
    created: isNew,
    deleted: isGone,
    forced,
    base_ref: null,
    compare:
      isGone || isNew
        ? `${html}/commit/${after.slice(0, 12)}`
        : `${html}/compare/${before.slice(0, 12)}...${after.slice(0, 12)}`,
    commits: pushed,
    head_commit: head,
  };
  kernel.emit({ event: 'push', action: null, senderId: by.id, repository, payload });
  const isTag = ref.startsWith('refs/tags/');
  if ((!isNew && !isGone) || !(isTag || ref.startsWith(heads))) return;
  const short = ref.replace(/^refs\/(heads|tags)\//, '');
  const named = { ref: short, ref_type: isTag ? 'tag' : 'branch', pusher_type: 'user' };
  kernel.emit({
    event: isNew ? 'create' : 'delete',
    action: null,
    senderId: by.id,
    repository,
    payload: isNew
      ? { ...named, master_branch: repository.defaultBranch, description: repository.description }
      : named,
  });
}

/** Oldest first, as a push lists them. */
async function newCommits(
  kernel: Kernel,
  repository: Repository,
  tip: string,
  known: readonly string[],
  limit = maxCommits,
): Promise<readonly Json[]> {
  const args = known.map((sha) => `^${sha}`);
  const commits = await commitsOf(repository.gitPath, tip, { limit, args });
  const views: Json[] = [];
  for (const commit of [...commits].reverse()) {
    const files = await changedFiles(repository.gitPath, commit.parents[0] ?? emptyTree, commit.sha);
    views.push(pushedCommitView(kernel, repository, commit, files));
  }
  return views;
}

/** The one payload in which GitHub writes times of a repository in seconds. */
function pushedRepository(kernel: Kernel, repository: Repository): Json {
  const owner = kernel.owner(repository);
  const seconds = (time: string) => Math.floor(Date.parse(time) / 1000);
  return {
    ...repositoryView(kernel, repository),
    owner: {
      ...accountView(kernel, owner),
      name: owner.login,
      email: owner.kind === 'User' ? owner.email : null,
    },
    url: kernel.html(kernel.fullName(repository)),
    created_at: seconds(repository.createdAt),
    pushed_at: seconds(repository.pushedAt),
    stargazers: 0,
    master_branch: repository.defaultBranch,
    ...(owner.kind === 'Organization' ? { organization: owner.login } : {}),
  };
}

/** Moves one reference as its own push. */
export async function moveReference(
  kernel: Kernel,
  {
    repository,
    ref,
    before,
    after,
    by,
  }: {
    readonly repository: Repository;
    readonly ref: string;
    readonly before: string;
    readonly after: string;
    readonly by: Account;
  },
): Promise<void> {
  await pushing(kernel, repository, by, () => updateReference(repository.gitPath, ref, after, before));
}

/** Who commits in GitHub's name: merges and edits made in the browser. */
export function gitPerson(kernel: Kernel, account: Account | null) {
  const date = kernel.now();
  if (account === null) return { name: 'GitHub', email: 'noreply@github.com', date };
  return { name: account.name, email: account.email, date };
}
