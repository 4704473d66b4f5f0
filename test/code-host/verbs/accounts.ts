import { type Kernel, nodeId, Refusal } from '../kernel.ts';
import type { Account, AccountKind, Json, Permission, Repository, Team } from '../model.ts';
import { accountView, legacyPermission, teamView } from '../views/accounts.ts';

export function createAccount(
  kernel: Kernel,
  {
    login,
    kind = 'User',
    name = login,
    email,
    siteAdmin = false,
  }: {
    readonly login: string;
    readonly kind?: AccountKind;
    readonly name?: string;
    readonly email?: string;
    readonly siteAdmin?: boolean;
  },
): Account {
  if (kernel.findAccount(login)) throw new Refusal(422, `${login} is taken`);
  const id = kernel.nextId('account');
  const account: Account = {
    id,
    login,
    kind,
    name,
    email: email ?? `${id}+${login}@users.noreply.github.com`,
    siteAdmin,
    createdAt: kernel.now(),
    members: new Map(),
    rulesets: new Map(),
  };
  kernel.accounts.set(id, account);
  return account;
}

/** A personal access token of the account; also the password for git over HTTP. */
export function createToken(kernel: Kernel, account: Account): string {
  const token = kernel.newToken('ghp');
  kernel.credentials.set(token, { kind: 'user', accountId: account.id, token });
  return token;
}

export function renameAccount(kernel: Kernel, account: Account, login: string, by: Account): void {
  const from = account.login;
  account.login = login;
  if (account.kind !== 'Organization') return;
  kernel.emit({
    event: 'organization',
    action: 'renamed',
    senderId: by.id,
    repository: null,
    organizationId: account.id,
    payload: { changes: { login: { from } } },
  });
}

export function addMember(
  kernel: Kernel,
  {
    organization,
    member,
    role = 'member',
    by,
  }: {
    readonly organization: Account;
    readonly member: Account;
    readonly role?: 'admin' | 'member';
    readonly by: Account;
  },
): void {
  organization.members.set(member.id, role);
  emitMembership(kernel, { organization, member, role, by, action: 'member_added' });
}

export function removeMember(
  kernel: Kernel,
  {
    organization,
    member,
    by,
  }: { readonly organization: Account; readonly member: Account; readonly by: Account },
): void {
  const role = organization.members.get(member.id) ?? 'member';
  organization.members.delete(member.id);
  for (const team of kernel.teams.values())
    if (team.organizationId === organization.id) team.members.delete(member.id);
  emitMembership(kernel, { organization, member, role, by, action: 'member_removed' });
}

function emitMembership(
  kernel: Kernel,
  {
    organization,
    member,
    role,
    by,
    action,
  }: {
    readonly organization: Account;
    readonly member: Account;
    readonly role: string;
    readonly by: Account;
    readonly action: string;
  },
): void {
  const api = kernel.api(`orgs/${organization.login}`);
  const membership = {
    url: `${api}/memberships/${member.login}`,
    state: 'active',
    role,
    organization_url: api,
    user: accountView(kernel, member),
    direct_membership: true,
  };
  kernel.emit({
    event: 'organization',
    action,
    senderId: by.id,
    repository: null,
    organizationId: organization.id,
    payload: { membership },
  });
}

export function createTeam(kernel: Kernel, organization: Account, name: string, by: Account): Team {
  const slug = name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
  const team: Team = {
    id: kernel.nextId('other'),
    organizationId: organization.id,
    name,
    slug,
    members: new Set(),
  };
  kernel.teams.set(team.id, team);
  emitTeam(kernel, { team, by, event: 'team', action: 'created' });
  return team;
}

export function addToTeam(kernel: Kernel, team: Team, member: Account, by: Account): void {
  team.members.add(member.id);
  const payload = { scope: 'team', member: accountView(kernel, member) };
  emitTeam(kernel, { team, by, event: 'membership', action: 'added', payload });
}

export function removeFromTeam(kernel: Kernel, team: Team, member: Account, by: Account): void {
  team.members.delete(member.id);
  const payload = { scope: 'team', member: accountView(kernel, member) };
  emitTeam(kernel, { team, by, event: 'membership', action: 'removed', payload });
}

/** `none` takes the access away. */
export function grantTeam(
  kernel: Kernel,
  {
    repository,
    team,
    permission,
    by,
  }: {
    readonly repository: Repository;
    readonly team: Team;
    readonly permission: Permission;
    readonly by: Account;
  },
): void {
  if (permission === 'none') repository.teams.delete(team.id);
  else repository.teams.set(team.id, permission);
  kernel.emit({
    event: 'team',
    action: permission === 'none' ? 'removed_from_repository' : 'added_to_repository',
    senderId: by.id,
    repository,
    payload: { team: teamPayload(kernel, team, permission) },
  });
}

/** Gives an account that permission in the repository itself; `none` takes it away. */
export function grant(
  kernel: Kernel,
  {
    repository,
    account,
    permission,
    by,
  }: {
    readonly repository: Repository;
    readonly account: Account;
    readonly permission: Permission;
    readonly by: Account;
  },
): void {
  const before = repository.collaborators.get(account.id);
  if (permission === 'none') repository.collaborators.delete(account.id);
  else repository.collaborators.set(account.id, permission);
  const action = permission === 'none' ? 'removed' : before === undefined ? 'added' : 'edited';
  const changes =
    action === 'removed'
      ? {}
      : {
          changes: {
            permission: {
              ...(before === undefined ? {} : { from: before }),
              to: permission,
            },
          },
        };
  kernel.emit({
    event: 'member',
    action,
    senderId: by.id,
    repository,
    payload: { member: accountView(kernel, account), ...changes },
  });
}

function emitTeam(
  kernel: Kernel,
  {
    team,
    by,
    event,
    action,
    payload = {},
  }: {
    readonly team: Team;
    readonly by: Account;
    readonly event: string;
    readonly action: string;
    readonly payload?: Json;
  },
): void {
  kernel.emit({
    event,
    action,
    senderId: by.id,
    repository: null,
    organizationId: team.organizationId,
    payload: { ...payload, team: teamPayload(kernel, team, 'read') },
  });
}

function teamPayload(kernel: Kernel, team: Team, permission: Permission): Json {
  return {
    ...teamView(kernel, team, permission),
    permission: legacyPermission(permission),
    node_id: nodeId('T', team.id),
  };
}
