import { z } from 'zod';
import type {
  ObservedReview,
  ObservedReviewComment,
  ObservedReviewThread,
  ReviewState,
} from '../../core/host/observation.ts';
import {
  Account,
  Count,
  Id,
  Name,
  OptionalId,
  OptionalSha,
  OptionalTime,
  TextLength,
  Time,
} from './payload.ts';
import { accountOf, observed, repositoryReader } from './reading.ts';

const PullRequest = z.object({ number: Count, updated_at: OptionalTime });

const states = {
  approved: 'approved',
  changes_requested: 'changes-requested',
  commented: 'commented',
  dismissed: 'dismissed',
} as const satisfies Record<string, ReviewState>;

const Review = z.object({
  id: Id,
  user: Account,
  // Webhooks write it small, the API large.
  state: z
    .string()
    .transform((state) => state.toLowerCase())
    .pipe(z.enum(['approved', 'changes_requested', 'commented', 'dismissed', 'pending'])),
  commit_id: OptionalSha,
  submitted_at: OptionalTime,
  updated_at: OptionalTime,
  body: TextLength,
});

/** `pull_request_review`: the review as it stands after it was submitted, edited or dismissed. */
export const readReview = repositoryReader(
  z.object({ review: Review, pull_request: PullRequest }),
  ({ review, pull_request: pull }, about) => {
    const { state, submitted_at: submittedAt } = review;
    if (state === 'pending') return { result: 'ignored', because: 'the review is not submitted yet' };
    if (submittedAt === null)
      return { result: 'not-understood', because: 'review.submitted_at: must be a time' };
    const later = [review.updated_at, pull.updated_at];
    return [
      {
        schema: 'reentry.review/1',
        ...observed(about, about.action === 'submitted' ? [submittedAt] : [...later, submittedAt]),
        action: about.action,
        hostId: review.id,
        pullRequest: pull.number,
        reviewer: accountOf(about, review.user, 'review.user'),
        state: states[state],
        commitSha: review.commit_id,
        submittedAt,
        // `author_association` says who somebody is to the project, not what they may do in it.
        permission: null,
        bodyLength: review.body,
      },
    ] satisfies readonly ObservedReview[];
  },
);

const Comment = z.object({
  id: Id,
  pull_request_review_id: OptionalId,
  user: Account,
  commit_id: OptionalSha,
  original_commit_id: OptionalSha,
  created_at: Time,
  updated_at: OptionalTime,
  body: TextLength,
});

/** `pull_request_review_comment`: created, edited, deleted. */
export const readReviewComment = repositoryReader(
  z.object({ comment: Comment, pull_request: PullRequest }),
  ({ comment, pull_request: pull }, about) =>
    [
      {
        schema: 'reentry.review-comment/1',
        ...observed(
          about,
          // A comment keeps its times when it is deleted.
          about.action === 'deleted' ? [] : [comment.updated_at, comment.created_at],
        ),
        action: about.action,
        hostId: comment.id,
        pullRequest: pull.number,
        reviewHostId: comment.pull_request_review_id,
        author: accountOf(about, comment.user, 'comment.user'),
        // `commit_id` moves on with the pull request; the original one is what the author looked at.
        commitSha: comment.original_commit_id ?? comment.commit_id,
        bodyLength: comment.body,
      },
    ] satisfies readonly ObservedReviewComment[],
);

/** `pull_request_review_thread`: a conversation is resolved, or open again. */
export const readReviewThread = repositoryReader(
  z.object({
    action: z.enum(['resolved', 'unresolved']),
    thread: z.object({ node_id: Name, comments: z.array(z.unknown()) }),
    pull_request: PullRequest,
    updated_at: OptionalTime,
  }),
  ({ action, thread, pull_request: pull, updated_at: updatedAt }, about) =>
    [
      {
        schema: 'reentry.review-thread/1',
        ...observed(about, [updatedAt, pull.updated_at]),
        action,
        hostId: thread.node_id,
        pullRequest: pull.number,
        isResolved: action === 'resolved',
        comments: thread.comments.length,
      },
    ] satisfies readonly ObservedReviewThread[],
);
