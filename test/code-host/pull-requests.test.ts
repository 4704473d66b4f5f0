import { afterEach, beforeEach, expect, test } from 'vitest';
import { commitOf, commitsOf } from './git/bare-repository.ts';
import { git } from './git/run-git.ts';
import type { MergeMethod } from './model.ts';
import { openTestWorld, type TestWorld } from './testing/test-world.ts';

let world: TestWorld;

beforeEach(async () => {
  world = await openTestWorld();
});

afterEach(() => world.close());

async function treeOf(sha: string): Promise<string> {
  return git(world.shop.gitPath, ['ls-tree', '-r', '--name-only', sha]);
}

/** Base and head have both moved since the pull request was opened; two people wrote its commits. */
async function openDiverged() {
  const { host, shop, ada, ben } = world;
  const pull = await world.openPull('feature', 'src/one.ts');
  await host.commit({
    repository: shop,
    branch: 'feature',
    files: { 'src/two.ts': '2\n' },
    message: 'Two',
    by: ada,
  });
  await host.commit({
    repository: shop,
    branch: 'main',
    files: { 'src/main.ts': '3\n' },
    message: 'Meanwhile',
    by: ben,
  });
  return pull;
}

const all = 'README.md\nsrc/cart.ts\nsrc/main.ts\nsrc/one.ts\nsrc/two.ts\n';

test.each([
  ['merge', ['Merge pull request #1 from acme/feature', 'Meanwhile', 'Start the shop']],
  ['squash', ['Change src/one.ts on feature (#1)', 'Meanwhile', 'Start the shop']],
  ['rebase', ['Two', 'Change src/one.ts', 'Meanwhile', 'Start the shop']],
] as const)('%s makes the commits that GitHub makes', async (method: MergeMethod, line) => {
  const { host, shop, ada } = world;
  const pull = await openDiverged();
  host.kernel.advance(60_000);

  const sha = await host.merge({ repository: shop, pull, by: ada, method });

  const history = await commitsOf(shop.gitPath, 'refs/heads/main', { args: ['--first-parent'] });
  expect(history.map(({ message }) => message.split('\n')[0])).toEqual(line);
  expect(history[0]?.sha).toBe(sha);
  expect(history[0]?.parents.slice(1)).toEqual(method === 'merge' ? [pull.headSha] : []);
  expect(history[0]?.committer).toEqual({
    name: 'GitHub',
    email: 'noreply@github.com',
    date: '2026-03-02T09:01:00Z',
  });
  expect(await treeOf(sha)).toBe(all);
  expect(pull).toMatchObject({
    state: 'closed',
    mergeCommitSha: sha,
    mergedById: ada.id,
    mergedAt: '2026-03-02T09:01:00Z',
  });
});

test('updating the branch merges the base into the head, once', async () => {
  const { host, shop, ben } = world;
  const pull = await openDiverged();
  const before = pull.headSha;

  const sha = await host.updateBranch({ repository: shop, pull, by: ben });

  expect(pull.headSha).toBe(sha);
  expect((await commitOf(shop.gitPath, sha)).parents).toEqual([before, pull.baseSha]);
  expect(await treeOf(sha)).toBe(all);
  await expect(host.updateBranch({ repository: shop, pull, by: ben })).rejects.toThrow('no new commits');
});

test('a squash keeps the author and names the others', async () => {
  const { host, shop, ada, ben } = world;
  const pull = await openDiverged();

  const sha = await host.merge({ repository: shop, pull, by: ada, method: 'squash' });

  const { author, message } = await commitOf(shop.gitPath, sha);
  expect(author.email).toBe(ben.email);
  expect(message).toBe(
    'Change src/one.ts on feature (#1)\n\n* Change src/one.ts\n\n* Two\n\nCo-authored-by: Ada Lane <ada@acme.test>',
  );
});

test.each(['merge', 'squash', 'rebase'] as const)('%s refuses what conflicts', async (method) => {
  const { host, shop, ada } = world;
  const pull = await world.openPull('feature', 'src/cart.ts');
  await host.commit({
    repository: shop,
    branch: 'main',
    files: { 'src/cart.ts': 'other\n' },
    message: 'Other',
    by: ada,
  });

  await expect(host.merge({ repository: shop, pull, by: ada, method })).rejects.toThrow('not mergeable');
  const answer = (await (await world.get('/repos/acme/shop/pulls/1')).json()) as {
    mergeable: boolean;
    mergeable_state: string;
  };
  expect(answer).toMatchObject({ mergeable: false, mergeable_state: 'dirty' });
});

test('a life of a pull request is told step by step', async () => {
  const { host, shop, ada, ben, sink } = world;
  await host.commit({ repository: shop, branch: 'draft', files: { 'x.txt': 'x\n' }, message: 'X', by: ben });
  await host.webhooks.settled();
  sink.received.length = 0;

  const pull = await host.openPullRequest({
    repository: shop,
    by: ben,
    head: 'draft',
    title: 'X',
    draft: true,
  });
  const of = { repository: shop, pull };
  await host.addLabel({ ...of, by: ben, name: 'ready' });
  await host.markReady({ ...of, by: ben });
  await host.requestReview({ ...of, by: ben, reviewer: ada });
  await host.editPullRequest({ ...of, by: ben, title: 'Y' });
  const review = host.review({
    ...of,
    by: ada,
    state: 'CHANGES_REQUESTED',
    comments: [{ path: 'x.txt', line: 1, body: 'Why?' }],
  });
  host.dismissReview({ ...of, by: ada, review });
  host.review({ ...of, by: ada, state: 'APPROVED' });
  await host.closePullRequest({ ...of, by: ben });
  await host.reopenPullRequest({ ...of, by: ben });
  await host.merge({ ...of, by: ada });

  await host.webhooks.settled();
  expect(sink.names()).toEqual(
    expect.arrayContaining([
      'pull_request.opened',
      'pull_request.labeled',
      'pull_request.ready_for_review',
      'pull_request.review_requested',
      'pull_request.edited',
      'pull_request_review.submitted',
      'pull_request_review_comment.created',
      'pull_request_review.dismissed',
      'pull_request.closed',
      'pull_request.reopened',
      'push',
    ]),
  );
  expect(pull.requestedReviewerIds).toEqual([]);
});

test('nobody approves their own pull request', async () => {
  const pull = await world.openPull('feature');

  expect(() => world.host.review({ repository: world.shop, pull, by: world.ben, state: 'APPROVED' })).toThrow(
    'Unprocessable',
  );
});

test('a red check holds a merge back, an administrator goes past it, and the host remembers', async () => {
  const { host, shop, ada, ben, app } = world;
  const pull = await world.openPull('feature');
  host.createRuleset(
    shop,
    {
      name: 'main',
      rules: [
        {
          type: 'required_status_checks',
          parameters: {
            strict_required_status_checks_policy: false,
            required_status_checks: [{ context: 'unit' }],
          },
        },
      ],
      bypassActors: [{ actor_id: 5, actor_type: 'RepositoryRole', bypass_mode: 'pull_request' }],
    },
    ada,
  );
  await host.reportCheck({
    repository: shop,
    app,
    sha: pull.headSha,
    report: { name: 'unit', conclusion: 'failure' },
  });

  await expect(host.merge({ repository: shop, pull, by: ben, bypass: true })).rejects.toThrow('"unit"');
  await expect(host.merge({ repository: shop, pull, by: ada })).rejects.toThrow('"unit"');
  await host.merge({ repository: shop, pull, by: ada, bypass: true });

  expect(shop.ruleSuites.map(({ result, actorId }) => [result, actorId])).toEqual([
    ['fail', ben.id],
    ['fail', ada.id],
    ['bypass', ada.id],
  ]);
});

test('an approval falls with the next push where the branch says so', async () => {
  const { host, shop, ada, ben } = world;
  const pull = await world.openPull('feature');
  host.createRuleset(
    shop,
    {
      name: 'reviews',
      rules: [
        {
          type: 'pull_request',
          parameters: { required_approving_review_count: 1, dismiss_stale_reviews_on_push: true },
        },
      ],
    },
    ada,
  );
  const review = host.review({ repository: shop, pull, by: ada, state: 'APPROVED' });

  await host.commit({
    repository: shop,
    branch: 'feature',
    files: { 'late.txt': 'x\n' },
    message: 'Late',
    by: ben,
  });

  expect(review.state).toBe('DISMISSED');
  await expect(host.merge({ repository: shop, pull, by: ada })).rejects.toThrow('approving review');
});

test('a merge queue checks one commit after the other and moves the base to them', async () => {
  const { host, shop, ada, sink } = world;
  const one = await world.openPull('one', 'one.txt');
  const two = await world.openPull('two', 'two.txt');
  await host.webhooks.settled();
  sink.received.length = 0;

  const first = await host.enqueue({ repository: shop, pull: one, by: ada });
  const second = await host.enqueue({ repository: shop, pull: two, by: ada });
  await expect(host.finishMergeGroup(shop, second)).rejects.toThrow('before it');
  await host.finishMergeGroup(shop, first);
  await host.finishMergeGroup(shop, second);

  await host.webhooks.settled();
  expect(second.baseSha).toBe(first.headSha);
  expect([one.state, two.mergeCommitSha]).toEqual(['closed', second.headSha]);
  expect(sink.names().filter((name) => name.startsWith('merge_group'))).toEqual([
    'merge_group.checks_requested',
    'merge_group.checks_requested',
    'merge_group.destroyed',
    'merge_group.destroyed',
  ]);
});

test('issues take numbers from pull requests, and a repository of the same name is another one', async () => {
  const { host, shop, acme, ada } = world;
  host.openIssue(shop, 'A bug', ada);
  const pull = await world.openPull('feature');

  expect(pull.number).toBe(2);
  await host.deleteRepository(shop, ada);
  const again = await host.createRepository({ owner: acme, name: 'shop', by: ada });
  expect(again.id).not.toBe(shop.id);
});
