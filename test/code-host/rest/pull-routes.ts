import { commitsOf, isAncestor, resolve } from '../git/bare-repository.ts';
import { pullChanges } from '../git/changed-files.ts';
import { Refusal } from '../kernel.ts';
import type { Account, MergeMethod, PullRequest, Repository, Review, Team } from '../model.ts';
import { mergePull, updateBranch } from '../verbs/merging.ts';
import { fullMeasure } from '../verbs/pull-events.ts';
import {
  addLabel,
  close,
  editPull,
  openPull,
  removeReviewRequest,
  reopen,
  requestReview,
} from '../verbs/pulls.ts';
import { dismissReview, submitReview } from '../verbs/reviews.ts';
import { accountById, teamView } from '../views/accounts.ts';
import { commitView, fileView } from '../views/commits.ts';
import { labelView, pullView, reviewCommentView, reviewView, simplePullView } from '../views/pulls.ts';
import {
  type Answer,
  actorOf,
  created,
  numberOf,
  type OfRepository,
  ofRepository,
  ok,
  optionalText,
  paged,
  type Route,
  textOf,
} from './route.ts';

const read = ['pull_requests', 'read'] as const;
const write = ['pull_requests', 'write'] as const;
const one = '/pulls/{pull_number}';

export const pullRoutes: readonly Route[] = [
  ofRepository('GET', '/pulls', read, list),
  ofRepository('POST', '/pulls', write, async (request) => {
    const { kernel, repository, body } = request;
    const [owner, branch] = textOf(body, 'head').includes(':')
      ? textOf(body, 'head').split(':')
      : [null, textOf(body, 'head')];
    const fork = [...kernel.repositories.values()].find(
      (candidate) =>
        owner !== null &&
        kernel.owner(candidate).login === owner &&
        (candidate.forkOfId === repository.id || candidate.id === repository.id),
    );
    const pull = await openPull(kernel, {
      repository,
      by: actorOf(request),
      head: branch ?? '',
      ...(fork ? { from: fork } : {}),
      base: textOf(body, 'base'),
      title: textOf(body, 'title'),
      body: optionalText(body, 'body') ?? null,
      draft: body.draft === true,
    });
    return created(await fullView(request, pull));
  }),
  ofRepository('GET', one, read, async (request) => ok(await fullView(request, pullOf(request)))),
  ofRepository('PATCH', one, write, edit),
  ofRepository('GET', `${one}/commits`, read, async (request) => {
    const { kernel, repository } = request;
    const pull = pullOf(request);
    const range = `${pull.baseSha}..${pull.headSha}`;
    const commits = await commitsOf(repository.gitPath, range, { args: ['--reverse', '--topo-order'] });
    // GitHub tells 250 of them, whatever the number of pages asked for.
    return paged(request, commits.slice(0, 250), (commit) => commitView(kernel, repository, commit));
  }),
  ofRepository('GET', `${one}/files`, read, async (request) => {
    const { kernel, repository } = request;
    const pull = pullOf(request);
    const files = await pullChanges(repository.gitPath, pull.baseSha, pull.headSha);
    return paged(request, files.slice(0, 3_000), (file) => fileView(kernel, repository, pull.headSha, file));
  }),
  ofRepository('GET', `${one}/reviews`, read, (request) => {
    const { kernel, repository } = request;
    const pull = pullOf(request);
    return paged(request, pull.reviews, (review) => reviewView(kernel, repository, pull, review));
  }),
  ofRepository('POST', `${one}/reviews`, write, review),
  ofRepository('GET', `${one}/reviews/{review_id}`, read, (request) =>
    ok(reviewView(request.kernel, request.repository, pullOf(request), reviewOf(request))),
  ),
  ofRepository('PUT', `${one}/reviews/{review_id}/dismissals`, write, (request) => {
    const { kernel, repository } = request;
    const pull = pullOf(request);
    const found = reviewOf(request);
    dismissReview(kernel, { repository, pull, by: actorOf(request), review: found });
    return ok(reviewView(kernel, repository, pull, found));
  }),
  ofRepository('GET', `${one}/comments`, read, (request) => {
    const pull = pullOf(request);
    const view = (comment: PullRequest['comments'][number]) =>
      reviewCommentView(request.kernel, request.repository, pull, comment);
    return paged(request, pull.comments, view);
  }),
  ofRepository('GET', `${one}/requested_reviewers`, read, (request) => {
    const { kernel } = request;
    const pull = pullOf(request);
    const teams = pull.requestedTeamIds.flatMap((id) => kernel.teams.get(id) ?? []);
    return ok({
      users: pull.requestedReviewerIds.map((id) => accountById(kernel, id)),
      teams: teams.map((team) => teamView(kernel, team)),
    });
  }),
  ofRepository('POST', `${one}/requested_reviewers`, write, (request) =>
    changeReviewers(request, requestReview, created),
  ),
  ofRepository('DELETE', `${one}/requested_reviewers`, write, (request) =>
    changeReviewers(request, removeReviewRequest, ok),
  ),
  ofRepository('PUT', `${one}/merge`, ['contents', 'write'], async (request) => {
    const { kernel, repository, body } = request;
    const title = optionalText(body, 'commit_title');
    const message = optionalText(body, 'commit_message');
    const expected = optionalText(body, 'sha');
    const sha = await mergePull(kernel, {
      repository,
      pull: pullOf(request),
      by: actorOf(request),
      method: (optionalText(body, 'merge_method') ?? 'merge') as MergeMethod,
      // Over the API GitHub lets those past who may go past, and does not ask.
      bypass: true,
      ...(title === undefined ? {} : { title }),
      ...(message === undefined ? {} : { message }),
      ...(expected === undefined ? {} : { sha: expected }),
    });
    return ok({ sha, merged: true, message: 'Pull Request successfully merged' });
  }),
  ofRepository('GET', `${one}/merge`, read, (request) => {
    if (pullOf(request).mergedAt === null) throw new Refusal(404, 'Not Found');
    return { status: 204 };
  }),
  ofRepository('PUT', `${one}/update-branch`, write, async (request) => {
    const { kernel, repository } = request;
    await updateBranch(kernel, { repository, pull: pullOf(request), by: actorOf(request) });
    return { status: 202, body: { message: 'Updating pull request branch.', url: '' } };
  }),
  ofRepository('POST', '/issues/{pull_number}/labels', write, async (request) => {
    const { kernel, repository, body } = request;
    const pull = pullOf(request);
    for (const name of (body.labels ?? []) as readonly string[])
      await addLabel(kernel, { repository, pull, by: actorOf(request), name });
    return ok(pull.labels.map((label) => labelView(kernel, repository, label)));
  }),
  ofRepository('GET', '/commits/{ref}/pulls', read, async (request) => {
    const { kernel, repository, parameters } = request;
    const sha = await resolve(repository.gitPath, parameters.ref ?? '');
    if (sha === null) throw new Refusal(422, `No commit found for SHA: ${parameters.ref}`);
    const found: PullRequest[] = [];
    for (const pull of repository.pulls.values()) if (await holds(repository, pull, sha)) found.push(pull);
    return paged(request, found, (pull) => simplePullView(kernel, repository, pull));
  }),
];

async function holds({ gitPath }: Repository, pull: PullRequest, sha: string): Promise<boolean> {
  if (pull.mergedAt !== null && pull.mergeCommitSha === sha) return true;
  return (await isAncestor(gitPath, sha, pull.headSha)) && !(await isAncestor(gitPath, sha, pull.baseSha));
}

/** Also counts down the reads that do not see a pull request yet. */
function isVisible(pull: PullRequest): boolean {
  if (pull.hiddenReads === 0) return true;
  pull.hiddenReads -= 1;
  return false;
}

function pullOf({ repository, parameters }: OfRepository): PullRequest {
  const pull = repository.pulls.get(numberOf(parameters.pull_number));
  if (!pull || !isVisible(pull)) throw new Refusal(404, 'Not Found');
  return pull;
}

function reviewOf(request: OfRepository): Review {
  const id = numberOf(request.parameters.review_id);
  const found = pullOf(request).reviews.find((candidate) => candidate.id === id);
  if (!found) throw new Refusal(404, 'Not Found');
  return found;
}

async function fullView({ kernel, repository }: OfRepository, pull: PullRequest) {
  const base = await resolve(repository.gitPath, `refs/heads/${pull.baseRef}`);
  return pullView(kernel, repository, pull, await fullMeasure(kernel, repository, pull, base));
}

function list(request: OfRepository): Answer {
  const { kernel, repository, url } = request;
  const query = (name: string) => url.searchParams.get(name);
  const state = query('state') ?? 'open';
  const sort = query('sort') === 'updated' ? 'updatedAt' : 'createdAt';
  const isAscending =
    (query('direction') ?? (query('sort') === null || query('sort') === 'created' ? 'desc' : 'asc')) ===
    'asc';
  const pulls = [...repository.pulls.values()]
    .filter((pull) => state === 'all' || pull.state === state)
    .filter((pull) => query('base') === null || pull.baseRef === query('base'))
    .filter(
      (pull) =>
        query('head') === null ||
        `${kernel.account(pull.headOwnerId).login}:${pull.headRef}` === query('head'),
    )
    .filter(isVisible)
    .sort((a, b) => Date.parse(a[sort]) - Date.parse(b[sort]) || a.number - b.number);
  return paged(request, isAscending ? pulls : pulls.reverse(), (pull) =>
    simplePullView(kernel, repository, pull),
  );
}

async function edit(request: OfRepository): Promise<Answer> {
  const { kernel, repository, body } = request;
  const pull = pullOf(request);
  const by = actorOf(request);
  const title = optionalText(body, 'title');
  const text = optionalText(body, 'body');
  const base = optionalText(body, 'base');
  await editPull(kernel, {
    repository,
    pull,
    by,
    ...(title === undefined ? {} : { title }),
    ...(text === undefined ? {} : { body: text }),
    ...(base === undefined ? {} : { base }),
  });
  if (body.state === 'closed' && pull.state === 'open') await close(kernel, { repository, pull, by });
  if (body.state === 'open' && pull.state === 'closed') await reopen(kernel, { repository, pull, by });
  return ok(await fullView(request, pull));
}

const reviewEvents = {
  APPROVE: 'APPROVED',
  REQUEST_CHANGES: 'CHANGES_REQUESTED',
  COMMENT: 'COMMENTED',
} as const;

function review(request: OfRepository): Answer {
  const { kernel, repository, body } = request;
  const pull = pullOf(request);
  const event = optionalText(body, 'event') ?? 'COMMENT';
  const sha = optionalText(body, 'commit_id');
  const made = submitReview(kernel, {
    repository,
    pull,
    by: actorOf(request),
    state: reviewEvents[event as keyof typeof reviewEvents] ?? 'COMMENTED',
    body: optionalText(body, 'body') ?? '',
    ...(sha === undefined ? {} : { sha }),
    comments: (body.comments ?? []) as { path: string; line: number; body: string }[],
  });
  return ok(reviewView(kernel, repository, pull, made));
}

async function changeReviewers(
  request: OfRepository,
  change: typeof requestReview,
  answer: (body: unknown) => Answer,
): Promise<Answer> {
  const { kernel, repository, body } = request;
  const pull = pullOf(request);
  const accounts = ((body.reviewers ?? []) as string[]).map((login) => kernel.accountByLogin(login));
  const slugs = (body.team_reviewers ?? []) as readonly string[];
  const teams = [...kernel.teams.values()].filter(
    ({ slug, organizationId }) => organizationId === repository.ownerId && slugs.includes(slug),
  );
  for (const reviewer of [...accounts, ...teams] satisfies readonly (Account | Team)[])
    await change(kernel, { repository, pull, by: actorOf(request), reviewer });
  return answer(simplePullView(kernel, repository, pull));
}
