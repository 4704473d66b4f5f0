import { z } from 'zod';
import type { ObservedAccessChange } from '../../core/host/observation.ts';
import { Absent, Account, Id, Name, NothingElse, OptionalText, OptionalTime } from './payload.ts';
import { type About, accountOf, observed, reader, repositoryReader } from './reading.ts';

type Detail = ObservedAccessChange['detail'];

export function accessChange(
  about: About,
  change: { readonly action: string; readonly subject: string | null; readonly detail: Detail },
  times: readonly (string | null)[] = [],
): ObservedAccessChange {
  return { schema: 'reentry.access-change/1', ...observed(about, times), ...change };
}

/** `from` or `to` of something that changed. */
const Changed = z.object({ from: OptionalText, to: OptionalText }).nullish();

const Team = z.object({ id: Id, slug: Name, permission: OptionalText });

function teamId(about: About, { id }: z.output<typeof Team>): string {
  return `${about.hostName}#team/${id}`;
}

/** `member`: somebody became, is no more, or is another kind of collaborator of a repository. */
export const readMember = repositoryReader(
  z.object({
    action: z.enum(['added', 'edited', 'removed']),
    member: Account,
    // With a team it is `membership`, whatever the header says.
    team: Absent,
    changes: z.object({ permission: Changed, role_name: Changed, old_permission: Changed }).nullish(),
  }),
  ({ action, member, changes }, about) => {
    const account = accountOf(about, member, 'member');
    const detail = {
      login: account?.login ?? null,
      role: changes?.role_name?.to ?? changes?.permission?.to ?? null,
      before: changes?.old_permission?.from ?? changes?.permission?.from ?? null,
    };
    return [accessChange(about, { action: `member.${action}`, subject: account?.id ?? null, detail })];
  },
);

/** `membership`: somebody joined or left a team. */
export const readMembership = reader(
  z.object({ action: z.enum(['added', 'removed']), member: Account, team: Team.partial({ slug: true }) }),
  ({ action, member, team }, about) => {
    const account = accountOf(about, member, 'member');
    const detail = { login: account?.login ?? null, team: team.slug ?? null, teamId: team.id };
    return [accessChange(about, { action: `membership.${action}`, subject: account?.id ?? null, detail })];
  },
);

/** `team`: a team was made, changed or deleted, or given or taken a repository. */
export const readTeam = reader(
  z.object({
    action: z.enum(['created', 'edited', 'deleted', 'added_to_repository', 'removed_from_repository']),
    team: Team,
    member: Absent,
    changes: z
      .object({
        repository: z.object({ permissions: z.object({ from: Permissions() }).nullish() }).nullish(),
      })
      .nullish(),
  }),
  ({ action, team, changes }, about) => {
    const before = changes?.repository?.permissions?.from ?? null;
    const detail = { team: team.slug, permission: team.permission, ...(before ? { before } : {}) };
    return [accessChange(about, { action: `team.${action}`, subject: teamId(about, team), detail })];
  },
);

/** The highest of `{ admin, push, pull }`, as the repository had it before. */
function Permissions() {
  const flag = z.boolean().nullish();
  return z
    .object({ admin: flag, push: flag, pull: flag })
    .nullish()
    .transform((given) => (given?.admin ? 'admin' : given?.push ? 'push' : given?.pull ? 'pull' : null));
}

/** `team_add`: the older way to say that a team was given a repository. */
export const readTeamAdd = repositoryReader(
  z.object({ team: Team, member: Absent, action: Absent }),
  ({ team }, about) => {
    const detail = { team: team.slug, permission: team.permission };
    return [accessChange(about, { action: 'team_add', subject: teamId(about, team), detail })];
  },
);

/** `organization`: somebody was invited, joined or left; or the organisation has another name, or is gone. */
export const readOrganization = reader(
  z.object({
    action: z.enum(['member_invited', 'member_added', 'member_removed', 'renamed', 'deleted']),
    membership: z.object({ role: OptionalText, state: OptionalText, user: Account }).nullish(),
    // Its address is somebody's e-mail, and is not read.
    invitation: z.object({ role: OptionalText }).nullish(),
    user: Account,
    changes: z.object({ login: Changed }).nullish(),
  }),
  ({ action, membership, invitation, user, changes }, about) => {
    if (about.owner === null) return { result: 'not-understood', because: 'organization: is missing' };
    const isOfMember = action.startsWith('member_');
    const account = accountOf(about, membership?.user ?? user, 'membership.user');
    const detail = isOfMember
      ? {
          login: account?.login ?? null,
          role: membership?.role ?? invitation?.role ?? null,
          state: membership?.state ?? null,
        }
      : { login: about.owner.login, before: changes?.login?.from ?? null };
    const subject = isOfMember ? (account?.id ?? null) : about.owner.id;
    return [accessChange(about, { action: `organization.${action}`, subject, detail })];
  },
);

/** `repository`: made, deleted, renamed, transferred, archived, public or private, with another default branch. */
export const readRepository = repositoryReader(
  NothingElse.pipe(
    z.object({
      action: z.enum([
        'created',
        'deleted',
        'archived',
        'unarchived',
        'edited',
        'renamed',
        'transferred',
        'publicized',
        'privatized',
      ]),
      repository: z.object({
        private: z.boolean().nullish(),
        archived: z.boolean().nullish(),
        visibility: OptionalText,
        updated_at: OptionalTime,
      }),
      changes: z
        .object({
          default_branch: Changed,
          repository: z.object({ name: Changed }).nullish(),
          owner: z
            .object({
              from: z.object({
                user: z.object({ login: OptionalText }).nullish(),
                organization: z.object({ login: OptionalText }).nullish(),
              }),
            })
            .nullish(),
        })
        .nullish(),
    }),
  ),
  ({ action, repository, changes }, about) => {
    const { ref, hostId, defaultBranch } = about.repository;
    const from = changes?.owner?.from;
    const before = {
      nameBefore: changes?.repository?.name?.from,
      ownerBefore: from?.organization?.login ?? from?.user?.login,
      defaultBranchBefore: changes?.default_branch?.from,
    };
    const detail = {
      name: ref.id,
      defaultBranch,
      visibility: repository.visibility ?? (repository.private ? 'private' : 'public'),
      archived: repository.archived ?? false,
      ...Object.fromEntries(Object.entries(before).filter(([, value]) => value)),
    };
    return [
      // What is deleted keeps its times.
      accessChange(
        about,
        { action: `repository.${action}`, subject: hostId, detail },
        action === 'deleted' ? [] : [repository.updated_at],
      ),
    ];
  },
);
