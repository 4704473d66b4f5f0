import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { PullRequestRow } from '../src/app/host-row-ports.ts';
import type { ChangeRow } from '../src/app/ports.ts';
import { verifyArchive } from '../src/app/verify-archive.ts';
import { openEvidence } from '../src/archive.ts';
import { openDataFolder } from '../src/store/data-folder.ts';
import { type CodeHost, openCodeHost } from './code-host/code-host.ts';
import { type LivedIn, settleIn } from './code-host/lived-in.ts';
import { appEnvironment, tellServer } from './support/evidence-app.ts';
import { makePlace, type Place } from './support/place.ts';
import { type RunningReentry, runReentry, startReentry } from './support/run-reentry.ts';

// One data folder's life: each test goes on where the one before it stopped.

let place: Place;
let dataFolder: string;
let host: CodeHost;
let world: LivedIn;
let environment: Record<string, string>;

beforeAll(async () => {
  place = await makePlace();
  dataFolder = join(place.path, 'data');
  host = await openCodeHost();
  world = await settleIn(host);
  environment = { ...(await appEnvironment(host, world.app, place.path)), LOG_LEVEL: 'info' };
});

afterAll(async () => {
  await host.close();
  await place[Symbol.asyncDispose]();
});

const pulls = () =>
  world.repositories.flatMap(({ name, pulls: own }) => [...own.values()].map((pull) => ({ name, pull })));

async function start(): Promise<RunningReentry> {
  const running = startReentry(['serve', '--data', dataFolder, '--port', '0'], { env: environment });
  tellServer(world.app, await running.matched(/http:\/\/localhost:\d+/));
  return running;
}

async function stop(running: RunningReentry): Promise<void> {
  running.child.kill('SIGTERM');
  expect((await running.ended).status).toBe(0);
}

/** Every record and row, and that nothing is wrong with them. */
async function sealed() {
  const evidence = await openEvidence(await openDataFolder(dataFolder));
  try {
    const { findings } = await verifyArchive(evidence);
    expect(findings).toEqual([]);
    const projections = evidence.database?.projections;
    if (!projections) throw new Error('there is no database');
    const rows: PullRequestRow[] = [];
    for await (const page of projections.allPullRequests()) rows.push(...page);
    const changes: ChangeRow[] = [];
    for await (const page of projections.allChanges()) changes.push(...page);
    return {
      pullRequests: rows,
      changes,
      records: await evidence.database?.ledger.size('evidence'),
    };
  } finally {
    await evidence.close();
  }
}

test('what happened before Reentry was told of anything is read back: every pull request has its record', async () => {
  const running = await start();
  for (const { name, pull } of pulls())
    await running.matched(
      new RegExp(`"pullRequest":${pull.number},"repoId":"127.0.0.1/acme/${name}"[^\n]*"sealed":"`),
    );
  await stop(running);
  const { pullRequests, changes } = await sealed();

  expect(pullRequests).toHaveLength(pulls().length);
  expect(pullRequests.filter(({ state }) => state === 'merged')).toHaveLength(8);
  // Each merge stands once among the changes, under its number, and beside it what landed without a pull request.
  const merged = pulls().filter(({ pull }) => pull.mergedAt !== null);
  expect(changes.filter(({ kind }) => kind === 'pull_request')).toHaveLength(merged.length);
  expect(new Set(changes.map(({ mergeSha }) => mergeSha)).size).toBe(changes.length);
  expect(changes.filter(({ kind }) => kind === 'direct_push').length).toBeGreaterThan(0);
});

test('a change that was merged past a red check is never satisfied', async () => {
  const { pullRequests } = await sealed();
  const bypassed = pullRequests.find(
    ({ repoId, number }) => repoId === '127.0.0.1/acme/billing' && number === world.bypassed.number,
  );

  expect(bypassed).toMatchObject({ state: 'merged', verdict: 'violated' });
});

test('another start reads nothing twice, and what was open is told again only if it changed', async () => {
  const before = await sealed();
  host.requests.length = 0;
  const running = await start();
  const [shop] = world.repositories;
  if (!shop) throw new Error('there is no shop');
  const open = [...shop.pulls.values()].find(({ state }) => state === 'open');
  if (!open) throw new Error('nothing is open');
  await host.addLabel({ repository: shop, pull: open, by: world.owner, name: 'urgent' });
  await running.matched(
    new RegExp(`"pullRequest":${open.number},"repoId":"127.0.0.1/acme/shop"[^\n]*"sealed":"learned-later"`),
  );
  await stop(running);
  const after = await sealed();

  expect(after.changes).toEqual(before.changes);
  expect(after.records).toBe((before.records ?? 0) + 1);
});

test('a rebuild from the logs alone, without host and mirrors, ends with the same rows', async () => {
  const before = await sealed();
  const { status, stdout } = await runReentry(['rebuild', '--data', dataFolder]);

  expect(stdout).toContain('same');
  expect(status).toBe(0);
  expect(await sealed()).toEqual(before);
});
