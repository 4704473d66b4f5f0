// What a host's failures, lost and shuffled events and a killed process leave of a verdict (neighbours.md, section 9: "missing
// webhook hour", "malformed record in a list", "org/user deletion", "clock skew"): nothing, once all is well again.
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import {
  type AssessedHost,
  fulfil,
  openAssessedHost,
  type Proposal,
  passes,
  readSealed,
  says,
} from './support/assessed-host.ts';

const pullRoute = '/repos/{owner}/{repo}/pulls/{pull_number}';
const reviewsRoute = `${pullRoute}/reviews`;

let world: AssessedHost;

beforeAll(async () => {
  world = await openAssessedHost();
  await world.start();
});

afterAll(() => world[Symbol.asyncDispose]());

afterEach(() => {
  world.host.faults.clear();
  world.host.webhooks.calm();
});

const passed = (of: Proposal) => passes(world, of);
const fulfilled = (of: Proposal) => fulfil(world, of);

/** Opens a pull request of which nobody is told before `meanwhile` is done. */
async function proposedAfter(name: string, meanwhile: (of: Proposal) => Promise<void>): Promise<Proposal> {
  const repository = await world.repository(name);
  world.host.webhooks.disturb({ kind: 'hold' });
  const of = await world.propose({ repository });
  await meanwhile(of);
  world.host.webhooks.calm();
  world.host.webhooks.release();
  return of;
}

/** The process is gone from one moment to the next. */
async function kill(): Promise<void> {
  const { child, ended } = world.running();
  child.kill('SIGKILL');
  await ended;
  expect(child.signalCode).toBe('SIGKILL');
}

describe('a host that is not well', () => {
  test('that does not see its own new pull request yet is asked again', async () => {
    const of = await world.propose({ repository: await world.repository('hidden'), hiddenReads: 2 });
    await fulfilled(of);
    await passed(of);
  });

  test('malformed record in a list: the list is read again, and what it holds decides', async () => {
    const of = await proposedAfter('malformed', async ({ repository, pull }) => {
      world.tick();
      world.host.webhooks.calm();
      world.host.webhooks.disturb({ kind: 'lose', events: ['pull_request_review'] });
      world.host.review({ repository, pull, by: world.people.ben, state: 'CHANGES_REQUESTED' });
      world.host.webhooks.calm();
      world.host.faults.add({
        kind: 'answer',
        status: 200,
        times: 1,
        route: reviewsRoute,
        body: [{ id: [] }],
      });
    });
    await fulfilled(of);
    const run = await world.verdict(of, (one) => says(one).includes('ben requests changes'));
    expect(run.conclusion).toBe('failure');
  });

  test('org/user deletion: the approval of an account that is gone does not count', async () => {
    const of = await proposedAfter('deleted', async ({ pull }) => {
      const review = { id: 7, user: null, state: 'APPROVED', body: '', commit_id: pull.headSha };
      const body = [{ ...review, submitted_at: world.host.kernel.now() }];
      world.host.faults.add({ kind: 'answer', status: 200, times: 1, route: reviewsRoute, body });
    });
    await world.report(of, 'success');
    const run = await world.verdict(of, (one) => says(one).includes('a deleted account'));
    expect(run.conclusion).not.toBe('success');
  });

  test('events out of order, each twice: the verdict is the one of the last that happened', async () => {
    for (const name of ['in-order', 'shuffled']) {
      const repository = await world.repository(name);
      if (name === 'shuffled') world.host.webhooks.disturb({ kind: 'hold' });
      const of = await world.propose({ repository });
      await fulfilled(of);
      await world.push({ ...of, files: { 'src/more.ts': 'export const more = 2;\n' } });
      await fulfilled(of);
      await world.report(of, 'failure');
      world.host.webhooks.calm();
      world.host.webhooks.release((held) => held.toReversed().flatMap((one) => [one, one]));
      await world.host.webhooks.settled();
      await world.verdict(of, (run) => run.conclusion === 'failure' && says(run).includes('cleo'));
    }
  });

  test('clock skew: a host whose clock is an hour ahead is judged by its own times', async () => {
    world.host.kernel.advance(3_600_000);
    const of = await world.propose({ repository: await world.repository('ahead') });
    await fulfilled(of);
    await passed(of);
    await world.report(of, 'failure');
    await world.verdict(of, ({ conclusion }) => conclusion === 'failure');
  });
});

describe('a process that is stopped or killed', () => {
  test('does not wait for a host that hangs', async () => {
    world.host.faults.add({ kind: 'hang' });
    await world.propose({ repository: await world.repository('stopped') });
    await world.host.webhooks.settled();
    const { child, ended } = world.running();
    const from = performance.now();
    child.kill('SIGTERM');
    expect((await ended).status).toBe(0);
    // One request to the host has twenty seconds, and each is tried three times.
    expect(performance.now() - from).toBeLessThan(15_000);
    world.host.faults.clear();
    await world.start();
  });

  test('between webhook and assessment, and an hour of webhooks missed: all is assessed after the restart', async () => {
    const [told, missed, lost] = [
      await world.repository('killed'),
      await world.repository('missed'),
      await world.repository('lost'),
    ];
    await world.host.webhooks.settled();
    world.host.faults.add({ kind: 'hang' });
    const before = await world.propose({ repository: told });
    await fulfilled(before);
    await world.host.webhooks.settled();
    expect(world.host.webhooks.of(world.app.hook)[0]?.statusCode).toBeLessThan(300);
    await kill();
    world.host.kernel.advance(3_600_000);
    const during = await world.propose({ repository: missed });
    await fulfilled(during);
    await world.host.webhooks.settled();
    world.host.webhooks.disturb({ kind: 'lose' });
    const unseen = await world.propose({ repository: lost });
    await fulfilled(unseen);
    world.host.webhooks.calm();
    world.host.faults.clear();
    await world.start();
    await Promise.all([before, during, unseen].map(passed));
  });

  test('after a check failed and before that was assessed: what was green is not after the restart', async () => {
    const of = await world.propose({ repository: await world.repository('was-green') });
    await fulfilled(of);
    await passed(of);
    world.host.faults.add({ kind: 'hang' });
    await world.report(of, 'failure');
    await world.host.webhooks.settled();
    await kill();
    world.host.faults.clear();
    await world.start();
    await world.verdict(of, ({ conclusion }) => conclusion === 'failure');
  });

  test('leaves nothing that verify finds, and the same sealed verdict of events in order and shuffled', async () => {
    world.running().child.kill('SIGTERM');
    await world.running().ended;
    const { findings, statements } = await readSealed(world.dataFolder);
    expect(findings).toEqual([]);
    const [inOrder, shuffled] = ['in-order', 'shuffled'].map((name) => {
      const last = statements.findLast(
        ({ predicate }) =>
          predicate.change.repo === `127.0.0.1/acme/${name}` && predicate.pullRequest !== undefined,
      );
      return last?.predicate.verdict.result;
    });
    expect(inOrder).toBe('violated');
    expect(shuffled).toBe('violated');
  });
});
