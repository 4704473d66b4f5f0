import { references, resolve } from '../git/bare-repository.ts';
import { type Kernel, Refusal } from '../kernel.ts';
import type { Account, Issue, Label, MergeMethod, PullRequest, Repository, Team } from '../model.ts';
import { accountView, teamView } from '../views/accounts.ts';
import { labelView } from '../views/pulls.ts';
import { closePull, emitPull } from './pull-events.ts';
import { pointHead } from './pushes.ts';

interface OfPull {
  readonly repository: Repository;
  readonly pull: PullRequest;
  readonly by: Account;
}

export interface NewPull {
  readonly repository: Repository;
  readonly by: Account;
  /** A branch of `from`, or of the repository itself. */
  readonly head: string;
  readonly from?: Repository;
  readonly base?: string;
  readonly title: string;
  readonly body?: string | null;
  readonly draft?: boolean;
  /** The first reads that do not see it yet, in lists and by number. */
  readonly hiddenReads?: number;
}

export async function openPull(kernel: Kernel, given: NewPull): Promise<PullRequest> {
  const { repository, by, head, from = repository, base = repository.defaultBranch } = given;
  const headSha = (await references(from.gitPath)).get(`refs/heads/${head}`);
  const baseSha = (await references(repository.gitPath)).get(`refs/heads/${base}`);
  if (headSha === undefined) throw invalid('head');
  if (baseSha === undefined) throw invalid('base');
  if (headSha === baseSha)
    throw new Refusal(422, 'Validation Failed', {
      errors: [{ message: `No commits between ${base} and ${head}` }],
    });
  for (const pull of repository.pulls.values())
    if (
      pull.state === 'open' &&
      pull.headRef === head &&
      pull.headRepositoryId === from.id &&
      pull.baseRef === base
    )
      throw new Refusal(422, 'Validation Failed', { errors: [{ message: 'A pull request already exists' }] });
  const number = nextNumber(repository);
  await pointHead(kernel, repository, { number }, from, headSha);
  const now = kernel.now();
  const pull: PullRequest = {
    id: kernel.nextId('pull'),
    number,
    repositoryId: repository.id,
    title: given.title,
    body: given.body ?? null,
    authorId: by.id,
    state: 'open',
    draft: given.draft ?? false,
    locked: false,
    headRef: head,
    headSha,
    headOwnerId: from.ownerId,
    headRepositoryId: from.id,
    baseRef: base,
    baseSha,
    labels: [],
    assigneeIds: [],
    requestedReviewerIds: [],
    requestedTeamIds: [],
    createdAt: now,
    updatedAt: now,
    closedAt: null,
    mergedAt: null,
    mergedById: null,
    mergeCommitSha: null,
    mergeMethod: null,
    autoMerge: null,
    reviews: [],
    comments: [],
    threads: [],
    hiddenReads: given.hiddenReads ?? 0,
  };
  repository.pulls.set(number, pull);
  await emitPull(kernel, { repository, pull, action: 'opened', by });
  return pull;
}

/** Takes a number from the pull requests, as at GitHub. */
export function openIssue(kernel: Kernel, repository: Repository, title: string, by: Account): Issue {
  const issue: Issue = {
    id: kernel.nextId('pull'),
    number: nextNumber(repository),
    title,
    authorId: by.id,
    createdAt: kernel.now(),
  };
  repository.issues.set(issue.number, issue);
  return issue;
}

export async function editPull(
  kernel: Kernel,
  {
    repository,
    pull,
    by,
    title,
    body,
    base,
  }: OfPull & {
    readonly title?: string;
    readonly body?: string | null;
    readonly base?: string;
  },
): Promise<void> {
  const changes: Record<string, unknown> = {};
  if (title !== undefined && title !== pull.title) {
    changes.title = { from: pull.title };
    pull.title = title;
  }
  if (body !== undefined && body !== pull.body) {
    changes.body = { from: pull.body };
    pull.body = body;
  }
  if (base !== undefined && base !== pull.baseRef) {
    const sha = await resolve(repository.gitPath, `refs/heads/${base}`);
    if (sha === null) throw invalid('base');
    changes.base = { ref: { from: pull.baseRef }, sha: { from: pull.baseSha } };
    pull.baseRef = base;
    pull.baseSha = sha;
  }
  if (Object.keys(changes).length > 0)
    await emitPull(kernel, { repository, pull, action: 'edited', by, more: { changes } });
}

export async function addLabel(
  kernel: Kernel,
  { repository, pull, by, name }: OfPull & { readonly name: string },
): Promise<void> {
  if (pull.labels.some((label) => label.name === name)) return;
  const label: Label = repository.labels.get(name) ?? { id: kernel.nextId('other'), name, color: 'ededed' };
  repository.labels.set(name, label);
  pull.labels.push(label);
  const more = { label: labelView(kernel, repository, label) };
  await emitPull(kernel, { repository, pull, action: 'labeled', by, more });
}

export async function removeLabel(
  kernel: Kernel,
  { repository, pull, by, name }: OfPull & { readonly name: string },
): Promise<void> {
  const at = pull.labels.findIndex((label) => label.name === name);
  const [label] = at === -1 ? [] : pull.labels.splice(at, 1);
  if (!label) throw new Refusal(404, 'Label does not exist');
  const more = { label: labelView(kernel, repository, label) };
  await emitPull(kernel, { repository, pull, action: 'unlabeled', by, more });
}

export async function requestReview(
  kernel: Kernel,
  { repository, pull, by, reviewer }: OfPull & { readonly reviewer: Account | Team },
): Promise<void> {
  const ids = 'login' in reviewer ? pull.requestedReviewerIds : pull.requestedTeamIds;
  if ('login' in reviewer && reviewer.id === pull.authorId)
    throw new Refusal(422, 'Review cannot be requested from pull request author.');
  if (!ids.includes(reviewer.id)) ids.push(reviewer.id);
  const more = requested(kernel, reviewer);
  await emitPull(kernel, { repository, pull, action: 'review_requested', by, more });
}

export async function removeReviewRequest(
  kernel: Kernel,
  { repository, pull, by, reviewer }: OfPull & { readonly reviewer: Account | Team },
): Promise<void> {
  const ids = 'login' in reviewer ? pull.requestedReviewerIds : pull.requestedTeamIds;
  const at = ids.indexOf(reviewer.id);
  if (at !== -1) ids.splice(at, 1);
  const more = requested(kernel, reviewer);
  await emitPull(kernel, { repository, pull, action: 'review_request_removed', by, more });
}

function requested(kernel: Kernel, reviewer: Account | Team) {
  return 'login' in reviewer
    ? { requested_reviewer: accountView(kernel, reviewer) }
    : { requested_team: teamView(kernel, reviewer) };
}

export async function assign(
  kernel: Kernel,
  { repository, pull, by, assignee }: OfPull & { readonly assignee: Account },
): Promise<void> {
  if (!pull.assigneeIds.includes(assignee.id)) pull.assigneeIds.push(assignee.id);
  await emitPull(kernel, {
    repository,
    pull,
    action: 'assigned',
    by,
    more: { assignee: accountView(kernel, assignee) },
  });
}

export async function markReady(kernel: Kernel, { repository, pull, by }: OfPull): Promise<void> {
  pull.draft = false;
  await emitPull(kernel, { repository, pull, action: 'ready_for_review', by });
}

export async function convertToDraft(kernel: Kernel, { repository, pull, by }: OfPull): Promise<void> {
  pull.draft = true;
  await emitPull(kernel, { repository, pull, action: 'converted_to_draft', by });
}

export async function close(kernel: Kernel, { repository, pull, by }: OfPull): Promise<void> {
  if (pull.state === 'closed') throw new Refusal(422, 'Validation Failed');
  await closePull(kernel, repository, pull, by);
}

export async function reopen(kernel: Kernel, { repository, pull, by }: OfPull): Promise<void> {
  const head = kernel.repositories.get(pull.headRepositoryId);
  const sha = head && (await references(head.gitPath)).get(`refs/heads/${pull.headRef}`);
  if (pull.mergedAt !== null || !head || sha === undefined)
    throw new Refusal(422, 'Validation Failed', { errors: [{ message: 'state cannot be changed.' }] });
  pull.state = 'open';
  pull.closedAt = null;
  pull.headSha = sha;
  await pointHead(kernel, repository, pull, head, sha);
  await emitPull(kernel, { repository, pull, action: 'reopened', by });
}

export async function enableAutoMerge(
  kernel: Kernel,
  { repository, pull, by, method }: OfPull & { readonly method: MergeMethod },
): Promise<void> {
  pull.autoMerge = { enabledById: by.id, method };
  await emitPull(kernel, { repository, pull, action: 'auto_merge_enabled', by });
}

function nextNumber(repository: Repository): number {
  repository.lastNumber += 1;
  return repository.lastNumber;
}

function invalid(field: string): Refusal {
  return new Refusal(422, 'Validation Failed', {
    errors: [{ resource: 'PullRequest', field, code: 'invalid' }],
  });
}
