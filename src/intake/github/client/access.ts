import { z } from 'zod';
import type { ObservedAccess, RepositoryPermission } from '../../../core/host/observation.ts';
import { Account, Name, OptionalText } from '../payload.ts';
import { accountOf, observed } from '../reading.ts';
import { isHostError } from './host-errors.ts';
import { aboutOf, type FullRepository, listIn, ofRepository, originOf, type Place } from './repository.ts';
import { understood } from './requests.ts';

const permissionRoute = `GET ${ofRepository}/collaborators/{username}/permission`;

const Permission = z.object({ permission: OptionalText, role_name: OptionalText, user: Account });

const known: ReadonlySet<string> = new Set(['admin', 'maintain', 'write', 'triage', 'read', 'none']);

function isPermission(word: string | null): word is RepositoryPermission {
  return word !== null && known.has(word);
}

/** Null where the host tells nothing of that account: it is gone, or we may not ask. */
export async function accessOf(
  place: Place,
  repository: FullRepository,
  login: string,
): Promise<ObservedAccess | null> {
  const { requests, as, parameters } = place;
  const answer = await requests
    .send(as, permissionRoute, { ...parameters, username: login })
    .catch((error: unknown) => {
      if (isHostError(error, 'HOST_MISSING', 'HOST_REFUSED')) return null;
      throw error;
    });
  if (answer === null) return null;
  const told = understood(requests.places.name, Permission, answer.value);
  const about = aboutOf(requests, repository, originOf(permissionRoute, [answer]));
  const account = accountOf(about, told.user, 'user');
  if (account === null) return null;
  return {
    schema: 'reentry.access/1',
    ...observed(about, []),
    account,
    // The older word knows three; a role of the organisation's own has one of them beside its name.
    permission: isPermission(told.role_name)
      ? told.role_name
      : isPermission(told.permission)
        ? told.permission
        : null,
    teams: await teamsOf(place, repository, login),
  };
}

/** More teams than that are not asked one by one. */
const maxTeams = 50;

/** Of the teams that have the repository those that the account is in; null where one of them may not be read. */
async function teamsOf(
  place: Place,
  { owner }: FullRepository,
  login: string,
): Promise<readonly string[] | null> {
  if (owner === null || owner === 'unreadable') return null;
  if (owner.type !== 'Organization') return [];
  try {
    const Team = z.object({ slug: Name });
    const slugs = (await listed(place, `GET ${ofRepository}/teams`, {}, Team)).map(({ slug }) => slug);
    if (slugs.length > maxTeams) return null;
    const teams: string[] = [];
    for (const slug of slugs) {
      const team = { org: owner.login, team_slug: slug };
      const members = await listed(place, 'GET /orgs/{org}/teams/{team_slug}/members', team, Member);
      if (members.some((member) => member.login.toLowerCase() === login.toLowerCase())) teams.push(slug);
    }
    return teams;
  } catch (error) {
    if (isHostError(error, 'HOST_MISSING', 'HOST_REFUSED')) return null;
    throw error;
  }
}

const Member = z.object({ login: Name });

async function listed<Item>(
  { requests, as, parameters }: Place,
  route: string,
  more: Readonly<Record<string, unknown>>,
  schema: z.ZodType<Item>,
): Promise<readonly Item[]> {
  const items: Item[] = [];
  const given = route.includes('{repository_id}') ? parameters : more;
  for await (const page of requests.pages(as, route, given))
    for (const item of listIn(requests, page.value))
      items.push(understood(requests.places.name, schema, item));
  return items;
}
