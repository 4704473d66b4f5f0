import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { openEvidence } from '../src/archive.ts';
import { type Fact, factTypes, parseFact } from '../src/core/evidence/fact.ts';
import { billionLaughs, cobertura, codeql, surefire } from '../src/intake/reports/testing/samples.ts';
import { openDataFolder } from '../src/store/data-folder.ts';
import { makePlace, type Place } from './support/place.ts';
import {
  type Run,
  type RunningReentry,
  runReentry,
  startCommand,
  startReentry,
} from './support/run-reentry.ts';

// One data folder's life: each test goes on where the one before it stopped.

const root = fileURLToPath(new URL('..', import.meta.url));
const sha = 'a'.repeat(40);
const head = 'b'.repeat(40);
let place: Place;
let running: RunningReentry;
let address: string;
let owner: string;
let key: string;

beforeAll(async () => {
  place = await makePlace();
  for (const [name, text] of Object.entries({
    'a.sarif': codeql,
    'j.xml': surefire,
    'c.xml': cobertura,
    'evil.xml': billionLaughs,
  }))
    await writeFile(join(place.path, name), text);
  running = startReentry(['serve', '--data', join(place.path, 'data'), '--port', '0']);
  const link = await running.matched(/http:\/\/localhost:\d+\/welcome#token=\S+/);
  address = new URL(link).origin;
  owner = await comeIn(link, 'owner@example.org');
  key = await makeKey(owner, 'create:report');
});

afterAll(() => place[Symbol.asyncDispose]());

async function call(path: string, cookie: string | undefined, body?: object) {
  const response = await fetch(`${address}${path}`, {
    method: body ? 'POST' : 'GET',
    headers: { origin: address, 'content-type': 'application/json', ...(cookie ? { cookie } : {}) },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  return { response, answer: (await response.json()) as Readonly<Record<string, string>> };
}

async function comeIn(link: string, email: string): Promise<string> {
  const token = link.slice(link.indexOf('token=') + 6);
  const welcome = { token, name: 'Ada', email, password: 'correct horse battery' };
  const { response } = await call('/api/welcome', undefined, welcome);
  return response.headers.getSetCookie()[0]?.split(';')[0] ?? '';
}

async function makeKey(cookie: string, scope: string): Promise<string> {
  const { answer } = await call('/api/v1/me/keys', cookie, {
    name: scope,
    scopes: [scope],
    expiresInDays: 1,
  });
  return String(answer.secret);
}

function report(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Run> {
  return runReentry(['report', ...args], {
    cwd: place.path,
    env: { REENTRY_URL: address, REENTRY_API_KEY: key, ...env },
  });
}

const about = ['--repo', 'github.com/Acme/API', '--sha', sha];

async function countFacts(): Promise<number> {
  const { answer } = await call('/api/v1/logs', owner);
  const { logs } = answer as unknown as { readonly logs: readonly { log: string; size: number }[] };
  return logs.find(({ log }) => log === 'events')?.size ?? 0;
}

test('reports that CI hands in are sealed, and handed in again add nothing', async () => {
  const first = await report(['a.sarif', 'j.xml', 'c.xml', ...about, '--json']);
  const sealed = await countFacts();
  const again = await report(['a.sarif', 'j.xml', 'c.xml', ...about]);

  const lines = first.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(first).toMatchObject({ status: 0, stderr: '' });
  expect(lines.map(({ name, conclusion, duplicate }) => [name, conclusion, duplicate])).toEqual([
    ['CodeQL', 'success', false],
    ['junit', 'failure', false],
    ['cobertura', 'success', false],
  ]);
  expect(again.status).toBe(0);
  expect(again.stdout.match(/known already as fact/g)).toHaveLength(3);
  expect(await countFacts()).toBe(sealed);
});

test('the same file for another commit is another outcome, and the head of a pull request comes from the event', async () => {
  const eventFile = join(place.path, 'event.json');
  await writeFile(eventFile, JSON.stringify({ pull_request: { number: 7, head: { sha: head } } }));
  const ci = {
    GITHUB_REPOSITORY: 'acme/api',
    GITHUB_SHA: 'c'.repeat(40),
    GITHUB_EVENT_NAME: 'pull_request',
    GITHUB_RUN_ATTEMPT: '2',
  };

  const sent = await report(['a.sarif', '--json'], { ...ci, GITHUB_EVENT_PATH: eventFile });
  const without = await report(['a.sarif', '--json'], ci);

  expect(JSON.parse(sent.stdout)).toMatchObject({ duplicate: false, name: 'CodeQL' });
  expect(without).toMatchObject({ status: 2, stderr: expect.stringContaining('give --sha') });
});

test('a hostile report is refused with a code, and nothing is stored', async () => {
  const before = await countFacts();

  const { status, stderr } = await report(['evil.xml', ...about]);

  expect({ status, stderr }).toEqual({
    status: 3,
    stderr: expect.stringContaining('evil.xml: REPORT_INVALID'),
  });
  expect(await countFacts()).toBe(before);
});

test('an auditor, a key without the scope and nobody at all are refused', async () => {
  const { answer } = await call('/api/v1/members', owner, { email: 'auditor@example.org', role: 'auditor' });
  const auditor = await comeIn(String(answer.link), 'auditor@example.org');
  const before = await countFacts();
  const path = `/api/v1/reports?repo=github.com/acme/api&sha=${sha}`;
  const wrongKey = await makeKey(owner, 'read:change');

  expect((await call(path, auditor, {})).answer.code).toBe('FORBIDDEN');
  expect((await call(path, undefined, {})).answer.code).toBe('UNAUTHENTICATED');
  expect(await report(['a.sarif', ...about], { REENTRY_API_KEY: wrongKey })).toMatchObject({
    status: 3,
    stderr: expect.stringContaining('FORBIDDEN'),
  });
  // Making the key is a fact of its own.
  expect(await countFacts()).toBe(before + 1);
});

test('what cannot be sent for want of a repository or a server is wrong usage', async () => {
  expect(await report(['a.sarif'])).toMatchObject({ status: 2, stderr: expect.stringContaining('--repo') });
  expect(await report(['a.sarif', ...about, '--server', 'ftp://x'])).toMatchObject({ status: 2 });
});

test('the action’s script hands in what its patterns name, and runs nothing that its inputs hold', async () => {
  const action = parse(await readFile(join(root, 'action.yml'), 'utf8'));
  const [step] = action.runs.steps;
  const planted = join(place.path, 'planted');
  const inputs = {
    REPORT_FILES: `*.sarif\n  c.xml  \n`,
    REPORT_NAME: `x"; touch ${planted}; $(touch ${planted})`,
  };

  expect(step.run).not.toContain('${{');
  expect(Object.keys(step.env)).toEqual(['REPORT_FILES', 'REPORT_NAME', 'REENTRY_URL', 'REENTRY_API_KEY']);
  const { status, stdout, stderr } = await runScript(step.run, inputs);

  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout.match(/sealed as fact/g)).toHaveLength(2);
  await expect(readFile(planted)).rejects.toThrow('ENOENT');
  expect(await runScript(step.run, { ...inputs, REPORT_FILES: '*.none' })).toMatchObject({ status: 3 });
});

test('the template of GitLab calls a command that exists with flags that it has', async () => {
  const job = parse(await readFile(join(root, 'templates', 'gitlab-report.yml'), 'utf8'))['.reentry-report'];
  const script: string = job.script.join('\n');
  const { stdout: help } = await runReentry(['report', '--help']);

  expect(script).toContain('launch.mjs" report ');
  for (const flag of new Set(script.match(/--(?=name\b)[a-z-]+/g))) expect(help).toContain(flag);
  for (const name of Object.keys(job.variables))
    expect(name).toMatch(/^(?:REENTRY_(?:FILES|NAME|VERSION)|GIT_STRATEGY)$/);
});

test('what was sealed says who reported what of which commit', async () => {
  running.child.kill('SIGTERM');
  expect((await running.ended).status).toBe(0);

  const facts = await hostFacts();

  const first = facts[0]?.event.data as never;
  expect(first).toMatchObject({
    kind: 'report',
    name: 'CodeQL',
    headSha: sha,
    conclusion: 'success',
    source: { app: 'reentry-report', appId: expect.stringMatching(/.+/) },
    repository: { hostId: 'repo:github.com/acme/api', ref: { id: 'github.com/acme/api' } },
    origin: { via: 'report', event: 'sarif', bytes: codeql.length },
    report: { part: 'a.sarif', summary: { findings: { bySeverity: { critical: 1 } } } },
  });
  expect(facts.map(({ event }) => event.data)).toContainEqual(
    expect.objectContaining({ headSha: head, pullRequests: [7], attempt: 2 }),
  );
  expect(JSON.stringify(facts)).not.toMatch(/hunter2|secret-user-provided/);
});

/** In place of GitHub's runner; the checkout's own launcher is replaced by the command itself. */
async function runScript(script: string, inputs: Readonly<Record<string, string>>): Promise<Run> {
  return startCommand(['bash', '-c', script], {
    cwd: place.path,
    env: {
      ...inputs,
      PATH: `${join(root, 'node_modules', '.bin')}:/usr/bin:/bin`,
      GITHUB_ACTION_PATH: root,
      REENTRY_URL: address,
      REENTRY_API_KEY: key,
      GITHUB_REPOSITORY: 'acme/api',
      GITHUB_SHA: 'd'.repeat(40),
      GITHUB_EVENT_NAME: 'push',
    },
  }).ended;
}

async function hostFacts(): Promise<readonly Fact[]> {
  const evidence = await openEvidence(await openDataFolder(join(place.path, 'data')));
  try {
    const facts: Fact[] = [];
    const ledger = evidence.database?.ledger;
    if (!ledger) throw new Error('there is no database');
    for await (const page of ledger.readSealed('events', 0, await ledger.size('events')))
      for (const { payload } of page) facts.push(parseFact(payload ?? new Uint8Array()));
    return facts.filter(({ event }) => event.type === factTypes.hostObserved);
  } finally {
    await evidence.close();
  }
}
