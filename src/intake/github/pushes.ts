import { z } from 'zod';
import type { ObservedMergeGroup, ObservedPush } from '../../core/host/observation.ts';
import { branchOf, listOf, Name, OptionalText, OptionalTime, refsHeads, Sha } from './payload.ts';
import { itemsOf, observed, repositoryReader } from './reading.ts';

/** GitHub's own limit; of a larger push it tells only the first ones. */
const maxCommits = 2_048;

/** `push`: a branch or tag was made, moved or deleted. */
export const readPush = repositoryReader(
  z.object({
    ref: Name,
    before: Sha,
    after: Sha,
    forced: z.boolean(),
    commits: listOf(z.object({ id: Sha }), maxCommits),
    repository: z.object({ pushed_at: OptionalTime }),
  }),
  ({ ref, before, after, forced, commits, repository }, about) =>
    [
      {
        schema: 'reentry.push/1',
        // Times of commits are their authors'; when they came here only the repository tells.
        ...observed(about, [repository.pushed_at]),
        ref,
        branch: ref.startsWith(refsHeads) ? branchOf(ref) : null,
        before,
        after,
        forced,
        commits: itemsOf(about, commits, 'commits').map(({ id }) => id),
      },
    ] satisfies readonly ObservedPush[],
);

/** `merge_group`: the merge queue made a commit to be checked, or ended a group. */
export const readMergeGroup = repositoryReader(
  z.object({
    merge_group: z.object({
      head_sha: Sha,
      head_ref: Name,
      base_sha: Sha,
      base_ref: Name,
      head_commit: z.object({ timestamp: OptionalTime }).nullish(),
    }),
    reason: OptionalText,
  }),
  ({ merge_group: group, reason }, about) => {
    // The queue itself makes that commit.
    const made = group.head_commit?.timestamp ?? null;
    const number = /\/pr-([1-9]\d{0,8})-[0-9a-f]+$/.exec(group.head_ref)?.[1];
    return [
      {
        schema: 'reentry.merge-group/1',
        ...observed(about, about.action === 'checks_requested' ? [made] : []),
        action: about.action,
        headSha: group.head_sha,
        baseSha: group.base_sha,
        baseBranch: branchOf(group.base_ref),
        headBranch: branchOf(group.head_ref),
        pullRequest: number === undefined ? null : Number(number),
        reason,
      },
    ] satisfies readonly ObservedMergeGroup[];
  },
);
