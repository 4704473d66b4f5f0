import { z } from 'zod';
import type { HostRepository, ObservedAccessChange } from '../../core/host/observation.ts';
import { accessChange } from './access.ts';
import {
  Absent,
  Account,
  FullName,
  Id,
  listOf,
  Name,
  OptionalId,
  OptionalText,
  OptionalTime,
} from './payload.ts';
import { type About, accountOf, itemsOf, reader } from './reading.ts';

/** One observation each: with the installation itself they must fit into one append to the log. */
const maxRepositories = 1_000;

const Installation = z.object({
  id: Id,
  account: Account,
  app_id: OptionalId,
  app_slug: OptionalText,
  repository_selection: OptionalText,
  permissions: z.record(z.string(), z.unknown()).nullish(),
  events: listOf(Name, 200),
  updated_at: OptionalTime,
  created_at: OptionalTime,
  suspended_at: OptionalTime,
});
type Installation = z.output<typeof Installation>;

const SomeRepository = z.object({ id: Id, name: Name, full_name: FullName });

/**
 * `installation`: an app was installed, removed, suspended, or given other permissions. What an app may do is what every agent that
 * works as it may do.
 */
export const readInstallation = reader(
  z.object({
    action: z.enum(['created', 'deleted', 'suspend', 'unsuspend', 'new_permissions_accepted']),
    installation: Installation,
    repositories: z.array(z.unknown()).nullish(),
    repositories_added: Absent,
  }),
  ({ action, installation, repositories }, about) => {
    const ofAccount = aboutAccount(about, installation);
    // It keeps its times when it is removed; of the rest the change is the last thing that happened to it.
    const times = action === 'deleted' ? [] : [installation.updated_at, installation.created_at];
    return [
      accessChange(
        ofAccount,
        {
          action: `installation.${action}`,
          subject: installationId(about, installation),
          detail: {
            ...detailOf(installation),
            ...permissionsOf(installation),
            events: itemsOf(about, installation.events, 'installation.events').join(' '),
            ...(repositories ? { repositories: repositories.length } : {}),
            suspended: installation.suspended_at !== null,
          },
        },
        times,
      ),
    ];
  },
);

/** `installation_repositories`: an app was given repositories, or they were taken from it; one observation each. */
export const readInstallationRepositories = reader(
  z.object({
    action: z.enum(['added', 'removed']),
    installation: Installation,
    repository_selection: OptionalText,
    repositories_added: listOf(SomeRepository, maxRepositories),
    repositories_removed: listOf(SomeRepository, maxRepositories),
  }),
  ({ action, installation, ...rest }, about) => {
    const list = action === 'added' ? rest.repositories_added : rest.repositories_removed;
    const place = `repositories_${action}`;
    if (list === null) return { result: 'not-understood', because: `${place}: is missing` };
    const ofAccount = aboutAccount(about, installation);
    const detail = {
      ...detailOf(installation),
      selection: rest.repository_selection ?? installation.repository_selection,
    };
    const subject = installationId(about, installation);
    const repositories = itemsOf(about, list, place);
    if (repositories.length === 0 && list.unreadable > 0)
      return { result: 'not-understood', because: `${place}: no repository can be read` };
    return repositories.map(
      (repository): ObservedAccessChange =>
        accessChange(
          { ...ofAccount, repository: repositoryOf(about, repository) },
          { action: `installation_repositories.${action}`, subject, detail },
        ),
    );
  },
);

/** Without a repository: it is about an account, and where it says so, about one of its repositories. */
function aboutAccount(about: About, installation: Installation): About {
  const account = accountOf(about, installation.account, 'installation.account');
  return { ...about, owner: account ?? about.owner };
}

function installationId(about: About, { id }: Installation): string {
  return `${about.hostName}#installation/${id}`;
}

function detailOf(installation: Installation) {
  return {
    appId: installation.app_id,
    app: installation.app_slug === '' ? null : installation.app_slug,
    selection: installation.repository_selection,
  };
}

/** `permission.contents: write` and so on. */
function permissionsOf({ permissions }: Installation): ObservedAccessChange['detail'] {
  const known = Object.entries(permissions ?? {}).filter(([, access]) => typeof access === 'string');
  return Object.fromEntries(
    known
      .slice(0, 200)
      .map(([name, access]) => [`permission.${name.slice(0, 100)}`, String(access).slice(0, 100)]),
  );
}

function repositoryOf(
  about: About,
  { id, name, full_name: fullName }: z.output<typeof SomeRepository>,
): HostRepository {
  return {
    hostId: `${about.hostName}#${id}`,
    ref: {
      id: `${about.hostName}/${fullName}`.toLowerCase(),
      name,
      url: `https://${about.hostName}/${fullName}`,
    },
    defaultBranch: null,
  };
}
