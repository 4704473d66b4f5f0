import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { gitEnvironment } from './git/run-git.ts';
import { openTestWorld, type TestWorld } from './testing/test-world.ts';

// Asynchronous: the double answers in this very process.
const run = promisify(execFile);
let world: TestWorld;
let folder: string;

beforeEach(async () => {
  world = await openTestWorld();
  folder = await mkdtemp(join(tmpdir(), 'code-host-clone-'));
});

afterEach(async () => {
  await world.close();
  await rm(folder, { recursive: true, force: true });
});

async function git(...args: readonly string[]): Promise<string> {
  const identity = {
    GIT_AUTHOR_NAME: 'Ben Orr',
    GIT_AUTHOR_EMAIL: 'ben@acme.test',
    GIT_COMMITTER_NAME: 'Ben Orr',
    GIT_COMMITTER_EMAIL: 'ben@acme.test',
  };
  const { stdout, stderr } = await run('git', ['-C', folder, ...args], {
    env: { ...gitEnvironment, ...identity },
  });
  return stdout + stderr;
}

async function cloneAs(account = world.ben): Promise<void> {
  await git('clone', '--quiet', world.host.cloneUrl(world.shop, account), '.');
}

async function commit(file: string, text: string): Promise<string> {
  await writeFile(join(folder, file), text);
  await git('add', file);
  await git('commit', '--quiet', '-m', `Write ${file}`);
  return (await git('rev-parse', 'HEAD')).trim();
}

test('a clone has the commits that were pushed before', async () => {
  await cloneAs();

  expect(await git('log', '--format=%an %s')).toBe('Ada Lane Start the shop\n');
});

test('a push moves the branch, its pull request and tells both, oldest commit first', async () => {
  const pull = await world.openPull('feature');
  await world.host.webhooks.settled();
  world.sink.received.length = 0;
  await cloneAs();
  await git('checkout', '--quiet', 'feature');
  const before = (await git('rev-parse', 'HEAD')).trim();
  const first = await commit('one.txt', 'one\n');
  const second = await commit('two.txt', 'two\n');

  await git('push', '--quiet', 'origin', 'feature');

  await world.host.webhooks.settled();
  expect(pull.headSha).toBe(second);
  expect(world.sink.names()).toEqual(['push', 'check_suite.requested', 'pull_request.synchronize']);
  const push = world.sink.received[0]?.payload;
  expect(push).toMatchObject({
    ref: 'refs/heads/feature',
    before,
    after: second,
    forced: false,
    created: false,
    deleted: false,
  });
  expect(push).toMatchObject({ commits: [{ id: first }, { id: second }] });
  expect(world.sink.received.at(-1)?.payload).toMatchObject({ before, after: second, number: 1 });
});

test('a force-push is told as forced', async () => {
  const pull = await world.openPull('feature');
  await cloneAs();
  await git('checkout', '--quiet', 'feature');
  await git('commit', '--quiet', '--amend', '-m', 'Say it better');

  await git('push', '--quiet', '--force', 'origin', 'feature');

  await world.host.webhooks.settled();
  const pushes = world.sink.received.filter(({ event }) => event === 'push');
  expect(pushes.at(-1)?.payload.forced).toBe(true);
  expect(pull.headSha).toBe((await git('rev-parse', 'HEAD')).trim());
});

test('deleting the head branch closes its pull request', async () => {
  const pull = await world.openPull('feature');
  await cloneAs();

  await git('push', '--quiet', 'origin', '--delete', 'feature');

  await world.host.webhooks.settled();
  expect(pull).toMatchObject({ state: 'closed', mergedAt: null });
  expect(world.sink.names().slice(-3)).toEqual(['push', 'delete', 'pull_request.closed']);
});

test('pushing the head into the base merges its pull request', async () => {
  const pull = await world.openPull('feature');
  await cloneAs();
  await git('merge', '--quiet', '--no-ff', '-m', 'By hand', 'origin/feature');
  const tip = (await git('rev-parse', 'HEAD')).trim();

  await git('push', '--quiet', 'origin', 'main');

  expect(pull).toMatchObject({ state: 'closed', mergeCommitSha: tip, mergedById: world.ben.id });
});

test('commits stay under refs/pull when their branch is gone', async () => {
  const pull = await world.openPull('feature');
  await world.host.deleteBranch(world.shop, 'feature', world.ben);
  await cloneAs();

  await git('fetch', '--quiet', 'origin', 'refs/pull/1/head');

  expect((await git('rev-parse', 'FETCH_HEAD')).trim()).toBe(pull.headSha);
});

test('nobody clones a private repository without a right, or pushes with a right to read', async () => {
  const eve = world.host.createAccount({ login: 'eve' });
  const { host, shop } = world;

  await expect(git('clone', host.cloneUrl(shop, eve), '.')).rejects.toThrow(/not found/);
  host.grant({ repository: shop, account: eve, permission: 'read', by: world.ada });
  await git('clone', '--quiet', host.cloneUrl(shop, eve), '.');
  await commit('evil.txt', 'x\n');
  await expect(git('push', 'origin', 'main')).rejects.toThrow(/403/);
});

test('a protected branch refuses a direct push, and lets an administrator past on the record', async () => {
  const { host, shop, ada, ben } = world;
  host.protectBranch({
    repository: shop,
    branch: 'main',
    by: ada,
    reviews: { approvals: 1, dismissesStale: false, codeOwners: false, lastPushApproval: false },
  });
  await cloneAs(ben);
  const sha = await commit('direct.txt', 'x\n');

  await expect(git('push', 'origin', 'main')).rejects.toThrow(/GH013/);
  await git('push', '--quiet', host.cloneUrl(shop, ada), 'main');

  expect(shop.ruleSuites).toMatchObject([{ actorId: ada.id, after: sha, result: 'bypass' }]);
});

test('an installation clones with its token, and an old name leads to the new one', async () => {
  const { host, shop, ada } = world;
  const old = new URL(host.cloneUrl(shop, ada));
  old.username = 'x-access-token';
  old.password = world.token;
  host.renameRepository(shop, 'store', ada);

  await git('clone', '--quiet', old.href, '.');

  expect(await git('log', '--format=%s')).toBe('Start the shop\n');
});

test('a push to a fork moves the pull request in its parent', async () => {
  const { host, shop } = world;
  host.publishRepository(shop, world.ada);
  const eve = host.createAccount({ login: 'eve' });
  const fork = await host.forkRepository(shop, eve);
  await host.commit({ repository: fork, branch: 'fix', files: { 'a.txt': '1\n' }, message: 'Fix', by: eve });
  const pull = await host.openPullRequest({
    repository: shop,
    from: fork,
    by: eve,
    head: 'fix',
    title: 'Fix',
  });
  await git('clone', '--quiet', '--branch', 'fix', host.cloneUrl(fork, eve), '.');
  const sha = await commit('b.txt', '2\n');

  await git('push', '--quiet', 'origin', 'fix');

  expect(pull.headSha).toBe(sha);
  await host.merge({ repository: shop, pull, by: world.ada });
  expect(pull.state).toBe('closed');
});
