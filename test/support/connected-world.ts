import type { HostConnection } from '../../src/app/host-ports.ts';
import { AppError } from '../../src/core/errors.ts';
import type { HostObservation, HostRepository } from '../../src/core/host/observation.ts';
import { connectGithub } from '../../src/intake/github/client/connect-github.ts';
import type { GithubOptions } from '../../src/intake/github/client/options.ts';
import { openTestWorld, type TestWorld } from '../code-host/testing/test-world.ts';

export interface ConnectedWorld extends TestWorld {
  /** The repository as we name it. */
  readonly told: HostRepository;
  asApp(more?: Partial<GithubOptions>): HostConnection;
  asToken(token?: string, more?: Partial<GithubOptions>): HostConnection;
}

/** A code host, and connections to it that are soon tired of waiting. */
export async function openConnectedWorld(): Promise<ConnectedWorld> {
  const world = await openTestWorld();
  const { app, host, ada } = world;
  const quick = { baseUrl: host.url, timeoutMs: 5_000, retries: 1, retryBaseMs: 1 };
  const privateKey = app.privateKeyPem;
  return {
    ...world,
    told: {
      hostId: `127.0.0.1#${world.shop.id}`,
      ref: { id: '127.0.0.1/acme/shop', name: 'shop', url: 'http://127.0.0.1/acme/shop' },
      defaultBranch: 'main',
    },
    asApp: (more = {}) =>
      connectGithub({ ...quick, credentials: { kind: 'app', appId: app.id, privateKey }, ...more }),
    asToken: (token = host.createToken(ada), more = {}) =>
      connectGithub({ ...quick, credentials: { kind: 'token', token }, ...more }),
  };
}

export function ofSchema<Schema extends HostObservation['schema']>(
  all: readonly HostObservation[],
  schema: Schema,
) {
  return all.filter((one): one is Extract<HostObservation, { schema: Schema }> => one.schema === schema);
}

/** The error of ours that the work ends with. */
export async function refusal(work: Promise<unknown>): Promise<AppError> {
  const error = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (error instanceof AppError) return error;
  throw new Error('it did not fail with an error of ours', { cause: error });
}

export async function collect<Item>(items: AsyncIterable<Item>): Promise<readonly Item[]> {
  const all: Item[] = [];
  for await (const item of items) all.push(item);
  return all;
}
