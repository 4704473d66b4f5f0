// Scars (neighbours.md, section 9) about heads, base branches, policies and merges; scars.test.ts is about who approves.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
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
  type Sealed,
  saidOf,
  says,
  stale,
  usualPolicy,
} from './support/assessed-host.ts';

const lenient =
  'version: 1\nrules:\n  - id: only-docs\n    when: { paths: [docs/**] }\n    require: { humanApprovals: 1 }\n';

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

describe.concurrent('a verdict', () => {
  test('two pull requests on one head: the check run of the head passes only if both do', async () => {
    const repository = await world.repository('two-on-one');
    const { ada } = world.people;
    const files = { '.reentry/policy.yml': lenient };
    await world.host.commit({ repository, branch: 'loose', files, message: 'Loosen', by: ada });
    const strict = await world.propose({ repository });
    await world.report(strict, 'success');
    await told(strict, 'humanApprovals');
    world.tick();
    const opening = { repository, by: ada, head: 'work', base: 'loose', title: 'Around' };
    const loose = { repository, pull: await world.host.openPullRequest(opening) };
    const line = new RegExp(
      `"pullRequest":${loose.pull.number},"repoId":"[^"]*two-on-one","verdict":"satisfied"`,
    );
    await world.running().matched(line);
    expect(says(await world.verdict(loose, () => true))).toMatch(
      /^(?!success)[\s\S]*(humanApprovals|same head)/,
    );
    world.approve(strict, world.people.cleo);
    await world.verdict(strict, ({ conclusion }) => conclusion === 'success');
  });

  test('two pull requests on one head: closing the one that is blocked frees the other', async () => {
    const repository = await world.repository('one-of-two');
    const { ada } = world.people;
    const files = { '.reentry/policy.yml': lenient };
    await world.host.commit({ repository, branch: 'loose', files, message: 'Loosen', by: ada });
    const strict = await world.propose({ repository });
    await told(strict, 'humanApprovals');
    world.tick();
    const opening = { repository, by: ada, head: 'work', base: 'loose', title: 'Around' };
    const loose = { repository, pull: await world.host.openPullRequest(opening) };
    world.tick();
    await world.host.closePullRequest({ ...strict, by: ada });
    await world.verdict(loose, ({ conclusion }) => conclusion === 'success');
  });

  test('approve → push back-dated commit: the approval is stale, whatever the commit’s date', async () => {
    const of = await proposed('back-dated');
    await passing(of);
    const { repository, pull } = of;
    const person = { name: 'ada', email: 'ada@acme.test', date: '2020-01-01T00:00:00Z' };
    const to = await commitTree(repository.gitPath, {
      tree: await changedTree(repository.gitPath, pull.headSha, more),
      parents: [pull.headSha],
      author: person,
      committer: person,
      message: 'Long ago',
    });
    world.tick();
    await world.host.moveBranch({ repository, branch: pull.headRef, to, by: world.people.ada });
    await world.report(of, 'success');
    expect(await told(of, stale)).not.toMatch(/^success/);
    await world.host.merge({ ...of, by: world.people.ada });
    await world.sealedMerge(of);
  });

  test('rename repo: its pull requests are judged on, under the same identity', async () => {
    const of = await proposed('before-name');
    await told(of, 'has no result');
    world.host.renameRepository(of.repository, 'after-name', world.people.ada);
    await passing(of);
    const line = /"pullRequest":1,"repoId":"127.0.0.1\/acme\/before-name","verdict":"satisfied"/;
    await world.running().matched(line);
  });

  test('a policy that the pull request itself changes has no effect on it', async () => {
    const of = await proposed('own-policy', { files: { '.reentry/policy.yml': lenient } });
    expect(await told(of, 'humanApprovals')).not.toMatch(/^success/);
  });

  test('a missing policy does not pass, and the file to add is named', async () => {
    const of = await world.propose({ repository: await world.repository('no-policy', null) });
    await world.report(of, 'success');
    world.approve(of, world.people.cleo);
    const run = await world.verdict(of, (one) => says(one).includes('cleo'));
    expect(run.conclusion).toBe('action_required');
    expect(says(run)).toContain('.reentry/policy.yml');
  });

  test('a policy that is not valid on the base does not pass, and its line is named', async () => {
    const broken = usualPolicy.replace('humanApprovals: 1', 'humanAprovals: 1');
    const of = await world.propose({ repository: await world.repository('bad-policy', broken) });
    const run = await world.verdict(of, (one) => one.status === 'completed');
    expect(run.conclusion).toBe('action_required');
    expect(says(run)).toContain('line 4');
  });

  test('retargeted to another base branch: that branch’s policy decides', async () => {
    const of = await proposed('retarget');
    const { repository } = of;
    const { ada } = world.people;
    const files = { '.reentry/policy.yml': lenient };
    await world.host.commit({ repository, branch: 'loose', files, message: 'Loosen', by: ada });
    await told(of, 'has no result');
    world.tick();
    await world.host.editPullRequest({ ...of, by: ada, base: 'loose' });
    await world.verdict(of, ({ conclusion }) => conclusion === 'success');
    world.tick();
    await world.host.editPullRequest({ ...of, by: ada, base: 'main' });
    await world.verdict(of, ({ conclusion }) => conclusion !== 'success');
  });

  test('draft: it is judged by the same rules, and once more when it is ready', async () => {
    const repository = await world.repository('draft');
    const of = await world.propose({ repository, draft: true });
    expect(await told(of, 'has no result')).not.toMatch(/^success/);
    world.tick();
    await world.host.markReady({ ...of, by: world.people.ada });
    await passing(of);
  });

  test('closed and reopened: what happened meanwhile is in the verdict', async () => {
    const of = await proposed('reopened');
    await passing(of);
    const { ada } = world.people;
    world.tick();
    await world.host.closePullRequest({ ...of, by: ada });
    await world.report(of, 'failure');
    world.tick();
    await world.host.reopenPullRequest({ ...of, by: ada });
    await world.verdict(of, ({ conclusion }) => conclusion === 'failure');
  });
});

describe.concurrent('a merge', () => {
  test.for(['squash', 'rebase', 'merge'] as const)(
    'by %s is sealed with the approval of its head',
    async (method) => {
      const of = await proposed(`by-${method}`);
      await world.push({ ...of, files: more });
      await passing(of);
      const { repository } = of;
      const { ada, cleo } = world.people;
      const files = { 'docs/meanwhile.md': 'Meanwhile.\n' };
      await world.host.commit({ repository, branch: 'main', files, message: 'Meanwhile', by: ada });
      world.tick();
      await world.host.merge({ ...of, by: cleo, method });
      await world.sealedMerge(of);
    },
  );

  test('by the merge queue is sealed with the approval of its head', async () => {
    const of = await proposed('by-queue');
    await passing(of);
    world.tick();
    const group = await world.host.enqueue({ ...of, by: world.people.cleo });
    world.tick();
    await world.host.finishMergeGroup(of.repository, group);
    await world.sealedMerge(of);
  });

  test('by admin bypass is sealed', async () => {
    const of = await proposed('bypass');
    await told(of, 'humanApprovals');
    const { ada } = world.people;
    const parameters = { required_approving_review_count: 1 };
    const rules = [{ type: 'pull_request', parameters }];
    const bypassActors = [{ actor_id: 5, actor_type: 'RepositoryRole', bypass_mode: 'always' }] as const;
    world.host.createRuleset(of.repository, { name: 'main', rules, bypassActors }, ada);
    world.tick();
    await world.host.merge({ ...of, by: ada, bypass: true });
    await world.sealedMerge(of);
  });

  test('while the ruleset is off for one hour is sealed', async () => {
    const of = await proposed('ruleset-off');
    await told(of, 'humanApprovals');
    const { ada } = world.people;
    const rules = [{ type: 'pull_request', parameters: { required_approving_review_count: 1 } }];
    const ruleset = world.host.createRuleset(of.repository, { name: 'main', rules }, ada);
    world.tick();
    world.host.editRuleset(ruleset, { enforcement: 'disabled' }, ada);
    world.tick();
    await world.host.merge({ ...of, by: ada });
    world.tick();
    world.host.editRuleset(ruleset, { enforcement: 'active' }, ada);
    await world.sealedMerge(of);
  });
});

describe('what is sealed of it', () => {
  let sealed: Sealed;

  beforeAll(async () => {
    world.running().child.kill('SIGTERM');
    await world.running().ended;
    sealed = await readSealed(world.dataFolder);
  });

  function merged(repository: string) {
    const found = sealed.statements.filter(
      ({ predicate }) =>
        predicate.change.repo === `127.0.0.1/acme/${repository}` && predicate.reason === 'merged',
    );
    expect(found).toHaveLength(1);
    return found[0]?.predicate;
  }

  test('verify finds nothing wrong with any of it', () => {
    expect(sealed.findings).toEqual([]);
    expect(sealed.statements.length).toBeGreaterThan(6);
  });

  test.for(['by-squash', 'by-rebase', 'by-merge', 'by-queue'])(
    '%s: satisfied, and nothing landed that git did not make of both',
    (name) => {
      const record = merged(name);
      expect(record?.verdict.result).toBe('satisfied');
      expect(record?.pullRequest?.merged?.is).toBe(name === 'by-queue' ? 'same-tree' : 'clean-merge');
      const approval = record?.reviews.items.find(({ state }) => state === 'approved');
      expect(approval).toMatchObject({
        weight: 'counted',
        permission: 'write',
        commitSha: record?.change.headSha,
      });
    },
  );

  test.for(['back-dated', 'bypass', 'ruleset-off'])('%s: the merge is sealed as violated', (name) => {
    const record = merged(name);
    expect(record?.verdict.result).toBe('violated');
    expect(record?.pullRequest?.mergedBy?.login).toBe('ada');
  });

  test('the rules that an administrator went past stand in the record of the merge', () => {
    const protection = merged('bypass')?.pullRequest?.protection;
    expect(protection?.enforcement).toBe('active');
    expect(protection?.rules.requiresPullRequest).toBe(true);
  });
});
