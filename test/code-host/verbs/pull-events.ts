import { countCommits, mergeBase } from '../git/bare-repository.ts';
import { pullChanges } from '../git/changed-files.ts';
import { mergedTree } from '../git/make-commits.ts';
import type { Kernel } from '../kernel.ts';
import type { Account, Json, PullRequest, Repository } from '../model.ts';
import { latestRuns, latestStatuses } from '../views/checks.ts';
import { type Measures, pullView } from '../views/pulls.ts';
import { mergeFindings } from './rule-findings.ts';

/** Counts only: whether it can be merged GitHub has not worked out yet when it tells of a pull request. */
async function measure(repository: Repository, pull: PullRequest): Promise<Measures> {
  const { gitPath } = repository;
  // Of a merged one the base holds the head already; where it left the base then is what its own base says.
  const changes = await pullChanges(gitPath, pull.baseSha, pull.headSha);
  const from = (await mergeBase(gitPath, pull.baseSha, pull.headSha)) ?? pull.baseSha;
  return {
    mergeable: null,
    mergeableState: 'unknown',
    commits: await countCommits(gitPath, `${from}..${pull.headSha}`),
    additions: changes.reduce((sum, { additions }) => sum + additions, 0),
    deletions: changes.reduce((sum, { deletions }) => sum + deletions, 0),
    changedFiles: changes.length,
  };
}

/** With what GitHub works out once somebody asks. */
export async function fullMeasure(
  kernel: Kernel,
  repository: Repository,
  pull: PullRequest,
  base: string | null,
): Promise<Measures> {
  const counts = await measure(repository, pull);
  if (pull.state === 'closed' || base === null) return counts;
  const isClean = (await mergedTree(repository.gitPath, base, pull.headSha)) !== null;
  return { ...counts, mergeable: isClean, mergeableState: stateOf(kernel, repository, pull, isClean) };
}

function stateOf(kernel: Kernel, repository: Repository, pull: PullRequest, isClean: boolean): string {
  if (!isClean) return 'dirty';
  if (pull.draft) return 'draft';
  if (mergeFindings(kernel, repository, pull, kernel.account(pull.authorId)).length > 0) return 'blocked';
  const runs = latestRuns(
    [...repository.checkRuns.values()].filter(({ headSha }) => headSha === pull.headSha),
  );
  const isGreen =
    runs.every(({ conclusion }) => ['success', 'neutral', 'skipped'].includes(conclusion ?? '')) &&
    latestStatuses(repository, pull.headSha).every(({ state }) => state === 'success');
  return isGreen ? 'clean' : 'unstable';
}

export async function emitPull(
  kernel: Kernel,
  {
    repository,
    pull,
    action,
    by,
    more = {},
  }: {
    readonly repository: Repository;
    readonly pull: PullRequest;
    readonly action: string;
    readonly by: Account;
    readonly more?: Json;
  },
): Promise<void> {
  pull.updatedAt = kernel.now();
  const view = pullView(kernel, repository, pull, await measure(repository, pull));
  kernel.emit({
    event: 'pull_request',
    action,
    senderId: by.id,
    repository,
    payload: { number: pull.number, pull_request: view, ...more },
  });
}

/** Closes without a merge, or after one that has been written down in the pull request before. */
export async function closePull(
  kernel: Kernel,
  repository: Repository,
  pull: PullRequest,
  by: Account,
): Promise<void> {
  pull.state = 'closed';
  pull.closedAt = kernel.now();
  pull.autoMerge = null;
  await emitPull(kernel, { repository, pull, action: 'closed', by });
}
