import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { api } from '../src/contract/api.ts';
import { endpoints } from '../src/contract/endpoints.ts';
import { openStore } from '../src/store/open-store.ts';
import type { PageName } from './page-cases.ts';
import type { PageDatabase } from './page-database.ts';

/** Asks for one page's data and reads the whole answer. */
export type Ask = (page: PageName, query: Readonly<Record<string, string>>) => Promise<unknown>;

export interface Asker extends AsyncDisposable {
  readonly ask: Ask;
}

/** The store's own methods, in this process. */
export async function storeAsker({ dataFolder, databaseUrl }: PageDatabase): Promise<Asker> {
  const { changes, close } = await openStore({ dataFolder, databaseUrl });
  const asks: Readonly<Record<PageName, (query: Readonly<Record<string, string>>) => Promise<unknown>>> = {
    listChanges: (query) => changes.list(api.listChanges.query.parse(query)),
    getFacets: (query) => changes.facets(api.getFacets.query.parse(query)),
    getTimeline: (query) => {
      const { by, ...filter } = api.getTimeline.query.parse(query);
      return changes.timeline(filter, by);
    },
    getDistribution: (query) => changes.distribution(api.getDistribution.query.parse(query)),
    getOverview: () => changes.overview(),
  };
  return { ask: (page, query) => asks[page](query), [Symbol.asyncDispose]: close };
}

/** `reentry serve` in a process of its own, asked over HTTP by somebody who is signed in. */
export async function httpAsker(database: PageDatabase, clients: number): Promise<Asker> {
  const child = startServer(database);
  const agent = new Agent({ keepAlive: true, maxSockets: clients });
  try {
    const link = new URL(await welcomeLink(child));
    const token = new URLSearchParams(link.hash.slice(1)).get('token');
    const cookie = await join(link.origin, token ?? '');
    return {
      ask: (page, query) =>
        get(new URL(`${endpoints[page].path}?${new URLSearchParams(query)}`, link), {
          agent,
          headers: { cookie },
        }),
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

async function welcomeLink({ stdout }: ChildProcess): Promise<string> {
  if (stdout === null) throw new Error('the server says nothing');
  for await (const line of createInterface({ input: stdout })) {
    const link = /http:\S+#token=\S+/.exec(line)?.[0];
    if (link !== undefined) return link;
  }
  throw new Error('the server ended without a link');
}

async function join(origin: string, token: string): Promise<string> {
  const answer = await fetch(`${origin}/api/welcome`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin },
    body: JSON.stringify({
      token,
      name: 'Bench',
      email: 'bench@example.org',
      password: 'correct horse battery',
    }),
  });
  if (!answer.ok) throw new Error(`joining failed: ${answer.status} ${await answer.text()}`);
  return answer.headers
    .getSetCookie()
    .map((line) => line.split(';', 1)[0])
    .join('; ');
}

function get(
  url: URL,
  options: { readonly agent: Agent; readonly headers: { readonly cookie: string } },
): Promise<number> {
  return new Promise((done, failed) => {
    const sent = request(url, options, (answer) => {
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
