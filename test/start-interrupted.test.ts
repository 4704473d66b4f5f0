import { join } from 'node:path';
import process from 'node:process';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { appears } from './support/appears.ts';
import { createHistory, type GitHistory } from './support/git-history.ts';
import { makePlace, type Place } from './support/place.ts';
import { serversBelow, signalAll, withChildren } from './support/processes.ts';
import { hasTerminals, pressInterrupt, startInTerminal } from './support/run-in-terminal.ts';
import { type RunningReentry, runReentry, startReentry } from './support/run-reentry.ts';
import { runStart } from './support/run-start.ts';

/** More than one batch of 512. */
const commits = 560;
const stopped = 'Stopped. Everything that was sealed is kept; the same command goes on from there.\n';

let place: Place;
let history: GitHistory;

beforeAll(async () => {
  place = await makePlace();
  history = await createHistory(join(place.path, 'shop.git'));
  await history.grow(commits);
});

afterAll(() => place[Symbol.asyncDispose]());

test('Ctrl-C in a terminal clears the progress bar, says one line, ends with 130 and takes PostgreSQL along', async ({
  skip,
}) => {
  if (!hasTerminals) skip('no `script` of util-linux here to make a terminal with');
  const dataFolder = join(place.path, 'interrupted');
  const running = startInTerminal(['start', history.path, '--data', dataFolder, '--port', '0'], place.path);
  await running.seen('Importing:');

  pressInterrupt(running);

  const { status, stdout } = await running.ended;
  expect({ status, left: stdout.split('\r\u001b[2K').at(-1) }).toEqual({
    status: 130,
    left: stopped.replace('\n', '\r\n'),
  });
  expect(await serversBelow(dataFolder)).toEqual([]);
});

test.each([
  ['Ctrl-C, which its children get too,', 'SIGINT', -1],
  ['SIGINT to it alone', 'SIGINT', 1],
  ['SIGTERM', 'SIGTERM', 1],
] as const)('%s ends an import with 130 and one line, and PostgreSQL with it', async (_, signal, group) => {
  const dataFolder = join(place.path, 'interrupted');
  const running = startReentry(['start', history.path, '--data', dataFolder, '--port', '0']);
  await appears(join(dataFolder, 'postgres/cluster/postmaster.pid'));

  process.kill(group * pidOf(running), signal);

  expect(await running.ended).toMatchObject({ status: 130, stderr: stopped });
  expect(await serversBelow(dataFolder)).toEqual([]);
});

test.each([
  ['stopped by Ctrl-C', 'SIGINT'],
  ['killed', 'SIGKILL'],
] as const)(
  'an import that was %s half-way is gone on with by the next start, to its end',
  async (_, signal) => {
    const dataFolder = join(place.path, `half-way ${signal}`);
    const running = startReentry(['start', history.path, '--data', dataFolder, '--port', '0']);
    await appears(join(dataFolder, 'logs/events/tile/0'));

    running.child.kill(signal);

    const { status } = await running.ended;
    expect(status).toBe(signal === 'SIGINT' ? 130 : null);
    const left = await serversBelow(dataFolder);
    expect(left).toHaveLength(signal === 'SIGINT' ? 0 : 1);

    const next = await runStart([history.path, '--data', dataFolder]);

    expect(next).toMatchObject({ status: 0, stderr: '' });
    expect(next.stdout).toMatch(new RegExp(`: (?!${commits} )[1-9][0-9]* changes added\\.\n`));
    expect(next.stdout).toContain(`shop: ${commits} changes on main`);
    expect(await serversBelow(dataFolder)).toEqual([]);
    const { status: verified, stdout } = await runReentry(['verify', dataFolder, '--json']);
    expect(verified).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      summary: { logs: [{ size: commits + 1 }, { size: commits }] },
    });
  },
);

test('Ctrl-C ends a scan with 130 after a whole line', async () => {
  const running = startReentry(['scan', history.path, '--json']);
  await running.seen('{"change"');

  running.child.kill('SIGINT');

  const { status, stdout } = await running.ended;
  expect(status).toBe(130);
  expect(stdout.endsWith('\n')).toBe(true);
  expect(stdout.trimEnd().split('\n').length).toBeLessThan(commits);
});

test.each([[['verify']], [['rebuild', '--data']]])('Ctrl-C ends %s with 130', async (command) => {
  const dataFolder = await finishedFolder();
  const running = startReentry([...command, dataFolder]);
  await appears(join(dataFolder, 'postgres/cluster/postmaster.pid'));

  running.child.kill('SIGINT');

  expect(await running.ended).toEqual({ status: 130, stdout: '', stderr: stopped });
  expect(await serversBelow(dataFolder)).toEqual([]);
});

test('a rebuild that was stopped half-way is finished by the next start', async () => {
  const dataFolder = await finishedFolder();

  const { stdout } = await runStart([history.path, '--data', dataFolder]);

  expect(stdout).toContain(`shop: ${commits} changes on main`);
  expect((await runReentry(['verify', dataFolder])).status).toBe(0);
});

test('more Ctrl-C end it at once where PostgreSQL hangs, and that ends too as soon as it can', async () => {
  const dataFolder = await finishedFolder();
  const running = startReentry(['verify', dataFolder]);
  await appears(join(dataFolder, 'postgres/cluster/postmaster.pid'));
  const [server = 0] = await serversBelow(dataFolder);
  const hanging = await withChildren(server);
  signalAll(hanging, 'SIGSTOP');

  const pressing = setInterval(() => running.child.kill('SIGINT'), 100);

  const { status } = await running.ended;
  clearInterval(pressing);
  signalAll(hanging, 'SIGCONT');
  expect(status).toBe(130);
  await vi.waitFor(async () => expect(await serversBelow(dataFolder)).toEqual([]), 20_000);
});

let finished: string | undefined;

/** A data folder that holds the whole import; the same one for whoever asks. */
async function finishedFolder(): Promise<string> {
  if (finished !== undefined) return finished;
  finished = join(place.path, 'finished');
  await runReentry(['import', 'git', history.path, '--data', finished]);
  return finished;
}

function pidOf({ child }: RunningReentry): number {
  return child.pid ?? 0;
}
