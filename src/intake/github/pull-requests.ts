import { z } from 'zod';
import type { ObservedPullRequest } from '../../core/host/observation.ts';
import { ticketsIn } from '../../core/host/tickets.ts';
import {
  Absent,
  Account,
  Count,
  Id,
  lengthOf,
  listOf,
  Name,
  OptionalFlag,
  OptionalSha,
  OptionalTime,
  Sha,
  Text,
  Time,
  Url,
} from './payload.ts';
import { accountOf, accountsOf, itemsOf, observed, repositoryReader } from './reading.ts';

const PullRequest = z.object({
  id: Id,
  number: Count,
  title: Text,
  body: z.string().nullish(),
  html_url: Url,
  state: z.enum(['open', 'closed']),
  draft: OptionalFlag,
  merged: OptionalFlag,
  user: Account,
  base: z.object({ ref: Name, sha: Sha }),
  head: z.object({ ref: Name, sha: Sha, repo: z.object({ id: Id }).nullish() }),
  labels: listOf(z.object({ name: Name })),
  requested_reviewers: listOf(Account),
  requested_teams: listOf(z.object({ slug: Name })),
  created_at: Time,
  updated_at: OptionalTime,
  closed_at: OptionalTime,
  merged_at: OptionalTime,
  merge_commit_sha: OptionalSha,
  merged_by: Account,
});

/** The header that names the event is not signed: a review holds a pull request too, and must not pass for one. */
const noOther = { review: Absent, comment: Absent, thread: Absent };

/** `pull_request`: every action tells the pull request as it stands after it. */
export const readPullRequest = repositoryReader(
  z.object({ ...noOther, pull_request: PullRequest }),
  ({ pull_request: pull }, about): readonly ObservedPullRequest[] => {
    const isMerged = pull.merged === true || pull.merged_at !== null;
    const description = pull.body ?? '';
    return [
      {
        schema: 'reentry.pull-request/1',
        ...observed(about, [pull.updated_at, pull.created_at]),
        action: about.action,
        hostId: pull.id,
        number: pull.number,
        title: pull.title,
        descriptionLength: lengthOf(description),
        tickets: ticketsIn({ title: pull.title, branch: pull.head.ref, description }),
        url: pull.html_url ?? '',
        state: isMerged ? 'merged' : pull.state,
        draft: pull.draft ?? false,
        author: accountOf(about, pull.user, 'pull_request.user'),
        base: { branch: pull.base.ref, sha: pull.base.sha },
        head: {
          branch: pull.head.ref,
          sha: pull.head.sha,
          repositoryHostId: pull.head.repo ? `${about.hostName}#${pull.head.repo.id}` : null,
        },
        labels: itemsOf(about, pull.labels, 'pull_request.labels').map(({ name }) => name),
        requestedReviewers: accountsOf(about, pull.requested_reviewers, 'pull_request.requested_reviewers'),
        requestedTeams: itemsOf(about, pull.requested_teams, 'pull_request.requested_teams').map(
          ({ slug }) => slug,
        ),
        createdAt: pull.created_at,
        closedAt: pull.closed_at,
        mergedAt: pull.merged_at,
        // Before that it is a trial merge of GitHub's own.
        mergeSha: isMerged ? pull.merge_commit_sha : null,
        mergedBy: accountOf(about, pull.merged_by, 'pull_request.merged_by'),
      },
    ];
  },
);
