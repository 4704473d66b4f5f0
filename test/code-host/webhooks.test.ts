import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { appToken, openTestWorld, secret, type TestWorld } from './testing/test-world.ts';

let world: TestWorld;

beforeEach(async () => {
  world = await openTestWorld();
});

afterEach(() => world.close());

/** Three events of the same kind, one after the other. */
async function labelThrice(): Promise<void> {
  const pull = await world.openPull('feature');
  await world.host.webhooks.settled();
  world.sink.received.length = 0;
  for (const name of ['one', 'two', 'three'])
    await world.host.addLabel({ repository: world.shop, pull, by: world.ben, name });
  await world.host.webhooks.settled();
}

function labels(): readonly string[] {
  return world.sink.received.map(({ payload }) => (payload.label as { name: string }).name);
}

test('a delivery is signed over its raw body', async () => {
  await world.openPull('feature');
  await world.host.webhooks.settled();

  for (const { raw, headers } of world.sink.received)
    expect(headers['x-hub-signature-256']).toBe(
      `sha256=${createHmac('sha256', secret).update(raw).digest('hex')}`,
    );
  expect(world.sink.received.at(-1)?.headers).toMatchObject({
    'x-github-event': 'pull_request',
    'x-github-hook-installation-target-type': 'integration',
    'x-github-hook-installation-target-id': String(world.app.id),
  });
});

test('an app is told only what it subscribed to, where it is installed', async () => {
  const { host, acme, ada, app, installation, shop, sink } = world;
  app.hook.events = ['push'];
  const other = await host.createRepository({ owner: acme, name: 'other', by: ada });
  host.selectRepositories(installation, [shop], ada);

  await host.commit({ repository: other, branch: 'main', files: { a: '1\n' }, message: 'A', by: ada });
  await world.openPull('feature');

  await host.webhooks.settled();
  expect(sink.names()).toEqual(['installation_repositories.removed', 'push']);
});

test('a failed delivery is listed, and a redelivery sends the same bytes under the same guid', async () => {
  const { sink, host, app } = world;
  const jwt = appToken(app);
  sink.status = 500;
  await world.openPull('feature');
  await host.webhooks.settled();
  const failed = (await (await world.get('/app/hook/deliveries?status=failure', jwt)).json()) as {
    id: number;
    guid: string;
    event: string;
  }[];
  const wanted = failed.find(({ event }) => event === 'pull_request');
  sink.status = 200;

  const answer = await world.send('POST', `/app/hook/deliveries/${wanted?.id}/attempts`, {}, jwt);

  await host.webhooks.settled();
  expect(answer.status).toBe(202);
  const sent = sink.received.filter(({ guid }) => guid === wanted?.guid);
  expect(sent).toHaveLength(2);
  expect(sent[1]?.raw).toBe(sent[0]?.raw);
  const [newest] = (await (await world.get('/app/hook/deliveries', jwt)).json()) as { guid: string }[];
  expect(newest).toMatchObject({ guid: wanted?.guid, redelivery: true, status: 'OK', status_code: 200 });
});

test('deliveries are paged by a cursor', async () => {
  await labelThrice();
  const jwt = appToken(world.app);

  const first = await world.get('/app/hook/deliveries?per_page=2', jwt);
  const next = /<([^>]+)>; rel="next"/.exec(first.headers.get('link') ?? '')?.[1] ?? '';
  const second = await fetch(next, { headers: { Authorization: `Bearer ${jwt}` } });

  const ids = [
    ...((await first.json()) as { id: number }[]),
    ...((await second.json()) as { id: number }[]),
  ].map(({ id }) => id);
  expect(ids).toEqual([...ids].sort((a, b) => b - a));
  expect(new Set(ids).size).toBe(4);
});

test('a lost delivery leaves no trace, a failed one does', async () => {
  world.host.webhooks.disturb({ kind: 'lose', events: ['pull_request'], times: 1 });
  await world.openPull('lost');
  const before = world.host.webhooks.deliveries.filter(({ event }) => event === 'pull_request').length;
  world.host.webhooks.disturb({ kind: 'fail', events: ['pull_request'] });

  await world.openPull('failing', 'b.txt');

  await world.host.webhooks.settled();
  expect(before).toBe(0);
  expect(world.sink.names()).not.toContain('pull_request.opened');
  expect(world.host.webhooks.deliveries.filter(({ event }) => event === 'pull_request')).toMatchObject([
    { statusCode: 502 },
  ]);
});

test('deliveries come twice, late, or in another order', async () => {
  world.host.webhooks.disturb({ kind: 'hold', events: ['pull_request'] });
  await labelThrice();
  expect(labels()).toEqual([]);

  world.host.webhooks.release((held) => [...held].reverse());

  await world.host.webhooks.settled();
  expect(world.sink.names()).toEqual([
    'pull_request.labeled',
    'pull_request.labeled',
    'pull_request.labeled',
    'pull_request.opened',
  ]);
  world.sink.received.length = 0;
  world.host.webhooks.calm();
  world.host.webhooks.disturb({ kind: 'duplicate', times: 1 });
  await world.host.commit({
    repository: world.shop,
    branch: 'main',
    files: { z: 'z\n' },
    message: 'Z',
    by: world.ada,
  });
  await world.host.webhooks.settled();
  const [one, other] = world.sink.received;
  expect([one?.event, other?.guid]).toEqual(['push', one?.guid]);
});

interface Example {
  readonly name: string;
  readonly examples: readonly Readonly<Record<string, unknown>>[];
}

const published = JSON.parse(
  readFileSync(
    createRequire(import.meta.url).resolve('@octokit/webhooks-examples/api.github.com/index.json'),
    'utf8',
  ),
) as readonly Example[];

/** Dotted paths of every field, elements of lists as `[]`. */
function fieldsOf(value: unknown, at = ''): ReadonlySet<string> {
  if (typeof value !== 'object' || value === null) return new Set([at]);
  const inner = Array.isArray(value)
    ? value.map((item) => [`${at}[]`, item] as const)
    : Object.entries(value).map(([name, item]) => [`${at}.${name}`, item] as const);
  return new Set([at, ...inner.flatMap(([path, item]) => [...fieldsOf(item, path)])]);
}

/** Which permissions an app has is its own business; the rest depends on what the recorded events happened in. */
const others = /\.(permissions|installation|enterprise|organization)\b/;

test('payloads have every field that all of the published examples have', async () => {
  const { host, shop, ada, app, sink } = world;
  const pull = await world.openPull('feature');
  await host.reportCheck({
    repository: shop,
    app,
    sha: pull.headSha,
    report: { name: 'unit', conclusion: 'success' },
  });
  await host.reportStatus({ repository: shop, sha: pull.headSha, state: 'success', context: 'ci', by: ada });
  host.review({ repository: shop, pull, by: ada, state: 'APPROVED' });
  const deployment = host.createDeployment({ repository: shop, sha: pull.headSha, ref: 'feature', by: ada });
  host.reportDeployment({ repository: shop, deployment, state: 'success', by: ada });
  await host.enqueue({ repository: shop, pull, by: ada });
  await host.webhooks.settled();

  const missing = sink.received.flatMap(({ event, action, payload }) => {
    const examples = published
      .find(({ name }) => name === event)
      ?.examples.filter((example) => (example.action ?? null) === action)
      .map((example) => fieldsOf(example));
    const [first, ...rest] = examples ?? [];
    const common = [...(first ?? [])].filter((field) => rest.every((other) => other.has(field)));
    const ours = fieldsOf(payload);
    const isEmptyHere = (field: string) =>
      field.includes('[]') && !ours.has(field.slice(0, field.indexOf('[]') + 2));
    return common
      .filter((field) => !ours.has(field) && !isEmptyHere(field) && !others.test(field))
      .map((field) => `${event}.${action}: ${field}`);
  });

  expect([...new Set(missing)]).toEqual([]);
});
