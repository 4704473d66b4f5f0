/** Joins code hosts to the served process: who is asked, where their repositories are kept, what is assessed when. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { PullRequestAssessed } from './app/assess-pull-request.ts';
import { AssessmentQueue } from './app/assessment-queue.ts';
import { type FollowHostOptions, HostFollowing } from './app/follow-host.ts';
import type { HostConnection, HostProgress, PublishedChecks } from './app/host-ports.ts';
import type { Archive } from './app/ports.ts';
import type { Config } from './config.ts';
import { AppError } from './core/errors.ts';
import { priorModel } from './core/risk/prior-model.ts';
import { openMirrors } from './intake/git/mirrors.ts';
import { openRepositoryInThread } from './intake/git/thread-reader.ts';
import { connectGithub } from './intake/github/client/connect-github.ts';

export interface HostsOptions {
  readonly config: Config;
  readonly archive: Archive;
  readonly checks: PublishedChecks;
  readonly progress: HostProgress;
  readonly followMirror: FollowHostOptions['followMirror'];
  /** Where people reach the pages, without a slash at its end. */
  readonly address: () => string;
  readonly onAssessed: (assessed: PullRequestAssessed) => void;
  readonly onProblem: (error: unknown, doing: string) => void;
}

export interface Hosts {
  readonly queue: AssessmentQueue;
  /** Undefined without a credential. */
  readonly github: HostConnection | undefined;
  /** When it resolves, nothing writes to the archive any more. */
  stop(): Promise<void>;
}

/** Opens the connections and takes up what was told and not assessed. Errors: CONFIG_INVALID. */
export async function openHosts(options: HostsOptions): Promise<Hosts> {
  const { config, archive, checks, address, onAssessed, onProblem } = options;
  const closing = new AbortController();
  const github = await connectionOf(config, closing.signal);
  const search = config.searchPath === undefined ? {} : { searchPath: config.searchPath };
  const mirrors = openMirrors({
    folder: join(archive.path, 'mirrors'),
    searchPath: config.searchPath,
    open: (path) => openRepositoryInThread(path, search),
    signal: closing.signal,
  });
  const queue = new AssessmentQueue({
    archive,
    model: priorModel,
    checks,
    mirrors,
    connectionTo: async ({ host, hostId }) =>
      host === 'github' && github !== undefined && hostId.startsWith(`${github.name}#`) ? github : undefined,
    changeUrl: (repoId, changeId) =>
      `${address()}/change?${new URLSearchParams({ repo: repoId, id: changeId }).toString()}`,
    onAssessed,
    onProblem,
  });
  let following: HostFollowing | undefined;
  if (github !== undefined) {
    queue.takeUp().catch((error: unknown) => onProblem(error, 'taking up what was told before'));
    const { progress, followMirror } = options;
    const common = { archive, model: priorModel, mirrors, queue, progress, followMirror, onProblem };
    following = new HostFollowing({ ...common, connection: github });
  }
  return {
    queue,
    github,
    stop: async () => {
      closing.abort();
      await following?.stop();
      await queue.stop();
    },
  };
}

async function connectionOf({ github }: Config, signal: AbortSignal): Promise<HostConnection | undefined> {
  if (github === undefined) return undefined;
  const { baseUrl, credentials } = github;
  if (credentials.kind === 'token') return connectGithub({ baseUrl, credentials, signal });
  const { appId, privateKeyFile } = credentials;
  const privateKey = await readFile(privateKeyFile, 'utf8').catch((cause: unknown) => {
    const detail = `GITHUB_APP_PRIVATE_KEY_FILE cannot be read: ${privateKeyFile}`;
    throw new AppError('CONFIG_INVALID', { detail }, { cause });
  });
  return connectGithub({ baseUrl, credentials: { kind: 'app', appId, privateKey }, signal });
}
