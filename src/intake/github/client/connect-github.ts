import { z } from 'zod';
import type { ConnectedRepository, GitAccess, HostConnection } from '../../../app/host-ports.ts';
import { AppError } from '../../../core/errors.ts';
import type { HostRepository } from '../../../core/host/observation.ts';
import { repositoryOf } from '../parse-delivery.ts';
import { Count } from '../payload.ts';
import { accountOf } from '../reading.ts';
import { accessOf } from './access.ts';
import { backfill } from './backfill.ts';
import { missedOf, redeliver } from './deliveries.ts';
import { gatesOf } from './gates.ts';
import { readHealth } from './health.ts';
import type { GithubOptions } from './options.ts';
import { protectionOf } from './protection.ts';
import { publishCheck } from './publish.ts';
import { pullRequestOf } from './pull-request.ts';
import {
  itemsOfPages,
  listIn,
  ofRepository,
  placeOf,
  readRepository,
  understoodRepository,
} from './repository.ts';
import { type As, type GithubRequests, githubRequests, understood } from './requests.ts';

/** GitHub, github.com or an Enterprise Server, under one credential. Nothing is sent before something is asked for. */
export function connectGithub(options: GithubOptions): HostConnection {
  const requests = githubRequests(options);
  const place = (repository: HostRepository) => placeOf(requests, repository);
  return {
    host: 'github',
    name: requests.places.name,
    repositories: () => repositoriesOf(requests),
    readPullRequest: (repository, number) => pullRequestOf(place(repository), number),
    readGates: async (repository, sha) => {
      const at = place(repository);
      return gatesOf(at, await readRepository(at), sha);
    },
    readProtection: (repository, branch) => protectionOf(place(repository), branch),
    readAccess: async (repository, login) => {
      const at = place(repository);
      const access = await accessOf(at, await readRepository(at), login);
      if (access !== null) return access;
      const detail = 'the permission of an account in a repository';
      throw new AppError('HOST_MISSING', { host: requests.places.name, detail });
    },
    pullRequests: (repository, after) => backfill(place(repository), after),
    pullRequestsOf: async (repository, sha) => {
      const route = `GET ${ofRepository}/commits/{commit_sha}/pulls`;
      const { items } = await itemsOfPages(place(repository), route, { commit_sha: sha });
      const Pull = z.object({ number: Count });
      return items.map((item) => understood(requests.places.name, Pull, item).number);
    },
    publish: (repository, check) => publishCheck(place(repository), check),
    gitAccess: (repository) => gitAccessOf(requests, repository),
    missedDeliveries: (since) => missedOf(requests, since),
    redeliver: (id) => redeliver(requests, id),
    health: () => readHealth(requests),
  };
}

/** The header stands by itself: in an address it would end up in logs. */
async function gitAccessOf(requests: GithubRequests, repository: HostRepository): Promise<GitAccess> {
  const at = placeOf(requests, repository);
  const { full_name: fullName } = await readRepository(at);
  const token = await requests.tokenOf(at.as);
  return {
    url: `${requests.places.pages}/${fullName}.git`,
    header: `Authorization: basic ${Buffer.from(`x-access-token:${token}`).toString('base64')}`,
  };
}

async function* repositoriesOf(requests: GithubRequests): AsyncGenerator<ConnectedRepository> {
  if (!requests.isApp) {
    yield* listed(requests, { kind: 'app' }, 'GET /user/repos');
    return;
  }
  const Installation = z.object({ id: z.int(), suspended_at: z.string().nullish() });
  for await (const page of requests.pages({ kind: 'app' }, 'GET /app/installations', {}))
    for (const item of listIn(requests, page.value)) {
      const { id, suspended_at: suspended } = understood(requests.places.name, Installation, item);
      if (suspended) continue;
      yield* listed(requests, { kind: 'installation', id }, 'GET /installation/repositories', 'repositories');
    }
}

async function* listed(
  requests: GithubRequests,
  as: As,
  route: string,
  inside?: string,
): AsyncGenerator<ConnectedRepository> {
  const { name } = requests.places;
  for await (const page of requests.pages(as, route, {}, 1_000))
    for (const item of listIn(requests, page.value, inside)) {
      const repository = understoodRepository(requests, item);
      yield {
        ...repositoryOf(name, repository),
        owner: accountOf({ hostName: name, remarks: [] }, repository.owner, 'owner'),
        isArchived: repository.archived ?? false,
      };
    }
}
