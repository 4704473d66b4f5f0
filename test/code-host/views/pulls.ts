import { type Kernel, nodeId } from '../kernel.ts';
import type { Account, Json, Label, PullRequest, Repository, Review, ReviewComment } from '../model.ts';
import { permissionOf } from '../permissions.ts';
import { accountById, accountView, teamView } from './accounts.ts';
import { mergeSettings, repositoryLink, repositoryView } from './repositories.ts';

export interface Measures {
  readonly mergeable: boolean | null;
  readonly mergeableState: string;
  readonly commits: number;
  readonly additions: number;
  readonly deletions: number;
  readonly changedFiles: number;
}

/** A pull request in a list. */
export function simplePullView(kernel: Kernel, repository: Repository, pull: PullRequest): Json {
  const api = kernel.api(`repos/${kernel.fullName(repository)}`);
  const html = kernel.html(`${kernel.fullName(repository)}/pull/${pull.number}`);
  const self = `${api}/pulls/${pull.number}`;
  const comments = `${api}/issues/${pull.number}/comments`;
  const statuses = `${api}/statuses/${pull.headSha}`;
  const author = kernel.account(pull.authorId);
  const assignees = pull.assigneeIds.map((id) => accountById(kernel, id));
  return {
    url: self,
    id: pull.id,
    node_id: nodeId('PR', pull.id),
    html_url: html,
    diff_url: `${html}.diff`,
    patch_url: `${html}.patch`,
    issue_url: `${api}/issues/${pull.number}`,
    number: pull.number,
    state: pull.state,
    locked: pull.locked,
    title: pull.title,
    user: accountView(kernel, author),
    body: pull.body,
    created_at: pull.createdAt,
    updated_at: pull.updatedAt,
    closed_at: pull.closedAt,
    merged_at: pull.mergedAt,
    merge_commit_sha: pull.mergeCommitSha,
    assignee: assignees[0] ?? null,
    assignees,
    requested_reviewers: pull.requestedReviewerIds.map((id) => accountById(kernel, id)),
    requested_teams: pull.requestedTeamIds.flatMap((id) => {
      const team = kernel.teams.get(id);
      return team ? [teamView(kernel, team)] : [];
    }),
    labels: pull.labels.map((label) => labelView(kernel, repository, label)),
    milestone: null,
    draft: pull.draft,
    commits_url: `${self}/commits`,
    review_comments_url: `${self}/comments`,
    review_comment_url: `${api}/pulls/comments{/number}`,
    comments_url: comments,
    statuses_url: statuses,
    head: headView(kernel, pull),
    base: endView(kernel, kernel.owner(repository), repository, pull.baseRef, pull.baseSha),
    _links: {
      self: { href: self },
      html: { href: html },
      issue: { href: `${api}/issues/${pull.number}` },
      comments: { href: comments },
      review_comments: { href: `${self}/comments` },
      review_comment: { href: `${api}/pulls/comments{/number}` },
      commits: { href: `${self}/commits` },
      statuses: { href: statuses },
    },
    author_association: association(kernel, repository, author),
    auto_merge: autoMerge(kernel, pull),
    active_lock_reason: null,
  };
}

/** One pull request by itself, also in payloads. */
export function pullView(
  kernel: Kernel,
  repository: Repository,
  pull: PullRequest,
  measures: Measures,
): Json {
  return {
    ...simplePullView(kernel, repository, pull),
    merged: pull.mergedAt !== null,
    mergeable: measures.mergeable,
    rebaseable: measures.mergeable,
    mergeable_state: measures.mergeableState,
    merged_by: accountById(kernel, pull.mergedById),
    comments: 0,
    review_comments: pull.comments.length,
    maintainer_can_modify: false,
    commits: measures.commits,
    additions: measures.additions,
    deletions: measures.deletions,
    changed_files: measures.changedFiles,
  };
}

/** A pull request as a check run names it. */
function pullLink(kernel: Kernel, repository: Repository, pull: PullRequest): Json {
  const head = kernel.repositories.get(pull.headRepositoryId) ?? repository;
  return {
    url: kernel.api(`repos/${kernel.fullName(repository)}/pulls/${pull.number}`),
    id: pull.id,
    number: pull.number,
    head: { ref: pull.headRef, sha: pull.headSha, repo: repositoryLink(kernel, head) },
    base: { ref: pull.baseRef, sha: pull.baseSha, repo: repositoryLink(kernel, repository) },
  };
}

/** Open pull requests whose head is that commit; GitHub leaves those from forks out. */
export function pullLinksOf(kernel: Kernel, repository: Repository, sha: string): readonly Json[] {
  return [...repository.pulls.values()]
    .filter(
      (pull) => pull.state === 'open' && pull.headSha === sha && pull.headRepositoryId === repository.id,
    )
    .map((pull) => pullLink(kernel, repository, pull));
}

function headView(kernel: Kernel, pull: PullRequest): Json {
  const owner = kernel.account(pull.headOwnerId);
  return endView(
    kernel,
    owner,
    kernel.repositories.get(pull.headRepositoryId) ?? null,
    pull.headRef,
    pull.headSha,
  );
}

function endView(
  kernel: Kernel,
  owner: Account,
  repository: Repository | null,
  ref: string,
  sha: string,
): Json {
  return {
    label: `${owner.login}:${ref}`,
    ref,
    sha,
    user: accountView(kernel, owner),
    // Null once a fork is deleted; the commits stay under refs/pull.
    repo: repository && { ...repositoryView(kernel, repository), ...mergeSettings(repository) },
  };
}

function autoMerge(kernel: Kernel, { autoMerge: auto, title }: PullRequest): Json | null {
  if (auto === null) return null;
  return {
    enabled_by: accountById(kernel, auto.enabledById),
    merge_method: auto.method,
    commit_title: title,
    commit_message: '',
  };
}

export function labelView(kernel: Kernel, repository: Repository, { id, name, color }: Label): Json {
  return {
    id,
    node_id: nodeId('LA', id),
    url: kernel.api(`repos/${kernel.fullName(repository)}/labels/${encodeURIComponent(name)}`),
    name,
    color,
    default: false,
    description: '',
  };
}

function association(kernel: Kernel, repository: Repository, account: Account): string {
  const owner = kernel.owner(repository);
  if (owner.id === account.id) return 'OWNER';
  if (owner.members.has(account.id)) return 'MEMBER';
  return permissionOf(kernel, repository, account) === 'none' ? 'NONE' : 'COLLABORATOR';
}

/** GitHub writes the state in capitals in answers and in small letters in payloads. */
export function reviewView(kernel: Kernel, repository: Repository, pull: PullRequest, review: Review): Json {
  const author = kernel.account(review.authorId);
  const html = `${kernel.html(`${kernel.fullName(repository)}/pull/${pull.number}`)}#pullrequestreview-${review.id}`;
  const pullUrl = kernel.api(`repos/${kernel.fullName(repository)}/pulls/${pull.number}`);
  return {
    id: review.id,
    node_id: nodeId('PRR', review.id),
    user: accountView(kernel, author),
    body: review.body,
    state: review.state,
    html_url: html,
    pull_request_url: pullUrl,
    author_association: association(kernel, repository, author),
    _links: { html: { href: html }, pull_request: { href: pullUrl } },
    submitted_at: review.submittedAt,
    updated_at: review.submittedAt,
    commit_id: review.commitSha,
  };
}

export function reviewCommentView(
  kernel: Kernel,
  repository: Repository,
  pull: PullRequest,
  comment: ReviewComment,
): Json {
  const author = kernel.account(comment.authorId);
  const api = kernel.api(`repos/${kernel.fullName(repository)}/pulls`);
  const html = `${kernel.html(`${kernel.fullName(repository)}/pull/${pull.number}`)}#discussion_r${comment.id}`;
  return {
    url: `${api}/comments/${comment.id}`,
    pull_request_review_id: comment.reviewId,
    id: comment.id,
    node_id: nodeId('PRRC', comment.id),
    diff_hunk: `@@ -${comment.line},1 +${comment.line},1 @@`,
    path: comment.path,
    commit_id: comment.commitSha,
    original_commit_id: comment.commitSha,
    user: accountView(kernel, author),
    body: comment.body,
    created_at: comment.createdAt,
    updated_at: comment.updatedAt,
    html_url: html,
    pull_request_url: `${api}/${pull.number}`,
    author_association: association(kernel, repository, author),
    _links: {
      self: { href: `${api}/comments/${comment.id}` },
      html: { href: html },
      pull_request: { href: `${api}/${pull.number}` },
    },
    ...(comment.inReplyToId === null ? {} : { in_reply_to_id: comment.inReplyToId }),
    position: 1,
    original_position: 1,
    line: comment.line,
    original_line: comment.line,
    start_line: null,
    original_start_line: null,
    start_side: null,
    side: 'RIGHT',
    subject_type: 'line',
    reactions: reactions(`${api}/comments/${comment.id}/reactions`),
  };
}

function reactions(url: string): Json {
  return {
    url,
    total_count: 0,
    '+1': 0,
    '-1': 0,
    laugh: 0,
    hooray: 0,
    confused: 0,
    heart: 0,
    rocket: 0,
    eyes: 0,
  };
}
