import { z } from 'zod';
import { type Account, Count, Name, Sha } from '../payload.ts';

/** Some fields are of one kind of account only, and only those say which id the account has. */
const actor = `{ __typename login
  ... on User { databaseId } ... on Bot { databaseId } ... on Organization { databaseId } ... on Mannequin { databaseId } }`;
const user = '{ __typename login databaseId }';

/** Fifty with twenty reviews and fifty commits each: far below what the host lets one query ask for, since a slow one is cut off there. */
export const pageQuery = `query PullRequests($owner: String!, $name: String!, $after: String) {
  repository(owner: $owner, name: $name) {
    pullRequests(first: 50, after: $after, orderBy: {field: UPDATED_AT, direction: ASC}) {
      pageInfo { hasNextPage endCursor }
      nodes {
        fullDatabaseId number title body url state isDraft createdAt updatedAt closedAt mergedAt
        author ${actor} mergedBy ${actor} mergeCommit { oid }
        headRefName headRefOid headRepository { databaseId } baseRefName baseRefOid
        labels(first: 100) { nodes { name } }
        reviewRequests(first: 50) { nodes { requestedReviewer { __typename
          ... on User { login databaseId } ... on Team { slug } } } }
        reviews(first: 20) { pageInfo { hasNextPage } nodes {
          fullDatabaseId state body submittedAt updatedAt author ${actor} commit { oid } } }
        commits(first: 50) { totalCount pageInfo { hasNextPage } nodes { commit {
          oid tree { oid } signature { isValid } author { user ${user} } committer { user ${user} } } } }
      }
    }
  }
}`;

/** In the shape that REST has. A bot is called `name[bot]` there and `name` here. */
const Actor = z
  .object({ __typename: z.string(), login: Name, databaseId: z.int().nullish() })
  .nullish()
  .transform((given): Account => {
    if (!given || given.databaseId === null || given.databaseId === undefined) return null;
    const { __typename: type, login, databaseId: id } = given;
    return { id, login: type === 'Bot' && !login.endsWith('[bot]') ? `${login}[bot]` : login, type };
  });

/** A whole number in a string; beyond 2^53 it would be somebody else's. */
const BigId = z
  .string()
  .regex(/^\d{1,15}$/)
  .transform(Number);
const Time = z
  .string()
  .nullish()
  .transform((time) => time ?? null);
const More = z.object({ hasNextPage: z.boolean() });

const Review = z.object({
  fullDatabaseId: BigId,
  state: z.string(),
  body: z.string().nullish(),
  submittedAt: Time,
  updatedAt: Time,
  author: Actor,
  commit: z.object({ oid: Sha }).nullish(),
});

const Signed = z.object({ user: Actor }).nullish();

const Pull = z.object({
  fullDatabaseId: BigId,
  number: Count,
  title: z.string(),
  body: z.string().nullish(),
  url: z.string().nullish(),
  state: z.enum(['OPEN', 'CLOSED', 'MERGED']),
  isDraft: z.boolean().nullish(),
  createdAt: z.string(),
  updatedAt: Time,
  closedAt: Time,
  mergedAt: Time,
  author: Actor,
  mergedBy: Actor,
  mergeCommit: z.object({ oid: Sha }).nullish(),
  headRefName: Name,
  headRefOid: Sha,
  headRepository: z.object({ databaseId: z.int() }).nullish(),
  baseRefName: Name,
  baseRefOid: Sha,
  labels: z.object({ nodes: z.array(z.object({ name: Name })) }).nullish(),
  reviewRequests: z
    .object({
      nodes: z.array(
        z.object({
          requestedReviewer: z.looseObject({ __typename: z.string(), slug: z.string().nullish() }).nullish(),
        }),
      ),
    })
    .nullish(),
  reviews: z.object({ pageInfo: More, nodes: z.array(Review) }),
  commits: z.object({
    totalCount: z.int().nonnegative(),
    pageInfo: More,
    nodes: z.array(
      z.object({
        commit: z.object({
          oid: Sha,
          tree: z.object({ oid: Sha }).nullish(),
          signature: z.object({ isValid: z.boolean() }).nullish(),
          author: Signed,
          committer: Signed,
        }),
      }),
    ),
  }),
});
export type Pull = z.output<typeof Pull>;

export const Page = z.object({
  pullRequests: z.object({
    pageInfo: z.object({
      hasNextPage: z.boolean(),
      endCursor: z
        .string()
        .nullish()
        .transform((end) => end ?? null),
    }),
    nodes: z.array(Pull.nullable()),
  }),
});

/** As REST tells a pull request. */
export function restPull(pull: Pull) {
  const asked = (pull.reviewRequests?.nodes ?? []).flatMap(
    ({ requestedReviewer }) => requestedReviewer ?? [],
  );
  const people = asked
    .filter(({ __typename: type }) => type !== 'Team')
    .map((one) => Actor.safeParse(one).data);
  return {
    id: pull.fullDatabaseId,
    number: pull.number,
    title: pull.title,
    body: pull.body,
    html_url: pull.url,
    state: pull.state === 'OPEN' ? 'open' : 'closed',
    draft: pull.isDraft,
    merged: pull.state === 'MERGED',
    user: pull.author,
    base: { ref: pull.baseRefName, sha: pull.baseRefOid },
    head: {
      ref: pull.headRefName,
      sha: pull.headRefOid,
      repo: pull.headRepository ? { id: pull.headRepository.databaseId } : null,
    },
    labels: pull.labels?.nodes,
    requested_reviewers: people.filter((one) => one !== undefined && one !== null),
    requested_teams: asked.flatMap(({ slug }) => (typeof slug === 'string' ? [{ slug }] : [])),
    created_at: pull.createdAt,
    updated_at: pull.updatedAt,
    closed_at: pull.closedAt,
    merged_at: pull.mergedAt,
    merge_commit_sha: pull.mergeCommit?.oid,
    merged_by: pull.mergedBy,
  };
}

/** As REST tells a review. */
export function restReview(review: z.output<typeof Review>) {
  return {
    id: review.fullDatabaseId,
    user: review.author,
    state: review.state,
    commit_id: review.commit?.oid,
    submitted_at: review.submittedAt,
    body: review.body,
  };
}
