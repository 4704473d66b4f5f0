import { type Landing, maxCommits, type ObservedChange } from '../core/change/observed-change.ts';
import { AppError } from '../core/errors.ts';
import type { ObservedPullRequest } from '../core/host/observation.ts';
import type { ToldPullRequest } from '../core/host/told.ts';
import type { HostRepositoryRow } from './host-row-ports.ts';
import type { LineCommit, Mirror } from './mirror-ports.ts';

export interface ReadHead {
  readonly change: ObservedChange;
  /** See `MergedContent.landed`. */
  readonly landed: readonly string[];
}

/**
 * What git says of a pull request: from where it parted from its branch to its head, with the notes of these commits; once it is
 * merged, with what landed of it too. Named and numbered as the host does. Error: HOST_MISSING where commits are not to be had.
 */
export async function readHead(
  mirror: Mirror,
  told: ToldPullRequest,
  repository: HostRepositoryRow,
): Promise<ReadHead> {
  const pull = told.pullRequest.data;
  const range = await rangeOf(mirror, told);
  const own = await readRange(mirror, pull, range.base, range.head);
  if (range.landed === null) return { change: named(own, { pull, range, repository }), landed: range.line };
  // A squash and a rebase leave the commits behind that carry the notes: both are read, and stand in one change.
  const landed = await readRange(mirror, pull, range.base, range.landed);
  const { mergeSha, mergeTree, mergedAt } = landed;
  const commits = [...own.commits, ...landed.commits].slice(-maxCommits);
  const change = named({ ...own, mergeSha, mergeTree, mergedAt, commits }, { pull, range, repository });
  return { change, landed: range.line };
}

async function readRange(
  mirror: Mirror,
  pull: ObservedPullRequest,
  base: string,
  head: string,
): Promise<ObservedChange> {
  const change = await mirror.readRange(base, head);
  if (change === null) throw missing(pull, `the commits from ${base} to ${head}`);
  return change;
}

interface HeadRange {
  readonly base: string;
  readonly head: string;
  readonly landing: Landing;
  /** The commit that landed, where the head itself did not. */
  readonly landed: string | null;
  /** Commits that it brought to the branch's own line; none while it is open. */
  readonly line: readonly string[];
}

async function rangeOf(mirror: Mirror, told: ToldPullRequest): Promise<HeadRange> {
  const pull = told.pullRequest.data;
  const { head, base, mergeSha } = pull;
  if (mergeSha !== null) return landedRange(mirror, told, mergeSha);
  // The branch moves on; where its tip of that time is gone, what it is now serves to find where the two parted.
  const from = (await mirror.commitOf(base.sha)) ?? (await mirror.commitOf(`refs/heads/${base.branch}`));
  if (from === null || (await mirror.commitOf(head.sha)) === null)
    throw missing(pull, `the commits of pull request ${pull.number}`);
  return { base: from, head: head.sha, landing: 'merge', landed: null, line: [] };
}

async function landedRange(
  mirror: Mirror,
  { pullRequest, commits }: ToldPullRequest,
  mergeSha: string,
): Promise<HeadRange> {
  const pull = pullRequest.data;
  const { head, base } = pull;
  const brought = commits?.data.commits.length ?? 0;
  const line = await mirror.firstParents(mergeSha, Math.max(1, brought));
  const [landed] = line;
  const parent = landed?.parents[0];
  if (landed === undefined || parent === undefined) throw missing(pull, `the merge commit ${mergeSha}`);
  const one = [mergeSha];
  if (landed.parents.length > 1)
    return { base: parent, head: mergeSha, landing: 'merge', landed: null, line: one };
  if (mergeSha === head.sha)
    return { base: base.sha, head: mergeSha, landing: 'push', landed: null, line: one };
  const rebased = brought > 1 && line.length === brought ? line.at(-1)?.parents[0] : undefined;
  if (rebased === undefined || !(await isRebase(mirror, line, head.sha)))
    return { base: parent, head: head.sha, landing: 'squash', landed: mergeSha, line: one };
  return {
    base: rebased,
    head: head.sha,
    landing: 'rebase',
    landed: mergeSha,
    line: line.map(({ sha }) => sha),
  };
}

/** A rebase keeps who wrote each commit, when, and what they called it. */
async function isRebase(mirror: Mirror, line: readonly LineCommit[], headSha: string): Promise<boolean> {
  const own = await mirror.firstParents(headSha, line.length);
  return (
    own.length === line.length &&
    own.every((commit, index) => {
      const landed = line[index];
      return (
        landed?.authoredAt === commit.authoredAt &&
        landed.authorEmail === commit.authorEmail &&
        landed.subject === commit.subject
      );
    })
  );
}

interface Naming {
  readonly pull: ObservedPullRequest;
  readonly range: HeadRange;
  readonly repository: HostRepositoryRow;
}

function named(change: ObservedChange, { pull, range, repository }: Naming): ObservedChange {
  const url = pull.repository.ref.url ?? repository.url ?? undefined;
  return {
    ...change,
    repo: { id: repository.repoId, name: repository.name, ...(url === undefined ? {} : { url }) },
    id: `pr/${pull.number}`,
    kind: 'pull_request',
    number: pull.number,
    ...(pull.host === 'ci' ? {} : { forge: pull.host }),
    landing: range.landing,
    title: pull.title,
    sourceBranch: pull.head.branch,
    targetBranch: pull.base.branch,
    headSha: pull.head.sha,
  };
}

function missing({ repository }: ObservedPullRequest, detail: string): AppError {
  return new AppError('HOST_MISSING', { host: repository.ref.name, detail });
}
