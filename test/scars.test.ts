// "Test list taken from others' scars", line by line and in its order, through the whole product: a host tells, we answer there.
// What the host's failures and a crash do stands in scars-failures.test.ts. Tested elsewhere, and so not here:
// - null commits; `every` over nobody: src/core/gate/scars.test.ts
// - malformed record in a list, of a delivery: src/app/receive-delivery.test.ts ("what was left out of a delivery …")
// - empty env var: src/config.test.ts ("an empty variable counts as not set")
// - row edited after hash; whole-chain swap: test/corruption.test.ts, each by its name
// - secrets in prompt: src/intake/git/prompt-text.test.ts
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { commitOf } from './code-host/git/bare-repository.ts';
import { changedTree, commitTree } from './code-host/git/make-commits.ts';
import {
  type AssessedHost,
  fulfil,
  more,
  openAssessedHost,
  type Proposal,
  passes,
  proposedIn,
  readSealed,
  saidOf,
  stale,
} from './support/assessed-host.ts';

let world: AssessedHost;

beforeAll(async () => {
  world = await openAssessedHost();
  await world.start();
});

afterAll(() => world[Symbol.asyncDispose]());

const proposed = (name: string, given = {}) => proposedIn(world, name, given);
const told = (of: Proposal, text: string) => saidOf(world, of, text);

/** Approved by cleo, with green tests. */
async function passing(of: Proposal): Promise<void> {
  await fulfil(world, of);
  await passes(world, of);
}

describe.concurrent('a verdict on an open pull request', () => {
  test('git author name set to `x[bot]`: the name exempts nobody, and approvals stay open', async () => {
    const repository = await world.repository('named-bot');
    const of = await world.propose({ repository, author: { name: 'x[bot]', email: 'x@bots.test' } });
    await world.report(of, 'success');
    world.approve(of, world.people.cleo);
    const said = await told(of, 'cleo');
    expect(said).toContain('not everybody who took part in the change is known');
    expect(said).not.toMatch(/^success/);
  });

  test('bot with renamed app: it stays a bot under a person’s name, recorded and not counted', async () => {
    const of = await proposed('renamed-bot');
    const bot = world.host.createAccount({ login: 'reviewer[bot]', kind: 'Bot' });
    world.host.grant({ repository: of.repository, account: bot, permission: 'write', by: world.people.ada });
    world.host.renameAccount(bot, 'friendly-person', world.people.ada);
    await world.report(of, 'success');
    world.approve(of, bot);
    expect(await told(of, 'friendly-person')).toMatch(/^(?!success)[\s\S]*only people approve/);
  });

  test('agent under human PAT: whoever’s name it commits under asked it, and approves nothing', async () => {
    const message = 'Do the work\n\nCo-Authored-By: Claude <noreply@anthropic.com>';
    const repository = await world.repository('agent-pat');
    const author = { name: 'ben', email: 'ben@acme.test' };
    const of = await world.propose({ repository, message, author });
    await world.report(of, 'success');
    world.approve(of, world.people.ben);
    const said = await told(of, 'ben does not count');
    expect(said).toContain('made by an agent');
    expect(said).not.toMatch(/^success/);
  });

  test('approve → update-branch: with what the base brought the approval is stale', async () => {
    const of = await proposed('update-other');
    await passing(of);
    const { repository } = of;
    const { ada } = world.people;
    await world.host.commit({ repository, branch: 'main', files: more, message: 'More', by: ada });
    world.tick();
    await world.host.updateBranch({ ...of, by: ada });
    await world.report(of, 'success');
    expect(await told(of, stale)).not.toMatch(/^success/);
  });

  test('approve → update-branch that brings nothing: the approval is of the same content, and stands', async () => {
    const of = await proposed('update-same', { files: more });
    await passing(of);
    const approved = of.pull.headSha;
    const { repository } = of;
    const { ada } = world.people;
    await world.host.commit({ repository, branch: 'main', files: more, message: 'The same', by: ada });
    world.tick();
    await world.host.updateBranch({ ...of, by: ada });
    await world.report(of, 'success');
    expect(of.pull.headSha).not.toBe(approved);
    await world.verdict(of, ({ conclusion }) => conclusion === 'success');
  });

  test('approve → update-branch by the approver: who pushed last approves nothing', async () => {
    const of = await proposed('update-approver', { files: more });
    await passing(of);
    const { repository } = of;
    const { ada, cleo } = world.people;
    await world.host.commit({ repository, branch: 'main', files: more, message: 'The same', by: ada });
    world.tick();
    await world.host.updateBranch({ ...of, by: cleo });
    await world.report(of, 'success');
    expect(await told(of, 'they took part')).not.toMatch(/^success/);
  });

  test('dismissed + re-approved: a dismissal ends an approval, a later one counts', async () => {
    const of = await proposed('dismissed');
    await world.report(of, 'success');
    const review = world.approve(of, world.people.cleo);
    await world.verdict(of, ({ conclusion }) => conclusion === 'success');
    world.tick();
    world.host.dismissReview({ ...of, by: world.people.ada, review });
    await world.verdict(of, ({ conclusion }) => conclusion !== 'success');
    world.approve(of, world.people.cleo);
    await world.verdict(of, ({ conclusion }) => conclusion === 'success');
  });

  test('reviewer without push rights: their approval is recorded and does not count', async () => {
    const of = await proposed('reader');
    await world.report(of, 'success');
    world.approve(of, world.people.dora);
    expect(await told(of, 'dora')).toMatch(/^(?!success)[\s\S]*not to write/);
  });

  test('last pusher and co-author: neither approves what they took part in', async () => {
    const message = 'Do the work\n\nCo-authored-by: cleo <cleo@acme.test>';
    const of = await proposed('took-part', { message });
    await world.push({ ...of, files: more, by: world.people.ben });
    await world.push({ ...of, files: { 'src/c.ts': 'export {};\n' }, by: world.people.cleo });
    await world.report(of, 'success');
    world.approve(of, world.people.ben);
    world.approve(of, world.people.cleo);
    const said = await told(of, 'cleo does not count');
    expect(said).toContain('ben does not count');
    expect(said).not.toMatch(/^success/);
  });

  test('co-author under the address that the host gives out: they approve nothing', async () => {
    const { ada, cleo } = world.people;
    const message = `Do the work\n\nCo-authored-by: cleo <${cleo.id}+cleo@users.noreply.127.0.0.1>`;
    const of = await proposed('co-author', { message });
    await world.report(of, 'success');
    world.approve(of, cleo);
    expect(await told(of, 'cleo does not count')).toMatch(/^(?!success)[\s\S]*co-author/);
    expect(ada.login).not.toBe(cleo.login);
  });

  test('edited-comment approval: a comment that says “approved” is none', async () => {
    const of = await proposed('comment');
    await world.report(of, 'success');
    world.tick();
    const comments = [{ path: 'src/work.ts', line: 1, body: 'Approved, LGTM :shipit:' }];
    world.host.review({ ...of, by: world.people.cleo, state: 'COMMENTED', body: '/approve', comments });
    world.approve(of, world.people.dora);
    expect(await told(of, 'dora')).toMatch(/^(?!success)[\s\S]*0 of 1 approvals/);
  });

  test('a job that is called like our check: what its app reports beside it still counts', async () => {
    const repository = await world.repository('namesake');
    const { ada } = world.people;
    const files = { 'src/work.ts': 'export const work = 1;\n' };
    const sha = await world.host.commit({ repository, branch: 'work', files, message: 'Work', by: ada });
    const report = { name: 'reentry', conclusion: 'failure' } as const;
    await world.host.reportCheck({ repository, app: world.host.actions, sha, report });
    const pull = await world.host.openPullRequest({ repository, by: ada, head: 'work', title: 'Work' });
    await passing({ repository, pull });
  });

  test('forged status from another source: it passes no gate, and who reported it is named', async () => {
    const of = await proposed('forged');
    const { repository, pull } = of;
    const { ben, cleo } = world.people;
    const forger = world.host.createApp({ name: 'Evil CI', owner: ben, permissions: { checks: 'write' } });
    await world.host.reportStatus({
      repository,
      sha: pull.headSha,
      by: ben,
      state: 'success',
      context: 'ci/test',
    });
    await world.report(of, 'success', forger);
    world.approve(of, cleo);
    await told(of, 'cleo');
    expect(await told(of, 'Spoofed')).toMatch(/^(?!success)/);
  });

  test('vacuous `every` on empty approvers: nothing reviewed and nothing run passes nothing', async () => {
    const of = await proposed('nothing');
    const said = await told(of, 'has no result');
    expect(said).toContain('0 of 1 approvals');
    expect(said).not.toMatch(/^success/);
  });

  test.for(['skipped', 'neutral', 'cancelled'] as const)(
    'a check that is %s does not pass',
    async (conclusion) => {
      const of = await proposed(`check-${conclusion}`);
      world.approve(of, world.people.cleo);
      await world.report(of, conclusion);
      expect(await told(of, conclusion)).toMatch(/^(?!success)[\s\S]*ended as/);
    },
  );

  test('re-run after green that fails: the last run decides, also where the first is still listed', async () => {
    const of = await proposed('re-run');
    await passing(of);
    await world.report(of, 'failure');
    await world.verdict(of, ({ conclusion }) => conclusion === 'failure');
    const again = await world.report(of, 'success');
    await world.verdict(of, ({ conclusion }) => conclusion === 'success');
    world.tick();
    await world.host.updateCheck(of.repository, again, { conclusion: 'failure' });
    await world.verdict(of, ({ conclusion }) => conclusion === 'failure');
  });

  test('unresolvable e-mail author: nobody is known to be independent of them', async () => {
    const repository = await world.repository('nobody');
    const of = await world.propose({ repository, author: { name: 'Home', email: 'me@home.test' } });
    await world.report(of, 'success');
    world.approve(of, world.people.cleo);
    const said = await told(of, 'cleo');
    expect(said).toContain('not everybody who took part in the change is known');
    expect(said).not.toMatch(/^success/);
  });

  test('AI approver as last reviewer: it neither stands in for a person nor takes their approval away', async () => {
    const of = await proposed('ai-last');
    const bot = world.host.createAccount({ login: 'copilot-pull-request-reviewer[bot]', kind: 'Bot' });
    world.host.grant({ repository: of.repository, account: bot, permission: 'write', by: world.people.ada });
    await world.report(of, 'success');
    world.approve(of, bot);
    expect(await told(of, 'only people approve')).not.toMatch(/^success/);
    world.approve(of, world.people.cleo);
    await world.verdict(of, ({ conclusion }) => conclusion === 'success');
    world.tick();
    world.approve(of, bot);
    await world.report(of, 'success');
    const said = await told(of, 'cleo');
    expect(said).toMatch(/^success[\s\S]*only people approve/);
  });

  test('force-push in the middle of a review: the approval was of something else', async () => {
    const of = await proposed('force-other');
    await passing(of);
    const { repository, pull } = of;
    const { ada } = world.people;
    const base = await commitOf(repository.gitPath, pull.baseSha);
    const person = { name: 'ada', email: 'ada@acme.test', date: world.host.kernel.now() };
    const tree = await changedTree(repository.gitPath, base.sha, more);
    const made = { tree, parents: [base.sha], author: person, committer: person, message: 'Instead' };
    world.tick();
    const to = await commitTree(repository.gitPath, made);
    await world.host.moveBranch({ repository, branch: pull.headRef, to, by: ada });
    await world.report(of, 'success');
    expect(await told(of, stale)).not.toMatch(/^success/);
  });

  test('force-push back to the approved head by the approver: who pushed last approves nothing', async () => {
    const of = await proposed('force-back');
    await passing(of);
    const { repository, pull } = of;
    const approved = pull.headSha;
    await world.push({ ...of, files: more });
    await told(of, stale);
    world.tick();
    await world.host.moveBranch({ repository, branch: pull.headRef, to: approved, by: world.people.cleo });
    expect(pull.headSha).toBe(approved);
    expect(await told(of, 'they took part')).not.toMatch(/^success/);
  });

  test('another branch at the same commit: who made it did not push the head', async () => {
    const of = await proposed('other-branch');
    const { repository, pull } = of;
    const { ada, cleo } = world.people;
    await world.push({ ...of, files: more, by: cleo });
    await world.report(of, 'success');
    world.tick();
    await world.host.moveBranch({ repository, branch: 'decoy', to: pull.headSha, by: ada });
    world.approve(of, cleo);
    expect(await told(of, 'cleo does not count')).not.toMatch(/^success/);
  });
});

test('verify finds nothing wrong with any of it', async () => {
  world.running().child.kill('SIGTERM');
  await world.running().ended;
  const { findings, statements } = await readSealed(world.dataFolder);
  expect(findings).toEqual([]);
  expect(statements.length).toBeGreaterThan(6);
});
