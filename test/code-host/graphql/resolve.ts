import { commitsOf, type GitCommit, references } from '../git/bare-repository.ts';
import { type Kernel, nodeId } from '../kernel.ts';
import type { Account, Json, PullRequest, Repository, Review, ReviewThread } from '../model.ts';
import { type Answer, type Requester, sees } from '../rest/route.ts';
import { decisions } from '../verbs/rule-findings.ts';
import { latestRuns, latestStatuses } from '../views/checks.ts';
import { accountOf } from '../views/commits.ts';
import { parseQuery, type Selection } from './parse.ts';

/** A field is a value, or a function of its arguments. */
type Field = unknown | ((args: Readonly<Record<string, unknown>>) => unknown);
type Fields = Readonly<Record<string, Field>>;

/** Answers the few queries that GitHub has no REST for: threads, decisions, many pull requests at once. */
export async function answerGraphql(kernel: Kernel, requester: Requester, body: Json): Promise<Answer> {
  if (requester.kind === 'anonymous')
    return { status: 401, body: { message: 'This endpoint requires you to be authenticated.' } };
  try {
    const variables = (body.variables ?? {}) as Readonly<Record<string, unknown>>;
    const selections = parseQuery(String(body.query ?? ''), variables);
    return { status: 200, body: { data: await select(rootOf(kernel, requester), selections) } };
  } catch (error) {
    // Errors come with 200 here.
    const message = error instanceof Error ? error.message : String(error);
    return { status: 200, body: { data: null, errors: [{ type: 'UNPROCESSABLE', message }] } };
  }
}

async function select(of: unknown, fields: readonly Selection[]): Promise<unknown> {
  if (of === null || of === undefined || fields.length === 0) return of ?? null;
  if (Array.isArray(of)) return Promise.all(of.map((item) => select(item, fields)));
  const answer: Record<string, unknown> = {};
  for (const { alias, name, args, fields: inner } of fields) {
    const field = (of as Fields)[name];
    const value: unknown = typeof field === 'function' ? await field(args) : field;
    const selected = await select(value, inner);
    const before = answer[alias];
    // The same field twice, from two fragments, is one field with what both ask for.
    answer[alias] = isObject(before) && isObject(selected) ? { ...before, ...selected } : selected;
  }
  return answer;
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function rootOf(kernel: Kernel, requester: Requester): Fields {
  return {
    viewer: () => (requester.kind === 'user' ? actor(kernel, requester.account.id) : null),
    rateLimit: { limit: 5000, cost: 1, remaining: 4999, used: 1, resetAt: kernel.now() },
    repository: ({ owner, name }: Json) => {
      const repository = kernel.findRepository(`${owner}/${name}`);
      if (!repository || !sees(kernel, requester, repository))
        throw new Error(`Could not resolve to a Repository with the name '${owner}/${name}'.`);
      return repositoryFields(kernel, repository);
    },
  };
}

function repositoryFields(kernel: Kernel, repository: Repository): Fields {
  return {
    __typename: 'Repository',
    id: nodeId('R', repository.id),
    databaseId: repository.id,
    name: repository.name,
    nameWithOwner: kernel.fullName(repository),
    isPrivate: repository.private,
    isArchived: repository.archived,
    owner: actor(kernel, repository.ownerId),
    defaultBranchRef: async () => ({
      name: repository.defaultBranch,
      target: {
        oid: (await references(repository.gitPath)).get(`refs/heads/${repository.defaultBranch}`) ?? null,
      },
    }),
    pullRequest: ({ number }: Json) => {
      const pull = repository.pulls.get(Number(number));
      if (!pull) throw new Error(`Could not resolve to a PullRequest with the number of ${number}.`);
      return pullFields(kernel, repository, pull);
    },
    pullRequests: (args: Json) => {
      const states = args.states as readonly string[] | string | undefined;
      const order = args.orderBy as { readonly field?: string; readonly direction?: string } | undefined;
      const key = order?.field === 'UPDATED_AT' ? 'updatedAt' : 'createdAt';
      const pulls = [...repository.pulls.values()]
        .filter((pull) => states === undefined || [states].flat().includes(stateOf(pull)))
        .filter(({ hiddenReads }) => hiddenReads === 0)
        .sort((a, b) => Date.parse(a[key]) - Date.parse(b[key]) || a.number - b.number);
      return connection(order?.direction === 'DESC' ? pulls.reverse() : pulls, args, (pull) =>
        pullFields(kernel, repository, pull),
      );
    },
  };
}

function pullFields(kernel: Kernel, repository: Repository, pull: PullRequest): Fields {
  return {
    __typename: 'PullRequest',
    id: nodeId('PR', pull.id),
    databaseId: pull.id,
    fullDatabaseId: String(pull.id),
    number: pull.number,
    title: pull.title,
    body: pull.body ?? '',
    url: kernel.html(`${kernel.fullName(repository)}/pull/${pull.number}`),
    state: stateOf(pull),
    isDraft: pull.draft,
    merged: pull.mergedAt !== null,
    createdAt: pull.createdAt,
    updatedAt: pull.updatedAt,
    closedAt: pull.closedAt,
    mergedAt: pull.mergedAt,
    mergedBy: pull.mergedById === null ? null : actor(kernel, pull.mergedById),
    mergeCommit: pull.mergeCommitSha === null ? null : { oid: pull.mergeCommitSha },
    author: actor(kernel, pull.authorId),
    headRefName: pull.headRef,
    headRefOid: pull.headSha,
    headRepository: () =>
      kernel.repositories.has(pull.headRepositoryId) ? { databaseId: pull.headRepositoryId } : null,
    baseRefName: pull.baseRef,
    baseRefOid: pull.baseSha,
    isCrossRepository: pull.headRepositoryId !== repository.id,
    reviewDecision: decisionOf(kernel, repository, pull),
    mergeQueueEntry: () => {
      const position = repository.mergeGroups.findIndex(({ number }) => number === pull.number);
      return position === -1 ? null : { position: position + 1, state: 'AWAITING_CHECKS' };
    },
    labels: (args: Json) => connection(pull.labels, args, ({ name }) => ({ name })),
    reviews: (args: Json) => connection(pull.reviews, args, (review) => reviewFields(kernel, review)),
    reviewThreads: (args: Json) =>
      connection(pull.threads, args, (thread) => threadFields(kernel, pull, thread)),
    commits: async (args: Json) => {
      const range = `${pull.baseSha}..${pull.headSha}`;
      const commits = await commitsOf(repository.gitPath, range, { args: ['--reverse', '--topo-order'] });
      return connection(commits, args, (commit) => ({ commit: commitFields(kernel, repository, commit) }));
    },
  };
}

function reviewFields(kernel: Kernel, review: Review): Fields {
  return {
    __typename: 'PullRequestReview',
    id: nodeId('PRR', review.id),
    databaseId: review.id,
    fullDatabaseId: String(review.id),
    state: review.state,
    body: review.body,
    submittedAt: review.submittedAt,
    author: actor(kernel, review.authorId),
    commit: { oid: review.commitSha },
  };
}

function threadFields(kernel: Kernel, pull: PullRequest, thread: ReviewThread): Fields {
  const comments = pull.comments.filter(({ threadId }) => threadId === thread.id);
  return {
    __typename: 'PullRequestReviewThread',
    id: nodeId('PRRT', thread.id),
    isResolved: thread.isResolved,
    isOutdated: comments[0]?.commitSha !== pull.headSha,
    resolvedBy: thread.resolvedById === null ? null : actor(kernel, thread.resolvedById),
    path: comments[0]?.path ?? '',
    line: comments[0]?.line ?? null,
    comments: (args: Json) =>
      connection(comments, args, (comment) => ({
        id: nodeId('PRRC', comment.id),
        databaseId: comment.id,
        fullDatabaseId: String(comment.id),
        body: comment.body,
        createdAt: comment.createdAt,
        author: actor(kernel, comment.authorId),
      })),
  };
}

function commitFields(kernel: Kernel, repository: Repository, commit: GitCommit): Fields {
  const user = accountOf(kernel, commit.author);
  return {
    __typename: 'Commit',
    oid: commit.sha,
    tree: { oid: commit.tree },
    message: commit.message,
    messageHeadline: commit.message.split('\n')[0],
    committedDate: commit.committer.date,
    authoredDate: commit.author.date,
    author: {
      name: commit.author.name,
      email: commit.author.email,
      user: user ? actor(kernel, user.id) : null,
    },
    statusCheckRollup: rollupOf(repository, commit.sha),
  };
}

function rollupOf(repository: Repository, sha: string): Json | null {
  const runs = latestRuns([...repository.checkRuns.values()].filter(({ headSha }) => headSha === sha));
  const results = [
    ...runs.map(({ status, conclusion }) => (status === 'completed' ? (conclusion ?? 'failure') : 'pending')),
    ...latestStatuses(repository, sha).map(({ state }) => state),
  ];
  if (results.length === 0) return null;
  const isRed = results.some((result) => !['success', 'neutral', 'skipped', 'pending'].includes(result));
  return { state: isRed ? 'FAILURE' : results.includes('pending') ? 'PENDING' : 'SUCCESS' };
}

function decisionOf(kernel: Kernel, repository: Repository, pull: PullRequest): string | null {
  const states = [...decisions(kernel, repository, pull).values()];
  if (states.includes('CHANGES_REQUESTED')) return 'CHANGES_REQUESTED';
  return states.includes('APPROVED') ? 'APPROVED' : null;
}

function stateOf({ state, mergedAt }: PullRequest): string {
  if (mergedAt !== null) return 'MERGED';
  return state === 'open' ? 'OPEN' : 'CLOSED';
}

function actor(kernel: Kernel, id: number): Fields {
  const { login, kind, name }: Account = kernel.account(id);
  return { __typename: kind, id: nodeId('U', id), databaseId: id, login, name };
}

/** Cursors are positions, in a form that nobody reads. */
function connection<Item>(items: readonly Item[], args: Json, view: (item: Item) => Fields): Fields {
  const position = (cursor: unknown) =>
    typeof cursor === 'string'
      ? Number(Buffer.from(cursor, 'base64').toString('utf8').slice('cursor:'.length))
      : null;
  const cursor = (index: number) => Buffer.from(`cursor:${index}`).toString('base64');
  const after = position(args.after);
  const before = position(args.before) ?? items.length;
  const from = after === null ? 0 : after + 1;
  const first = typeof args.first === 'number' ? Math.min(args.first, 100) : null;
  const last = typeof args.last === 'number' ? Math.min(args.last, 100) : null;
  if (first === null && last === null)
    throw new Error('You must provide a `first` or `last` value to paginate a connection.');
  const start = first === null ? Math.max(from, before - (last ?? 0)) : from;
  const end = first === null ? before : Math.min(before, from + first);
  const nodes = items.slice(start, end).map(view);
  return {
    totalCount: items.length,
    nodes,
    edges: nodes.map((node, index) => ({ node, cursor: cursor(start + index) })),
    pageInfo: {
      hasNextPage: end < items.length,
      hasPreviousPage: start > 0,
      startCursor: nodes.length === 0 ? null : cursor(start),
      endCursor: nodes.length === 0 ? null : cursor(end - 1),
    },
  };
}
