/**
 * `npm run demo`: the product beside a code host with a lived-in organisation, both on this machine, without an account anywhere.
 * Everything lies in a temporary folder and is gone when it ends (Ctrl-C).
 */
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { openCodeHost } from '../test/code-host/code-host.ts';
import { settleIn } from '../test/code-host/lived-in.ts';
import { appEnvironment, tellServer } from '../test/support/evidence-app.ts';

const { values } = parseArgs({ options: { port: { type: 'string', default: '8620' } } });
const place = await mkdtemp(join(tmpdir(), 'reentry-demo-'));
const host = await openCodeHost();
process.stderr.write('A few weeks pass at a code host of its own …\n');
const { organization, owner, app, bypassed } = await settleIn(host);
tellServer(app, `http://127.0.0.1:${values.port}`);

process.stderr.write(`
The code host: ${host.url} (${organization.login}: shop, billing, website; token of ${owner.login}: ${host.createToken(owner)})
${organization.login}/billing#${bypassed.number} was merged by ${owner.login} past a red check: see what Reentry says of it.
The pages of Reentry follow; its link lets you in once.

`);
const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));
const server = spawn(
  process.execPath,
  [main, 'serve', '--data', join(place, 'data'), '--port', values.port],
  {
    stdio: 'inherit',
    env: { ...process.env, ...(await appEnvironment(host, app, place)) },
  },
);
// The terminal sends Ctrl-C to both: the server ends itself, and this waits for it.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => server.kill(signal));
process.exitCode = await new Promise<number>((done) => server.once('close', (status) => done(status ?? 1)));
await host.close();
await rm(place, { recursive: true, force: true });
