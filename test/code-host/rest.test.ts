import { afterEach, beforeEach, expect, test } from 'vitest';
import { secondaryLimit } from './rest/faults.ts';
import { appToken, openTestWorld, type TestWorld } from './testing/test-world.ts';

let world: TestWorld;

beforeEach(async () => {
  world = await openTestWorld();
});

afterEach(() => world.close());

async function json(path: string, token?: string): Promise<Record<string, unknown>> {
  return (await (await world.get(path, token)).json()) as Record<string, unknown>;
}

test('a manifest becomes an app, once', async () => {
  const { host, sink } = world;
  const manifest = {
    name: 'From a manifest',
    url: 'https://reentry.test',
    redirect_url: 'https://reentry.test/created',
    hook_attributes: { url: sink.url },
    default_permissions: { checks: 'write' },
    default_events: ['push'],
  };
  const page = await fetch(`${host.url}/organizations/acme/settings/apps/new?state=xyz`, {
    method: 'POST',
    body: new URLSearchParams({ manifest: JSON.stringify(manifest) }),
    redirect: 'manual',
  });
  const to = new URL(page.headers.get('location') ?? '');
  const path = `/app-manifests/${to.searchParams.get('code')}/conversions`;

  const taken = await fetch(`${host.apiUrl}${path}`, { method: 'POST' });
  const again = await fetch(`${host.apiUrl}${path}`, { method: 'POST' });

  expect(to.searchParams.get('state')).toBe('xyz');
  expect([taken.status, again.status]).toEqual([201, 404]);
  expect(await taken.json()).toMatchObject({
    slug: 'from-a-manifest',
    permissions: { checks: 'write' },
    events: ['push'],
  });
});

test.each([
  ['another key', () => appToken({ ...world.app, privateKeyPem: world.host.actions.privateKeyPem }), 401],
  ['an end in the past', () => appToken(world.app, { exp: 1 }), 401],
  ['an end too far away', () => appToken(world.app, { exp: Math.floor(Date.now() / 1000) + 3_600 }), 401],
  ['its own key', () => appToken(world.app), 200],
])('an app that signs with %s', async (_, token, status) => {
  expect((await world.get('/app', token())).status).toBe(status);
});

test('an installation token does no more than it was given, and ends', async () => {
  const { host, acme, ada, app, installation, shop } = world;
  const other = await host.createRepository({ owner: acme, name: 'other', by: ada });
  const path = `/app/installations/${installation.id}/access_tokens`;
  const answer = await world.send(
    'POST',
    path,
    { permissions: { checks: 'read' }, repository_ids: [shop.id] },
    appToken(app),
  );
  const { token } = (await answer.json()) as { token: string };

  const list = await json('/installation/repositories', token);
  const pulls = await world.get('/repos/acme/shop/pulls', token);
  const unseen = await world.get(`/repos/acme/${other.name}`, token);
  host.expireTokens(installation);
  const ended = await world.get('/repos/acme/shop', token);

  expect(list.total_count).toBe(1);
  expect([answer.status, pulls.status, unseen.status, ended.status]).toEqual([201, 403, 404, 401]);
});

test('only an app reports a check run, under its own name', async () => {
  const pull = await world.openPull('feature');
  const body = { name: 'evidence', head_sha: pull.headSha, status: 'in_progress' };

  const refused = await world.send(
    'POST',
    '/repos/acme/shop/check-runs',
    body,
    world.host.createToken(world.ada),
  );
  const made = await world.send('POST', '/repos/acme/shop/check-runs', body);
  const { id } = (await made.json()) as { id: number };
  const done = await world.send('PATCH', `/repos/acme/shop/check-runs/${id}`, {
    conclusion: 'neutral',
    output: { title: 'T', summary: 'S' },
  });

  expect([refused.status, made.status, done.status]).toEqual([403, 201, 200]);
  expect(await done.json()).toMatchObject({
    status: 'completed',
    conclusion: 'neutral',
    app: { id: world.app.id },
  });
});

test('lists come in pages that link to each other', async () => {
  for (const number of [1, 2, 3, 4, 5]) await world.openPull(`branch-${number}`, `f${number}.txt`);
  const seen: number[] = [];

  let next: string | undefined =
    `${world.host.apiUrl}/repos/acme/shop/pulls?state=all&sort=created&direction=asc&per_page=2`;
  while (next !== undefined) {
    const answer: Response = await fetch(next, { headers: { Authorization: `token ${world.token}` } });
    seen.push(...((await answer.json()) as { number: number }[]).map(({ number }) => number));
    next = /<([^>]+)>; rel="next"/.exec(answer.headers.get('link') ?? '')?.[1];
  }

  expect(seen).toEqual([1, 2, 3, 4, 5]);
});

test('an answer that is known costs nothing', async () => {
  await world.openPull('feature');
  const first = await world.get('/repos/acme/shop/pulls/1');
  const etag = first.headers.get('etag') ?? '';

  const second = await world.get('/repos/acme/shop/pulls/1', world.token, { 'If-None-Match': etag });
  await world.host.addLabel({
    repository: world.shop,
    pull: [...world.shop.pulls.values()][0] ?? never(),
    by: world.ben,
    name: 'x',
  });
  const third = await world.get('/repos/acme/shop/pulls/1', world.token, { 'If-None-Match': etag });

  expect([first.status, second.status, third.status]).toEqual([200, 304, 200]);
  expect(second.headers.get('x-ratelimit-remaining')).toBe(first.headers.get('x-ratelimit-remaining'));
  expect(await second.text()).toBe('');
});

test('a used-up limit refuses until it is reset', async () => {
  world.host.limits.set(world.token, 1);

  const last = await world.get('/repos/acme/shop');
  const refused = await world.get('/repos/acme/shop');

  expect([last.status, refused.status]).toEqual([200, 403]);
  expect(refused.headers.get('x-ratelimit-remaining')).toBe('0');
});

test('routes fail as a test wants, as often as it wants', async () => {
  const route = '/repos/{owner}/{repo}/pulls';
  const { faults } = world.host;
  faults.add(secondaryLimit(7, { route, times: 1 }));
  for (const status of [404, 409, 422, 429, 500]) faults.add({ route, times: 1, kind: 'answer', status });
  const statuses: number[] = [];

  const first = await world.get('/repos/acme/shop/pulls');
  for (let count = 0; count < 6; count += 1)
    statuses.push((await world.get('/repos/acme/shop/pulls')).status);

  expect([first.status, first.headers.get('retry-after')]).toEqual([403, '7']);
  expect(statuses).toEqual([404, 409, 422, 429, 500, 200]);
});

test('a route hangs, and another is cut off', async () => {
  world.host.faults.add({ route: '/repos/{owner}/{repo}', times: 1, kind: 'hang' });
  world.host.faults.add({ route: '/app', times: 1, kind: 'cut' });
  const signal = AbortSignal.timeout(100);

  await expect(
    fetch(`${world.host.apiUrl}/repos/acme/shop`, {
      signal,
      headers: { Authorization: `Bearer ${world.token}` },
    }),
  ).rejects.toThrow();
  await expect(world.get('/app', appToken(world.app)).then((answer) => answer.text())).rejects.toThrow();
});

test('a pull request appears late, and a list lags behind', async () => {
  const { host, shop, ben } = world;
  await host.commit({ repository: shop, branch: 'late', files: { l: '1\n' }, message: 'L', by: ben });
  await host.openPullRequest({ repository: shop, by: ben, head: 'late', title: 'Late', hiddenReads: 2 });

  const early = await world.get('/repos/acme/shop/pulls/1');
  const list = (await (await world.get('/repos/acme/shop/pulls')).json()) as unknown[];
  const then = await world.get('/repos/acme/shop/pulls/1');
  expect([early.status, list.length, then.status]).toEqual([404, 0, 200]);

  host.faults.add({ route: '/repos/{owner}/{repo}/pulls', times: 1, kind: 'stale' });
  const stale = (await (await world.get('/repos/acme/shop/pulls')).json()) as unknown[];
  const fresh = (await (await world.get('/repos/acme/shop/pulls')).json()) as unknown[];
  expect([stale.length, fresh.length]).toEqual([0, 1]);
});

test('a renamed repository is found under its old name and by its id', async () => {
  const { host, shop, ada } = world;
  host.renameRepository(shop, 'store', ada);

  const followed = await world.get('/repos/acme/shop/branches/main');
  const byId = await json(`/repositories/${shop.id}`);

  expect([followed.status, followed.redirected]).toEqual([200, true]);
  expect(byId.full_name).toBe('acme/store');
});

test('what an app may not see does not exist; what it may not do is refused', async () => {
  const { host, shop, ada } = world;
  const eve = host.createAccount({ login: 'eve' });

  expect((await world.get('/repos/acme/shop', host.createToken(eve))).status).toBe(404);
  expect((await fetch(`${host.apiUrl}/repos/acme/shop`)).status).toBe(404);
  host.grant({ repository: shop, account: eve, permission: 'read', by: ada });
  expect((await world.get('/repos/acme/shop/rulesets/rule-suites', host.createToken(eve))).status).toBe(403);
});

test('GraphQL tells threads, decisions and pages of pull requests', async () => {
  const { host, shop, ada } = world;
  const pull = await world.openPull('feature');
  await world.openPull('second', 'b.txt');
  host.review({
    repository: shop,
    pull,
    by: ada,
    state: 'CHANGES_REQUESTED',
    comments: [{ path: 'src/cart.ts', line: 1, body: 'Why?' }],
  });
  const query = `query Pulls($owner: String!, $name: String!, $after: String) {
    repository(owner: $owner, name: $name) {
      pullRequests(first: 1, after: $after, states: [OPEN], orderBy: {field: CREATED_AT, direction: ASC}) {
        totalCount
        pageInfo { hasNextPage endCursor }
        nodes { ...Parts decision: reviewDecision }
      }
    }
  }
  fragment Parts on PullRequest { number reviewThreads(first: 10) { nodes { isResolved comments(first: 1) { totalCount } } } }`;
  const ask = async (after: string | null) =>
    (await (
      await fetch(host.graphqlUrl, {
        method: 'POST',
        headers: { Authorization: `Bearer ${world.token}` },
        body: JSON.stringify({ query, variables: { owner: 'acme', name: 'shop', after } }),
      })
    ).json()) as {
      data: { repository: { pullRequests: { pageInfo: { endCursor: string }; nodes: unknown[] } } };
    };

  const first = (await ask(null)).data.repository.pullRequests;
  const second = (await ask(first.pageInfo.endCursor)).data.repository.pullRequests;

  expect(first).toMatchObject({ totalCount: 2, pageInfo: { hasNextPage: true } });
  expect(first.nodes).toEqual([
    {
      number: 1,
      decision: 'CHANGES_REQUESTED',
      reviewThreads: { nodes: [{ isResolved: false, comments: { totalCount: 1 } }] },
    },
  ]);
  expect(second.nodes).toMatchObject([{ number: 2, decision: null }]);
});

function never(): never {
  throw new Error('there is one');
}
