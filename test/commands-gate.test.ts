import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makePlace, type Place } from './support/place.ts';
import { runReentry } from './support/run-reentry.ts';
import { createStory, type StoryRepository } from './support/story-repository.ts';

let place: Place;
let story: StoryRepository;
let dataFolder: string;
let policy: string;

beforeAll(async () => {
  place = await makePlace();
  story = createStory(join(place.path, 'shop'));
  story.git('remote', 'add', 'origin', 'git@github.com:acme/shop.git');
  dataFolder = join(place.path, 'data');
  policy = join(place.path, 'policy.yml');
  await writeFile(
    policy,
    `version: 1
rules:
  - id: agent-made
    when: { class: [ai, mixed] }
    require: { humanApprovals: 1, attributionLevel: 2 }
  - id: payments
    when: { paths: [src/payments.ts] }
    require: { gates: [tests] }
gates:
  tests: { check: ci/test, app: github-actions }
`,
  );
  await importStory();
});

afterAll(() => place[Symbol.asyncDispose]());

function importStory() {
  return runReentry(['import', 'git', story.path, '--data', dataFolder, '--json']);
}

async function simulate(...args: readonly string[]) {
  const run = await runReentry(['gate', 'simulate', '--policy', policy, '--data', dataFolder, ...args]);
  expect(run.stderr).toBe('');
  return run;
}

interface Line {
  readonly change?: { readonly id: string; readonly class: string };
  readonly verdict?: {
    readonly outcome: string;
    readonly matched: readonly string[];
    readonly results: readonly { readonly requirement: string; readonly outcome: string }[];
  };
  readonly summary?: object;
}

async function simulated(...args: readonly string[]): Promise<readonly Line[]> {
  const { stdout, status } = await simulate('--json', ...args);
  expect(status).toBe(0);
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);
}

describe('gate simulate', () => {
  test('judges every sealed change by its class and its sealed paths, and says what nobody can tell', async () => {
    const lines = await simulated();

    const told = lines.flatMap(({ change, verdict }) =>
      change === undefined
        ? []
        : [
            `${change.id.replace(/[0-9a-f]{40}/, '…')} ${change.class}: ${verdict?.matched.join(' ') ?? ''} → ${verdict?.outcome}`,
          ],
    );
    expect(told).toEqual([
      'push/… unknown: agent-made → indeterminate',
      'pr/1 mixed: agent-made → violated',
      'pr/2 unknown: agent-made → indeterminate',
      'pr/3 ai: agent-made payments → indeterminate',
      'pr/4 unknown: agent-made → indeterminate',
      'pr/5 mixed: agent-made → violated',
      'push/… unknown: agent-made → indeterminate',
    ]);
    expect(lines.at(-1)?.summary).toMatchObject({
      policyDigest: expect.stringMatching(/^[0-9a-f]{64}$/),
      changes: 7,
      outcomes: { satisfied: 0, violated: 2, indeterminate: 5 },
      unmatched: 0,
    });
  });

  test('prints the sums by class and band, and by what the rules ask', async () => {
    const { stdout, status } = await simulate();

    expect(status).toBe(0);
    expect(stdout).toContain('7 changes judged under');
    expect(stdout).toContain('2 would have been blocked, of 5 nobody can tell, 0 would have passed');
    expect(stdout).toMatch(/agent-made +attributionLevel +7 +1 +2 +4\n/);
    expect(stdout).toMatch(/payments +gates: tests +1 +0 +0 +1\n/);
    expect(stdout).toContain('A git history holds no reviews');
  });

  test('keeps to a repository and to a day', async () => {
    const since = await simulated('--repo', 'github.com/acme/shop', '--since', '2025-10-09T13:00:00Z');

    expect(since.flatMap(({ change }) => change ?? [])).toHaveLength(3);
    expect(
      await runReentry(['gate', 'simulate', '--policy', policy, '--data', dataFolder, '--repo', 'acme/shop']),
    ).toMatchObject({
      status: 3,
      stderr: expect.stringContaining('NOT_FOUND'),
    });
  });

  test('writes nothing', async () => {
    const { stdout, status } = await runReentry(['verify', dataFolder, '--json']);

    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      summary: {
        result: 'satisfied',
        logs: [
          { log: 'events', size: 8 },
          { log: 'evidence', size: 7 },
        ],
      },
    });
  });

  test('judges the last record of a change of which something was learned later, and only that', async () => {
    const cart = story.git('log', '--format=%H', '--grep=Rework the cart');
    story.note(cart, 'src/cart.ts', 10);
    await importStory();

    const again = (await simulated()).filter(({ change }) => change?.id === 'pr/5');

    expect(
      again.map(({ verdict }) => verdict?.results.map(({ requirement, outcome }) => [requirement, outcome])),
    ).toEqual([
      [
        ['humanApprovals', 'indeterminate'],
        ['attributionLevel', expect.any(String)],
      ],
    ]);
    expect((await simulated()).length).toBe(8);
  });

  test('of one log alone tells that it needs the data folder', async () => {
    const args = ['gate', 'simulate', '--policy', policy, '--data', join(dataFolder, 'logs', 'evidence')];

    expect(await runReentry(args)).toMatchObject({
      status: 3,
      stderr: expect.stringContaining('DATA_FOLDER_MISSING'),
    });
  });
});
