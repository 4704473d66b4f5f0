import { z } from 'zod';
import type { HostPage } from '../../../app/host-ports.ts';
import { AppError } from '../../../core/errors.ts';
import type {
  HostObservation,
  ObservedCommitAccounts,
  ObservedReview,
} from '../../../core/host/observation.ts';
import { readPullRequest } from '../pull-requests.ts';
import { type AboutRepository, accountOf, observed } from '../reading.ts';
import { readReview } from '../reviews.ts';
import { Page, type Pull, pageQuery, restPull, restReview } from './backfill-query.ts';
import { commitAccounts, reviewsOf } from './pull-request.ts';
import {
  aboutOf,
  type FullRepository,
  originOfItem,
  type Place,
  read,
  readRepository,
} from './repository.ts';
import { understood } from './requests.ts';

const route = 'POST /graphql';

/** All pull requests by the time of their last update, in pages; what does not fit into one is read by itself. */
export async function* backfill(place: Place, after: string | null): AsyncGenerator<HostPage> {
  const { requests } = place;
  const repository = await readRepository(place);
  let cursor = after;
  for (;;) {
    const { pullRequests } = await page(place, repository, cursor);
    const observations: HostObservation[] = [];
    const numbers: number[] = [];
    for (const node of pullRequests.nodes) {
      // The host says null for one that it cannot show.
      if (node === null) continue;
      observations.push(...(await observationsOf(place, repository, node)));
      numbers.push(node.number);
    }
    const { hasNextPage, endCursor } = pullRequests.pageInfo;
    cursor = endCursor ?? cursor ?? '';
    if (numbers.length > 0) yield { observations, cursor, pullRequests: numbers };
    if (!hasNextPage) return;
    if (endCursor === null)
      throw new AppError('HOST_ANSWER', { host: requests.places.name, detail: `${route}: no cursor` });
  }
}

const Answered = z.object({
  data: z.object({ repository: Page.nullish() }).nullish(),
  errors: z.array(z.looseObject({ type: z.string().nullish() })).nullish(),
});

async function page({ requests, as }: Place, { full_name: fullName }: FullRepository, after: string | null) {
  const { name: host, graphql } = requests.places;
  const [owner, name] = fullName.split('/');
  const { value } = await requests.send(as, `POST ${graphql}`, {
    query: pageQuery,
    variables: { owner, name, after: after === '' ? null : after },
  });
  const { data, errors } = understood(host, Answered, value);
  if (data?.repository) return data.repository;
  // Here errors come with 200; their text is the host's, and is not passed on.
  const type = errors?.[0]?.type ?? '';
  if (type === 'RATE_LIMITED')
    throw new AppError('HOST_BUSY', { host, detail: `${route}, its limit of requests` });
  if (type === 'NOT_FOUND') throw new AppError('HOST_MISSING', { host, detail: `${route}: the repository` });
  if (type === 'FORBIDDEN') throw new AppError('HOST_REFUSED', { host, detail: route });
  throw new AppError('HOST_ANSWER', { host, detail: `${route}: no repository in it` });
}

async function observationsOf(
  place: Place,
  repository: FullRepository,
  pull: Pull,
): Promise<readonly HostObservation[]> {
  const { requests } = place;
  const about = aboutOf(requests, repository, originOfItem(route, pull));
  const { number, headRefOid } = pull;
  const observedPull = read(readPullRequest, { pull_request: restPull(pull) }, about);
  const commits = pull.commits.pageInfo.hasNextPage
    ? await commitAccounts(
        place,
        repository,
        { number, head: { branch: pull.headRefName, sha: headRefOid, repositoryHostId: null } },
        pull.commits.totalCount,
      )
    : commitsIn(pull, about);
  const reviews = pull.reviews.pageInfo.hasNextPage
    ? await reviewsOf(place, repository, number)
    : pull.reviews.nodes.flatMap((review) =>
        read<ObservedReview>(
          readReview,
          { review: restReview(review), pull_request: { number } },
          aboutOf(requests, repository, originOfItem(route, review)),
        ),
      );
  return [...observedPull, commits, ...reviews];
}

function commitsIn(pull: Pull, about: AboutRepository): ObservedCommitAccounts {
  return {
    schema: 'reentry.commit-accounts/1',
    ...observed(about, [pull.updatedAt]),
    pullRequest: pull.number,
    headSha: pull.headRefOid,
    complete: true,
    commits: pull.commits.nodes.map(({ commit }) => ({
      sha: commit.oid,
      tree: commit.tree?.oid ?? null,
      author: accountOf(about, commit.author?.user ?? null, 'author'),
      committer: accountOf(about, commit.committer?.user ?? null, 'committer'),
      verified: commit.signature?.isValid ?? null,
    })),
  };
}
