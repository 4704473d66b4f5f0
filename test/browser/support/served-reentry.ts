import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RunningReentry, runReentry, startReentry } from '../../support/run-reentry.ts';

export interface ServedReentry {
  readonly url: string;
  /** Of the one-time link that makes the first owner. */
  readonly token: string;
  readonly dataFolder: string;
  /** Below it everything of this run may be put. */
  readonly place: string;
  stop(): Promise<{ readonly status: number | null; readonly stderr: string }>;
}

/** `reentry serve` of a fresh data folder with these repositories imported, as a process of its own, on a free port. */
export async function serveRepositories(
  make: (place: string) => readonly string[] | Promise<readonly string[]>,
  env: Readonly<Record<string, string>> = {},
): Promise<ServedReentry> {
  const place = await mkdtemp(join(tmpdir(), 'reentry-browser-'));
  const dataFolder = join(place, 'data');
  for (const repository of await make(place)) {
    const { status, stderr } = await runReentry(['import', 'git', repository, '--data', dataFolder]);
    if (status !== 0) throw new Error(`import of ${repository} ended with ${status}: ${stderr}`);
  }
  const running = startReentry(['serve', '--data', dataFolder, '--port', '0'], { env });
  const link = await oneTimeLink(running);
  return {
    url: link.origin,
    token: new URLSearchParams(link.hash.slice(1)).get('token') ?? '',
    dataFolder,
    place,
    stop: async () => {
      running.child.kill('SIGINT');
      const ended = await running.ended;
      await rm(place, { recursive: true, force: true });
      return ended;
    },
  };
}

async function oneTimeLink(running: RunningReentry): Promise<URL> {
  const text = await running.matched(/http:\/\/\S+\/welcome#token=\S+/);
  return new URL(text);
}

export const owner = {
  name: 'Olivia Owner',
  email: 'olivia@example.org',
  password: 'correct horse battery staple',
} as const;
