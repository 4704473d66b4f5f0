import { afterEach, beforeEach, expect, test } from 'vitest';
import { secondaryLimit } from './code-host/rest/faults.ts';
import { type ConnectedWorld, ofSchema, openConnectedWorld, refusal } from './support/connected-world.ts';

let world: ConnectedWorld;

beforeEach(async () => {
  world = await openConnectedWorld();
});

afterEach(() => world.close());

const route = '/repos/{owner}/{repo}/pulls/{pull_number}';

test.each([
  [401, {}, 'HOST_REFUSED'],
  [403, {}, 'HOST_REFUSED'],
  [403, { 'Retry-After': '600' }, 'HOST_BUSY'],
  [404, {}, 'HOST_MISSING'],
  [410, {}, 'HOST_MISSING'],
  [409, {}, 'HOST_BUSY'],
  [422, {}, 'HOST_MISSING'],
  [429, { 'Retry-After': '600' }, 'HOST_BUSY'],
  [500, {}, 'HOST_BUSY'],
  [503, {}, 'HOST_BUSY'],
] as const)('an answer %s %o is %s, and the next reading has everything', async (status, headers, code) => {
  await world.openPull('feature');
  const connection = world.asToken();
  world.host.faults.add({ route, kind: 'answer', status, headers, body: { message: 'ghp_secretsecret' } });

  const error = await refusal(connection.readPullRequest(world.told, 1));
  world.host.faults.clear();
  const after = await connection.readPullRequest(world.told, 1);

  expect(error.code).toBe(code);
  expect(after[0]).toMatchObject({ number: 1 });
  expect(`${error.message} ${JSON.stringify(error)} ${error.stack}`).not.toContain('ghp_secret');
});

test('a host that hangs, cuts off or is at its limit ends in HOST_BUSY', async () => {
  await world.openPull('feature');
  const connection = world.asToken(undefined, { timeoutMs: 200 });
  for (const kind of ['hang', 'cut'] as const) {
    world.host.faults.add({ route, kind });
    expect((await refusal(connection.readPullRequest(world.told, 1))).code).toBe('HOST_BUSY');
    world.host.faults.clear();
  }
  world.host.faults.add(secondaryLimit(600, { route }));

  expect((await refusal(connection.readPullRequest(world.told, 1))).code).toBe('HOST_BUSY');
});

test('a failure that passes is not noticed', async () => {
  await world.openPull('feature');
  world.host.faults.add({ route, kind: 'answer', status: 502, times: 1 });

  expect((await world.asToken().readPullRequest(world.told, 1))[0]).toMatchObject({ number: 1 });
});

test.each([
  ['a page of HTML', route, '<html>'],
  ['a list', route, []],
  ['null', route, null],
  ['an object without its parts', route, { number: 1 }],
  ['a body that is too large', route, { text: 'x'.repeat(25_000_000) }],
  ['a review without an id', `${route}/reviews`, [{ state: 'APPROVED' }]],
  ['checks that are no list', '/repos/{owner}/{repo}/commits/{ref}/check-runs', { check_runs: 1 }],
])('%s is HOST_ANSWER', async (_, of, body) => {
  await world.openPull('feature');
  world.host.faults.add({ route: of, kind: 'answer', status: 200, body });

  expect((await refusal(world.asToken().readPullRequest(world.told, 1))).code).toBe('HOST_ANSWER');
});

test('a reviewer whose account is gone is nobody, and an unknown conclusion passes nothing', async () => {
  const { headSha } = await world.openPull('feature');
  const { faults } = world.host;
  const review = { id: 1, user: null, state: 'APPROVED', submitted_at: '2026-03-02T09:00:00Z', body: null };
  faults.add({ route: `${route}/reviews`, kind: 'answer', status: 200, body: [review] });
  const run = {
    id: 7,
    name: 'unit',
    head_sha: headSha,
    status: 'completed',
    conclusion: 'splendid',
    app: null,
  };
  faults.add({
    route: '/repos/{owner}/{repo}/commits/{ref}/check-runs',
    kind: 'answer',
    status: 200,
    body: { check_runs: [run] },
  });

  const all = await world.asToken().readPullRequest(world.told, 1);

  expect(ofSchema(all, 'reentry.review/1')).toMatchObject([
    { reviewer: null, permission: null, commitSha: null },
  ]);
  expect(ofSchema(all, 'reentry.gate-outcome/1')).toMatchObject([{ name: 'unit', conclusion: 'pending' }]);
});

test('no secret stands in an error: neither of a key that signs nothing nor of a token that is refused', async () => {
  const privateKey = `-----BEGIN RSA PRIVATE KEY-----\nsecretsecret\n-----END RSA PRIVATE KEY-----`;
  const broken = world.asApp({ credentials: { kind: 'app', appId: 1, privateKey } });
  const unknown = world.asToken('ghp_secretsecret');

  for (const connection of [broken, unknown]) {
    const error = await refusal(connection.readPullRequest(world.told, 1));
    expect(error.code).toBe('HOST_REFUSED');
    expect(`${error.message} ${error.stack} ${JSON.stringify(error)} ${String(error.cause)}`).not.toContain(
      'secret',
    );
  }
});

test('a link to the next page does not choose where the token goes', async () => {
  await world.openPull('feature');
  const query = 'page=2&baseUrl=http%3A%2F%2F127.0.0.1%3A1&repository_id=1&url=%2Fuser&method=POST';
  const headers = { Link: `<http://127.0.0.1:1/evil?${query}>; rel="next"` };
  const of = `${route}/reviews`;
  world.host.faults.add({ route: of, kind: 'answer', status: 200, times: 1, headers, body: [] });
  const connection = world.asToken();

  await connection.readPullRequest(world.told, 1);

  const pages = world.host.requests.filter(({ path }) => path.includes('/reviews'));
  expect(pages.map(({ method, path }) => `${method} ${path}`)).toEqual([
    'GET /repos/acme/shop/pulls/1/reviews?per_page=100',
    'GET /repos/acme/shop/pulls/1/reviews?per_page=100&page=2',
  ]);
});

test('commits of a head that was pushed meanwhile are not taken for all of this one', async () => {
  await world.openPull('feature');
  const other = { sha: 'a'.repeat(40), author: {}, committer: null, commit: null };
  const of = `${route}/commits`;
  world.host.faults.add({ route: of, kind: 'answer', status: 200, body: [other] });

  const all = await world.asToken().readPullRequest(world.told, 1);

  expect(ofSchema(all, 'reentry.commit-accounts/1')).toMatchObject([
    { complete: false, commits: [{ sha: other.sha, author: null }] },
  ]);
});
