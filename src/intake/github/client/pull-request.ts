import { z } from 'zod';
import { AppError } from '../../../core/errors.ts';
import type {
  HostObservation,
  ObservedAccess,
  ObservedCommitAccounts,
  ObservedPullRequest,
  ObservedPush,
  ObservedReview,
} from '../../../core/host/observation.ts';
import { Account, Name, OptionalTime, refsHeads, Sha } from '../payload.ts';
import { readPullRequest } from '../pull-requests.ts';
import { accountOf, observed } from '../reading.ts';
import { readReview } from '../reviews.ts';
import { accessOf } from './access.ts';
import { gatesOf } from './gates.ts';
import { isHostError } from './host-errors.ts';
import {
  aboutOf,
  type FullRepository,
  itemsOfPages,
  listIn,
  ofRepository,
  originOf,
  originOfItem,
  type Place,
  read,
  understoodRepository,
} from './repository.ts';
import { understood } from './requests.ts';

const pullRoute = `GET ${ofRepository}/pulls/{pull_number}`;
const commitsRoute = `${pullRoute}/commits`;
const reviewsRoute = `${pullRoute}/reviews`;
const activityRoute = `GET ${ofRepository}/activity`;

/** Beside what the webhook's reader takes. */
const Pull = z.looseObject({
  base: z.looseObject({ repo: z.unknown() }),
  commits: z.int().nonnegative().nullish(),
});

/** Everything that the policy asks about one pull request, as the host tells it now. */
export async function pullRequestOf(place: Place, number: number): Promise<readonly HostObservation[]> {
  const { requests, as, parameters } = place;
  const answer = await requests.send(as, pullRoute, { ...parameters, pull_number: number });
  const body = understood(requests.places.name, Pull, answer.value);
  const repository = understoodRepository(requests, body.base.repo);
  const about = aboutOf(requests, repository, originOf(pullRoute, [answer]));
  const [pull] = read<ObservedPullRequest>(readPullRequest, { pull_request: body }, about);
  if (pull?.number !== number)
    throw new AppError('HOST_ANSWER', {
      host: requests.places.name,
      detail: `${about.origin.event}: another one`,
    });
  const [commits, reviews, pushes, gates] = await Promise.all([
    commitAccounts(place, repository, pull, body.commits ?? null),
    reviewsOf(place, repository, number),
    lastPush(place, repository, pull),
    gatesOf(place, repository, pull.head.sha),
  ]);
  const access = await accessOfReviewers(place, repository, reviews);
  return [pull, commits, ...withPermission(reviews, access), ...access, ...pushes, ...gates];
}

const Commit = z.object({
  sha: Sha,
  commit: z
    .object({
      tree: z.object({ sha: Sha }).nullish(),
      verification: z.object({ verified: z.boolean().nullish() }).nullish(),
    })
    .nullish(),
  author: Account,
  committer: Account,
});

/** The host tells 250 at most, in however many pages. */
const maxCommits = 250;

export async function commitAccounts(
  place: Place,
  repository: FullRepository,
  { number, head }: Pick<ObservedPullRequest, 'number' | 'head'>,
  count: number | null,
): Promise<ObservedCommitAccounts> {
  const { items, answers } = await itemsOfPages(place, commitsRoute, { pull_number: number });
  const { requests } = place;
  const about = aboutOf(requests, repository, originOf(commitsRoute, answers));
  const commits = items.map((item) => {
    const { sha, commit, author, committer } = understood(requests.places.name, Commit, item);
    return {
      sha,
      tree: commit?.tree?.sha ?? null,
      author: accountOf(about, author, 'author'),
      committer: accountOf(about, committer, 'committer'),
      verified: commit?.verification?.verified ?? null,
    };
  });
  // A push in between: then the list is that of another head.
  const isOfHead = commits.length === 0 || commits.some(({ sha }) => sha === head.sha);
  const hasAll = count === null ? items.length < maxCommits : items.length >= count;
  return {
    schema: 'reentry.commit-accounts/1',
    ...observed(about, []),
    pullRequest: number,
    headSha: head.sha,
    complete: hasAll && isOfHead,
    commits,
  };
}

/** One that cannot be read is an error: left out, it might be the one that asks for changes. */
export async function reviewsOf(
  place: Place,
  repository: FullRepository,
  number: number,
): Promise<readonly ObservedReview[]> {
  const { items } = await itemsOfPages(place, reviewsRoute, { pull_number: number });
  return items.flatMap((item) =>
    read<ObservedReview>(
      readReview,
      { review: item, pull_request: { number } },
      aboutOf(place.requests, repository, originOfItem(reviewsRoute, item)),
    ).map((review) => ({ ...review, actor: review.state === 'dismissed' ? null : review.reviewer })),
  );
}

async function accessOfReviewers(
  place: Place,
  repository: FullRepository,
  reviews: readonly ObservedReview[],
): Promise<readonly ObservedAccess[]> {
  const logins = new Set(reviews.flatMap(({ reviewer }) => reviewer?.login ?? []));
  const access = await Promise.all([...logins].map((login) => accessOf(place, repository, login)));
  return access.filter((one) => one !== null);
}

function withPermission(
  reviews: readonly ObservedReview[],
  access: readonly ObservedAccess[],
): readonly ObservedReview[] {
  // By id: whoever took over a login since has not written the review.
  const permissions = new Map(access.map(({ account, permission }) => [account.id, permission]));
  return reviews.map((review) => ({
    ...review,
    permission: review.reviewer === null ? null : (permissions.get(review.reviewer.id) ?? null),
  }));
}

const Activity = z.object({
  ref: Name,
  before: Sha,
  after: Sha,
  timestamp: OptionalTime,
  activity_type: z.string(),
  actor: Account,
});

/** Who pushed the head; nothing where the host does not tell: of forks, or where it keeps no activity. */
async function lastPush(
  place: Place,
  repository: FullRepository,
  { head }: Pick<ObservedPullRequest, 'head'>,
): Promise<readonly ObservedPush[]> {
  const { requests, as } = place;
  const hostId = `${requests.places.name}#${repository.id}`;
  if (head.repositoryHostId !== hostId) return [];
  const ref = `${refsHeads}${head.branch}`;
  const answer = await requests
    .send(as, activityRoute, { ...place.parameters, ref, per_page: 10 })
    .catch((error: unknown) => {
      if (isHostError(error, 'HOST_MISSING', 'HOST_REFUSED')) return null;
      throw error;
    });
  if (answer === null) return [];
  for (const item of listIn(requests, answer.value)) {
    const parsed = Activity.safeParse(item);
    // Only what brought this very head says who did.
    if (!parsed.success || parsed.data.after !== head.sha || parsed.data.ref !== ref) continue;
    const { before, after, timestamp, activity_type: type, actor } = parsed.data;
    const about = aboutOf(requests, repository, originOfItem(activityRoute, item));
    return [
      {
        schema: 'reentry.push/1',
        ...observed({ ...about, actor: accountOf(about, actor, 'actor') }, [timestamp]),
        ref,
        branch: head.branch,
        before,
        after,
        forced: type === 'force_push',
        commits: [],
      },
    ];
  }
  return [];
}
