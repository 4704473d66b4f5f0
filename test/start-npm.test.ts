import { access } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { AppError } from '../src/core/errors.ts';
import { appears } from './support/appears.ts';
import { linkedCheckout } from './support/linked-checkout.ts';
import { makePlace, type Place } from './support/place.ts';
import { serversBelow } from './support/processes.ts';
import { type Run, startCommand } from './support/run-reentry.ts';
import { servesNow, withoutProgress } from './support/run-start.ts';
import { createStory } from './support/story-repository.ts';

let place: Place;
let checkout: string;
let shop: string;

beforeAll(async () => {
  place = await makePlace();
  checkout = join(place.path, 'the checkout');
  await linkedCheckout(checkout);
  shop = createStory(join(place.path, 'shop')).path;
});

afterAll(() => place[Symbol.asyncDispose]());

const quietNpm = { npm_config_update_notifier: 'false', npm_config_loglevel: 'warn' };

/** A line of shell, as somebody types it who stands in that folder. */
function type(line: string, cwd: string): Promise<Run> {
  return startCommand(['/bin/sh', '-c', line], { cwd, env: quietNpm }).ended;
}

function printedCommand({ stdout }: Run): string {
  return /^ {2}verify {2}(.*)$/m.exec(stdout)?.[1] ?? '';
}

/** Types it, waits until it serves, and presses Ctrl-C: as a terminal does, to everything that it started. */
async function startAndStop(line: string, cwd: string): Promise<Run> {
  const running = startCommand(['/bin/sh', '-c', `exec ${line} --port 0`], { cwd, env: quietNpm });
  await running.seen(servesNow);
  process.kill(-(running.child.pid ?? 0), 'SIGINT');
  const ended = await running.ended;
  return { ...ended, stderr: withoutProgress(ended.stderr) };
}

/** Once its script has ended, npm ends itself by the signal that it got too. */
const endedBySignal = { status: null, stderr: '' };

test('in the checkout, `npm start -- <repository>` tells the story, and the verify command that it prints works there', async () => {
  const start = await startAndStop('npm start -- ../shop --data "../my evidence"', checkout);

  expect(start).toMatchObject(endedBySignal);
  expect(start.stdout).toContain('shop: 7 changes on main');
  expect(printedCommand(start)).toBe(`npm run reentry -- verify '${place.path}/my evidence'`);
  expect(await serversBelow(place.path)).toEqual([]);
  const verify = await type(printedCommand(start), checkout);
  expect(verify).toMatchObject({ status: 0, stderr: '' });
  expect(verify.stdout).toContain('Everything that was checked is intact.');
});

test('from elsewhere npm start means the repository that the user stands in, and prints a command that works there', async () => {
  const start = await startAndStop(`npm --prefix '${checkout}' start --`, shop);

  expect(start).toMatchObject(endedBySignal);
  expect(start.stdout).toContain('shop: 7 changes on main');
  await access(join(shop, '.reentry', 'logs'));
  const verify = await type(printedCommand(start), shop);
  expect(verify).toMatchObject({ status: 0, stderr: '' });
  expect(verify.stdout).toContain(`${shop}/.reentry`);
});

test('failures come through with their two lines and their status', async () => {
  const { status, stderr } = await type('npm run --silent reentry -- scan nowhere', checkout);

  const error = new AppError('NOT_A_REPOSITORY', { path: join(checkout, 'nowhere') });
  expect({ status, stderr }).toEqual({
    status: 3,
    stderr: `NOT_A_REPOSITORY ${error.message}\n${error.action}\n`,
  });
});

test('with --silent npm adds nothing to the output, so that scripts can read it', async () => {
  const { stdout } = await type('npm run --silent reentry -- scan ../shop --json', checkout);

  expect(
    stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line).change.number),
  ).toHaveLength(7);
});

test.each([
  ['SIGINT to the whole group', 'SIGINT', -1],
  ['SIGTERM to the launcher alone', 'SIGTERM', 1],
] as const)('%s ends launcher, command and PostgreSQL with 130', async (_, signal, group) => {
  const dataFolder = join(place.path, 'my evidence');
  const running = startCommand([process.execPath, 'scripts/launch.mjs', 'rebuild', '--data', dataFolder], {
    cwd: checkout,
  });
  await appears(join(dataFolder, 'postgres/cluster/postmaster.pid'));

  process.kill(group * (running.child.pid ?? 0), signal);

  const { status, stderr } = await running.ended;
  expect({ status, stderr }).toEqual({ status: 130, stderr: expect.stringMatching(/^Stopped\. [^\n]*\n$/) });
  expect(await serversBelow(dataFolder)).toEqual([]);
});
