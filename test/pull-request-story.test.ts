import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type CodeHost, openCodeHost } from './code-host/code-host.ts';
import type { Account, CheckRun, PullRequest, Repository } from './code-host/model.ts';
import { readSealed } from './support/assessed-host.ts';
import { appEnvironment, installEvidenceApp, tellServer } from './support/evidence-app.ts';
import { gitAiNote } from './support/git-ai-note.ts';
import { until } from './support/open-board.ts';
import { makePlace, type Place } from './support/place.ts';
import { type RunningReentry, startReentry } from './support/run-reentry.ts';

// One story: each test goes on where the one before it stopped.

const policy = `version: 1
rules:
  - id: any-change
    require: { humanApprovals: 1, gates: [tests] }
  - id: agent-made
    when: { class: [ai, mixed, unknown] }
    require: { attributionLevel: 2 }
gates:
  tests: { check: ci/test, app: github-actions }
`;
const botEmail = 'cursoragent@cursor.com';

let place: Place;
let dataFolder: string;
let host: CodeHost;
let running: RunningReentry;
let shop: Repository;
let pull: PullRequest;
const people: Record<'ada' | 'ben' | 'cleo', Account> = {} as never;
let agent: Account;
let tests: CheckRun;

beforeAll(async () => {
  place = await makePlace();
  dataFolder = join(place.path, 'data');
  host = await openCodeHost();
  const [ada, ben, cleo] = ['ada', 'ben', 'cleo'].map((login) =>
    host.createAccount({ login, name: login, email: `${login}@acme.test` }),
  ) as [Account, Account, Account];
  Object.assign(people, { ada, ben, cleo });
  const acme = host.createAccount({ login: 'acme', kind: 'Organization' });
  host.addMember({ organization: acme, member: ada, role: 'admin', by: ada });
  shop = await host.createRepository({ owner: acme, name: 'shop', by: ada });
  agent = host.createAccount({ login: 'cursor[bot]', kind: 'Bot', email: botEmail });
  for (const account of [ben, cleo, agent])
    host.grant({ repository: shop, account, permission: 'write', by: ada });
  await host.commit({
    repository: shop,
    branch: 'main',
    files: { 'src/cart.ts': 'export const cart = [];\n', '.reentry/policy.yml': policy },
    message: 'Start the shop',
    by: ada,
  });
  const app = installEvidenceApp(host, acme, ada);
  running = startReentry(['serve', '--data', dataFolder, '--port', '0'], {
    env: { ...(await appEnvironment(host, app, place.path)), LOG_LEVEL: 'debug' },
  });
  tellServer(app, await running.matched(/http:\/\/localhost:\d+/));
});

afterAll(async () => {
  await host.close();
  await place[Symbol.asyncDispose]();
});

/** Our check run on that head, once it says what it is to say. */
function verdict(sha: string, holds: (run: CheckRun) => boolean): Promise<CheckRun> {
  return until(
    async () => [...shop.checkRuns.values()].findLast((run) => run.name === 'reentry' && run.headSha === sha),
    (run) => run !== undefined && holds(run),
  ) as Promise<CheckRun>;
}

/** What Git AI leaves of a session that ben began, under the address that the host gives him. */
function note(): string {
  const address = `${people.ben.id}+ben@users.noreply.127.0.0.1`;
  return gitAiNote('src/discount.ts', 3, `ben <${address}>`).replaceAll('"claude"', '"cursor"');
}

function says(run: CheckRun): string {
  return `${run.output.title}\n${run.output.summary}`;
}

test('an agent’s pull request is blocked while nothing but its own word says who made it', async () => {
  await host.commit({
    repository: shop,
    branch: 'cursor/discount',
    files: { 'src/discount.ts': 'export function discount(price: number) {\n  return price * 0.9;\n}\n' },
    message: 'Add a discount',
    by: agent,
    author: { name: 'Cursor Agent', email: botEmail },
    committer: { name: 'Cursor Agent', email: botEmail },
  });
  pull = await host.openPullRequest({
    repository: shop,
    by: agent,
    head: 'cursor/discount',
    title: 'Add a discount',
  });
  const run = await verdict(pull.headSha, ({ status }) => status === 'completed');
  expect(run.conclusion).toBe('failure');
  expect(says(run)).toContain('attributionLevel');
  expect(says(run)).toContain('Risk ');
});

test('once a record names session and person, what is missing is an approval and the tests', async () => {
  await host.noteCommit({
    repository: shop,
    commit: pull.headSha,
    text: note(),
    by: people.ben,
    ref: 'refs/notes/ai',
  });
  tests = await host.reportCheck({
    repository: shop,
    app: host.actions,
    sha: pull.headSha,
    report: { name: 'ci/test', status: 'in_progress' },
  });
  const run = await verdict(pull.headSha, (one) => !says(one).includes('attributionLevel'));
  expect(says(run)).toContain('humanApprovals');
});

test('whoever asked the agent cannot approve what it made', async () => {
  host.review({ repository: shop, pull, by: people.ben, state: 'APPROVED' });
  const run = await verdict(pull.headSha, (one) => says(one).includes('ben'));
  expect(says(run)).toContain('they took part in the change');
  expect(run.conclusion).not.toBe('success');
});

test('somebody else’s approval counts, and with green tests the change may be merged', async () => {
  host.review({ repository: shop, pull, by: people.cleo, state: 'APPROVED' });
  await verdict(pull.headSha, (one) => says(one).includes('cleo'));
  await host.updateCheck(shop, tests, { conclusion: 'success' });
  const run = await verdict(pull.headSha, ({ conclusion }) => conclusion === 'success');
  expect(says(run)).toContain('Nothing is missing');
});

test('a new push makes the approval stale; a second one lets it be merged', async () => {
  await host.commit({
    repository: shop,
    branch: 'cursor/discount',
    files: { 'src/discount.ts': 'export function discount(price: number) {\n  return price * 0.8;\n}\n' },
    message: 'Give more',
    by: agent,
    author: { name: 'Cursor Agent', email: botEmail },
    committer: { name: 'Cursor Agent', email: botEmail },
  });
  await host.noteCommit({
    repository: shop,
    commit: pull.headSha,
    text: note(),
    by: people.ben,
    ref: 'refs/notes/ai',
  });
  await host.reportCheck({
    repository: shop,
    app: host.actions,
    sha: pull.headSha,
    report: { name: 'ci/test', conclusion: 'success' },
  });
  const stale = await verdict(pull.headSha, (one) =>
    says(one).includes('whose content is not that of the head'),
  );
  expect(stale.conclusion).not.toBe('success');
  host.review({ repository: shop, pull, by: people.cleo, state: 'APPROVED' });
  await verdict(pull.headSha, ({ conclusion }) => conclusion === 'success');
  await host.merge({ repository: shop, pull, by: people.cleo, method: 'squash' });
});

test('what an administrator merges against the verdict is sealed as violated', async () => {
  await host.commit({
    repository: shop,
    branch: 'hurry',
    files: { 'src/hurry.ts': 'export const hurry = true;\n' },
    message: 'Hurry',
    by: people.ada,
  });
  const forced = await host.openPullRequest({
    repository: shop,
    by: people.ada,
    head: 'hurry',
    title: 'Hurry',
  });
  await verdict(forced.headSha, ({ status }) => status === 'completed');
  await host.merge({ repository: shop, pull: forced, by: people.ada, method: 'merge', bypass: true });
  for (const number of [1, 2])
    await running.matched(new RegExp(`"pullRequest":${number},[^\n]*"sealed":"merged"`));
});

test('the evidence of both verifies, and tells the whole story', { timeout: 60_000 }, async () => {
  running.child.kill('SIGTERM');
  await running.ended;
  const { findings, statements: records } = await readSealed(dataFolder);
  expect(findings).toEqual([]);
  const merged = records.filter(
    ({ predicate }) => predicate.reason === 'merged' && predicate.change.kind === 'pull_request',
  );
  expect(merged.map(({ predicate }) => [predicate.change.id, predicate.verdict.result])).toEqual([
    ['pr/1', 'satisfied'],
    ['pr/2', 'violated'],
  ]);
  expect(merged[0]?.predicate.pullRequest?.merged?.is).toBe('same-tree');
  expect(
    records
      .filter(({ predicate }) => predicate.change.id === 'pr/1')
      .map(({ predicate }) => predicate.reason),
  ).toEqual(expect.arrayContaining(['first-assessed', 'learned-later', 'new-head', 'merged']));
});
