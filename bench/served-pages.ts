import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import process from 'node:process';
import { createInterface } from 'node:readline';
import type { PageDatabase } from './page-database.ts';

/** `reentry serve` in a process of its own, and somebody who is signed in. */
export interface ServedPages extends AsyncDisposable {
  readonly url: string;
  readonly pid: number;
  /** `name=value`. */
  readonly cookie: string;
  /** Asks over a connection that stays open and reads the whole answer; gives its size in bytes. */
  get(path: string): Promise<number>;
}

/** At most `clients` requests are under way at once. */
export async function servePages(database: PageDatabase, clients: number): Promise<ServedPages> {
  const child = startServer(database);
  const agent = new Agent({ keepAlive: true, maxSockets: clients });
  try {
    const link = await firstAddress(child);
    const cookie = await getIn(link);
    return {
      url: link.origin,
      pid: child.pid ?? 0,
      cookie,
      get: (path) => get(new URL(path, link.origin), { agent, cookie }),
      [Symbol.asyncDispose]: async () => {
        agent.destroy();
        await stop(child);
      },
    };
  } catch (error) {
    await stop(child);
    throw error;
  }
}

function startServer({ dataFolder, databaseUrl }: PageDatabase): ChildProcess {
  const main = new URL('../src/main.ts', import.meta.url).pathname;
  return spawn(
    process.execPath,
    ['--max-semi-space-size=16', main, 'serve', '--data', dataFolder, '--port', '0'],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { PATH: process.env.PATH, DATABASE_URL: databaseUrl, RATE_LIMIT: '999999999', LOG_LEVEL: 'error' },
    },
  );
}

/** The one-time link of a database without an account, else where it is served. */
async function firstAddress({ stdout }: ChildProcess): Promise<URL> {
  if (stdout === null) throw new Error('the server says nothing');
  for await (const line of createInterface({ input: stdout })) {
    const address = /http:\S+/.exec(line)?.[0];
    if (address?.includes('#token=') || line.startsWith('Reentry is at')) {
      // With an account there is no second line; without one the link is in it.
      if (!line.includes('Nobody has an account yet')) return new URL(address ?? '');
    }
  }
  throw new Error('the server ended without an address');
}

const person = { email: 'bench@example.org', password: 'correct horse battery' };

/** The cookie of the only account there is: made by the first server of a database, signed in to by the others. */
async function getIn({ origin, hash }: URL): Promise<string> {
  const token = new URLSearchParams(hash.slice(1)).get('token');
  const [path, body] =
    token === null
      ? ['/api/auth/sign-in/email', person]
      : ['/api/welcome', { token, name: 'Bench', ...person }];
  const answer = await fetch(`${origin}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${path} failed: ${answer.status} ${await answer.text()}`);
  return answer.headers
    .getSetCookie()
    .map((line) => line.split(';', 1)[0])
    .join('; ');
}

function get(
  url: URL,
  { agent, cookie }: { readonly agent: Agent; readonly cookie: string },
): Promise<number> {
  return new Promise((done, failed) => {
    const sent = request(url, { agent, headers: { cookie } }, (answer) => {
      let size = 0;
      answer.on('data', (chunk: Buffer) => {
        size += chunk.length;
      });
      answer.on('error', failed);
      answer.on('end', () => {
        if (answer.statusCode === 200) done(size);
        else failed(new Error(`${url.pathname}${url.search} answers ${answer.statusCode}`));
      });
    });
    sent.on('error', failed);
    sent.end();
  });
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  await once(child, 'exit');
}
