import { type Kernel, nodeId, Refusal } from '../kernel.ts';
import type {
  Account,
  Json,
  PullRequest,
  Repository,
  Review,
  ReviewComment,
  ReviewState,
  ReviewThread,
} from '../model.ts';
import { permissionOf } from '../permissions.ts';
import { reviewCommentView, reviewView, simplePullView } from '../views/pulls.ts';
import { dismissesStale } from './rule-findings.ts';

interface OfPull {
  readonly repository: Repository;
  readonly pull: PullRequest;
  readonly by: Account;
}

export function submitReview(
  kernel: Kernel,
  {
    repository,
    pull,
    by,
    state,
    body = '',
    sha = pull.headSha,
    comments = [],
  }: OfPull & {
    readonly state: Exclude<ReviewState, 'DISMISSED'>;
    readonly body?: string;
    /** The commit that the reviewer looked at. */
    readonly sha?: string;
    readonly comments?: readonly { readonly path: string; readonly line: number; readonly body: string }[];
  },
): Review {
  if (permissionOf(kernel, repository, by) === 'none') throw new Refusal(404, 'Not Found');
  if (by.id === pull.authorId && state !== 'COMMENTED')
    throw new Refusal(422, 'Unprocessable Entity', {
      errors: [`Can not ${state === 'APPROVED' ? 'approve' : 'request changes on'} your own pull request`],
    });
  const review: Review = {
    id: kernel.nextId('review'),
    authorId: by.id,
    state,
    body,
    commitSha: sha,
    submittedAt: kernel.now(),
  };
  pull.reviews.push(review);
  const at = pull.requestedReviewerIds.indexOf(by.id);
  if (at !== -1) pull.requestedReviewerIds.splice(at, 1);
  emitReview(kernel, { repository, pull, by, review, action: 'submitted' });
  for (const comment of comments) {
    const thread: ReviewThread = { id: kernel.nextId('comment'), isResolved: false, resolvedById: null };
    pull.threads.push(thread);
    addComment(kernel, { repository, pull, by, review, thread, ...comment, inReplyToId: null });
  }
  return review;
}

export function dismissReview(
  kernel: Kernel,
  { repository, pull, by, review }: OfPull & { readonly review: Review },
): void {
  if (review.state === 'COMMENTED' || review.state === 'DISMISSED')
    throw new Refusal(422, 'Unprocessable Entity', {
      errors: ['Can not dismiss a commented pull request review'],
    });
  review.state = 'DISMISSED';
  emitReview(kernel, { repository, pull, by, review, action: 'dismissed' });
}

/** Approvals of what is no longer the head fall, where the branch says so. */
export async function dismissStaleReviews(
  kernel: Kernel,
  repository: Repository,
  pull: PullRequest,
  by: Account,
): Promise<void> {
  if (!dismissesStale(kernel, repository, pull.baseRef)) return;
  for (const review of pull.reviews)
    if (review.state === 'APPROVED' && review.commitSha !== pull.headSha)
      dismissReview(kernel, { repository, pull, by, review });
}

export function replyToComment(
  kernel: Kernel,
  {
    repository,
    pull,
    by,
    comment,
    body,
  }: OfPull & { readonly comment: ReviewComment; readonly body: string },
): ReviewComment {
  const review = submitReview(kernel, { repository, pull, by, state: 'COMMENTED' });
  const thread = pull.threads.find(({ id }) => id === comment.threadId);
  if (!thread) throw new Refusal(404, 'Not Found');
  const { path, line } = comment;
  return addComment(kernel, {
    repository,
    pull,
    by,
    review,
    thread,
    path,
    line,
    body,
    inReplyToId: comment.id,
  });
}

export function resolveThread(
  kernel: Kernel,
  { repository, pull, by, thread }: OfPull & { readonly thread: ReviewThread },
): void {
  thread.isResolved = true;
  thread.resolvedById = by.id;
  emitThread(kernel, { repository, pull, by, thread, action: 'resolved' });
}

export function unresolveThread(
  kernel: Kernel,
  { repository, pull, by, thread }: OfPull & { readonly thread: ReviewThread },
): void {
  thread.isResolved = false;
  thread.resolvedById = null;
  emitThread(kernel, { repository, pull, by, thread, action: 'unresolved' });
}

function addComment(
  kernel: Kernel,
  {
    repository,
    pull,
    by,
    review,
    thread,
    path,
    line,
    body,
    inReplyToId,
  }: OfPull & {
    readonly review: Review;
    readonly thread: ReviewThread;
    readonly path: string;
    readonly line: number;
    readonly body: string;
    readonly inReplyToId: number | null;
  },
): ReviewComment {
  const now = kernel.now();
  const comment: ReviewComment = {
    id: kernel.nextId('comment'),
    reviewId: review.id,
    threadId: thread.id,
    authorId: by.id,
    path,
    line,
    commitSha: review.commitSha,
    body,
    inReplyToId,
    createdAt: now,
    updatedAt: now,
  };
  pull.comments.push(comment);
  kernel.emit({
    event: 'pull_request_review_comment',
    action: 'created',
    senderId: by.id,
    repository,
    payload: {
      comment: reviewCommentView(kernel, repository, pull, comment),
      pull_request: simplePullView(kernel, repository, pull),
    },
  });
  return comment;
}

function emitReview(
  kernel: Kernel,
  { repository, pull, by, review, action }: OfPull & { readonly review: Review; readonly action: string },
): void {
  pull.updatedAt = kernel.now();
  // Small letters in payloads, capitals in answers: GitHub's own difference.
  const view: Json = { ...reviewView(kernel, repository, pull, review), state: review.state.toLowerCase() };
  const payload = { review: view, pull_request: simplePullView(kernel, repository, pull) };
  kernel.emit({ event: 'pull_request_review', action, senderId: by.id, repository, payload });
}

function emitThread(
  kernel: Kernel,
  {
    repository,
    pull,
    by,
    thread,
    action,
  }: OfPull & { readonly thread: ReviewThread; readonly action: string },
): void {
  const comments = pull.comments
    .filter(({ threadId }) => threadId === thread.id)
    .map((comment) => reviewCommentView(kernel, repository, pull, comment));
  const payload = {
    pull_request: simplePullView(kernel, repository, pull),
    thread: { node_id: nodeId('PRRT', thread.id), comments },
  };
  kernel.emit({ event: 'pull_request_review_thread', action, senderId: by.id, repository, payload });
}
