import { afterAll, beforeAll, expect, test } from 'vitest';
import { type CodeHost, openCodeHost } from './code-host.ts';
import { type LivedIn, settleIn } from './lived-in.ts';

let host: CodeHost;
let world: LivedIn;

beforeAll(async () => {
  host = await openCodeHost();
  world = await settleIn(host);
});

afterAll(() => host.close());

test('the organisation has three repositories and a dozen pull requests, most of them merged', () => {
  const pulls = world.repositories.flatMap((repository) => [...repository.pulls.values()]);

  expect(world.repositories.map(({ name }) => name)).toEqual(['shop', 'billing', 'website']);
  expect(pulls).toHaveLength(12);
  expect(pulls.filter(({ mergedAt }) => mergedAt !== null)).toHaveLength(8);
});

test('one of them was merged by an owner past a red check, and only that one', () => {
  const suites = world.repositories.flatMap(({ ruleSuites }) => ruleSuites);

  expect(suites.filter(({ result }) => result === 'bypass')).toMatchObject([
    {
      actorId: world.owner.id,
      after: world.bypassed.mergeCommitSha,
      failures: [{ rule: 'pull_request' }, { rule: 'required_status_checks' }],
    },
  ]);
});
