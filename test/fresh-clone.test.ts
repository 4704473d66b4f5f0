import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { expect, test } from 'vitest';
import { checkout } from './support/checkout.ts';
import { temporaryPlace } from './support/place.ts';
import { type Run, startCommand } from './support/run-reentry.ts';
import { servesNow, withoutProgress } from './support/run-start.ts';
import { createStory } from './support/story-repository.ts';

/** What the machine has without our packages: npm scripts put `node_modules/.bin` in front of it. */
const systemPath = (process.env.PATH ?? '')
  .split(':')
  .filter((folder) => !folder.includes('node_modules'))
  .join(':');

/** How this machine gets to its registry. */
const npmSettings = Object.fromEntries(
  Object.entries(process.env).filter(([name]) =>
    /^(npm_config_(registry|userconfig|proxy|https?_proxy|noproxy|cafile|strict_ssl)|https?_proxy|no_proxy|NODE_EXTRA_CA_CERTS)$/i.test(
      name,
    ),
  ),
) as Record<string, string>;

test('in a fresh clone with nothing installed, `npm start -- <repository>` sets everything up and tells the story', async ({
  skip,
}) => {
  const node = spawnSync('node', ['--version'], {
    env: { PATH: systemPath },
    encoding: 'utf8',
  }).stdout?.trim();
  if (!node) skip('this machine has no node outside of our packages');
  if (!(await npm('ping --fetch-timeout=10000 --fetch-retries=0', checkout)).ok) {
    skip('the npm registry is out of reach');
  }
  const place = await temporaryPlace();
  const clone = join(place, 'reentry');
  copyTrackedFiles(clone);
  const shop = createStory(join(place, 'shop'));

  const start = await npmStart('start -- ../shop --port 0', clone);

  expect(start).toMatchObject({
    ok: true,
    stderr:
      'Setting up: installing packages (once, with the tools) …\nSetting up: building the pages (once per version) …\n',
  });
  expect(start.page).toContain('<div id="root">');
  expect(start.stdout).toContain('shop: 7 changes on main');
  expect(start.stdout).toContain('The five riskiest');
  // What makes later starts twice as fast.
  expect(existsSync(join(clone, 'node_modules', '.cache', 'compiled'))).toBe(true);
  // The second start has everything.
  expect(await npmStart('start -- ../shop --port 0', clone)).toMatchObject({ ok: true, stderr: '' });
  const verify = await npm('run --silent reentry -- verify', clone);
  expect(verify).toMatchObject({ ok: true, stderr: '' });
  expect(verify.stdout).toMatch(/^Everything that was checked is intact\./);
  expect(shop.git('status', '--porcelain')).toBe('');
});

async function npm(command: string, cwd: string): Promise<Run & { readonly ok: boolean }> {
  const run = await startNpm(command, cwd).ended;
  return { ...run, ok: run.status === 0 };
}

/** Waits until it serves, looks at the page as a browser would, and presses Ctrl-C. */
async function npmStart(command: string, cwd: string) {
  const running = startNpm(command, cwd);
  await running.seen(servesNow);
  const address = await running.matched(/http:\/\/localhost:\d+/);
  const page = await (await fetch(address, { headers: { accept: 'text/html' } })).text();
  process.kill(-(running.child.pid ?? 0), 'SIGINT');
  const run = await running.ended;
  // Once its script has ended, npm ends itself by the signal that it got too.
  return { stdout: run.stdout, stderr: withoutProgress(run.stderr), ok: run.status === null, page };
}

function startNpm(command: string, cwd: string) {
  const env = {
    ...npmSettings,
    PATH: systemPath,
    NODE_COMPILE_CACHE: '',
    // Not a terminal, so it would tell of each request.
    LOG_LEVEL: 'warn',
    npm_config_update_notifier: 'false',
  };
  return startCommand(['npm', ...command.split(' ')], { cwd, env });
}

/** Those that a commit of the working tree would hold. */
function copyTrackedFiles(to: string): void {
  const args = ['ls-files', '--cached', '--others', '--exclude-standard', '-z'];
  const names = execFileSync('git', args, { cwd: checkout, encoding: 'utf8' }).split('\0');
  for (const name of names.filter((entry) => entry !== '' && existsSync(join(checkout, entry)))) {
    cpSync(join(checkout, name), join(to, name));
  }
  rmSync(join(to, 'node_modules'), { recursive: true, force: true });
}
