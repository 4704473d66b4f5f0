import { afterEach, beforeEach, expect, test } from 'vitest';
import type { HostPage } from '../src/app/host-ports.ts';
import { type ConnectedWorld, collect, openConnectedWorld } from './support/connected-world.ts';

let world: ConnectedWorld;

beforeEach(async () => {
  world = await openConnectedWorld();
});

afterEach(() => world.close());

async function generate(count: number): Promise<void> {
  const first = await world.openPull('feature');
  for (let number = 2; number <= count; number += 1) {
    const updatedAt = new Date(Date.parse(first.updatedAt) + number * 1_000).toISOString();
    world.shop.pulls.set(number, { ...first, id: first.id + number, number, updatedAt, reviews: [] });
  }
}

test('five hundred pull requests cost a request for fifty, and go on after an abort where they were', async () => {
  await generate(500);
  const before = world.host.requests.length;
  const seen: number[] = [];
  let last: HostPage | undefined;
  for await (const page of world.asToken().pullRequests(world.told, null)) {
    seen.push(...page.pullRequests);
    last = page;
    if (seen.length >= 200) break;
  }

  for await (const page of world.asToken().pullRequests(world.told, last?.cursor ?? null))
    seen.push(...page.pullRequests);

  expect(seen).toEqual(Array.from({ length: 500 }, (_, index) => index + 1));
  expect((world.host.requests.length - before) / 500).toBeLessThanOrEqual(0.1);
});

test('a page tells what reading one by one tells; more reviews than fit are read by themselves', async () => {
  const { host, shop: repository, ada, ben } = world;
  const pull = await world.openPull('feature');
  host.review({ repository, pull, by: ada, state: 'APPROVED' });
  const busy = await world.openPull('busy', 'b.txt');
  for (let count = 0; count < 25; count += 1)
    host.review({ repository, pull: busy, by: ben, state: 'COMMENTED', body: 'Hm.' });
  const connection = world.asToken();

  const [page] = await collect(connection.pullRequests(world.told, null));
  const alone = await connection.readPullRequest(world.told, 1);

  const plain = (all: HostPage['observations'], schema: string) =>
    all
      .filter((one) => one.schema === schema && JSON.stringify(one).includes(pull.headSha))
      .map(({ origin, ...rest }) => ({
        ...rest,
        permission: null,
        occurredAt: '',
        occurredAtFrom: '',
        actor: null,
      }));
  for (const schema of ['reentry.pull-request/1', 'reentry.review/1'])
    expect(plain(page?.observations ?? [], schema)).toEqual(plain(alone, schema));
  const reviews = page?.observations.filter(
    (one) => one.schema === 'reentry.review/1' && one.pullRequest === 2,
  );
  expect(reviews).toHaveLength(25);
});

test('an error that comes with 200 is an error, and nothing is taken for the end', async () => {
  const answer = (type: string) => ({ data: null, errors: [{ type, message: 'secret' }] });
  for (const [type, code] of [
    ['RATE_LIMITED', 'HOST_BUSY'],
    ['NOT_FOUND', 'HOST_MISSING'],
    ['ODD', 'HOST_ANSWER'],
  ] as const) {
    world.host.faults.add({ route: '/graphql', kind: 'answer', status: 200, times: 1, body: answer(type) });
    await expect(collect(world.asToken().pullRequests(world.told, null))).rejects.toMatchObject({ code });
  }
});
