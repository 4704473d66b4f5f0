import { announce } from './progress.ts';
import { style, type Terminal } from './terminal.ts';
import type { OpenServer, ServerOptions, World } from './world.ts';

/** `reentry serve`: server, jobs and pages, until Ctrl-C. */
export async function serve(world: World, options: ServerOptions): Promise<number> {
  await withServer(world, options, async (server) => {
    await world.terminal.out(addressText(server, world.terminal));
    await stopped(world.signal);
  });
  return 0;
}

/** Closes the server whatever happens: what runs is finished first. */
export async function withServer<Result>(
  { terminal, openServer }: Pick<World, 'terminal' | 'openServer'>,
  options: ServerOptions,
  use: (server: OpenServer) => Promise<Result>,
): Promise<Result> {
  const server = await announce(terminal, 'Opening the data folder …', openServer(options));
  try {
    return await use(server);
  } finally {
    await announce(terminal, 'Stopping: what runs is finished first …', server.close());
  }
}

/** Resolves at Ctrl-C. */
export function stopped(signal: AbortSignal): Promise<void> {
  return new Promise((done) => {
    if (signal.aborted) return done();
    return signal.addEventListener('abort', () => done(), { once: true });
  });
}

/** Where to go now. The link's secret stands behind `#`, so that no browser sends it and no log on the way keeps it. */
export function addressText({ address, welcomeLink }: OpenServer, terminal: Terminal): string {
  if (welcomeLink === undefined) return `Reentry is at ${style(terminal, 'cyan', address)}\n`;
  return [
    `Reentry is at ${address}. Nobody has an account yet; this link makes the first one, and works once:\n`,
    `  ${style(terminal, 'cyan', welcomeLink)}\n`,
  ].join('');
}
