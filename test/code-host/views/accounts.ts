import { type Kernel, nodeId } from '../kernel.ts';
import type { Account, App, Installation, Json, Permission, Team } from '../model.ts';

export function accountView(kernel: Kernel, { id, login, kind, siteAdmin }: Account): Json {
  // A bot's login has brackets.
  const api = kernel.api(`users/${encodeURIComponent(login)}`);
  return {
    login,
    id,
    node_id: nodeId(kind === 'Organization' ? 'O' : kind === 'Bot' ? 'BOT' : 'U', id),
    avatar_url: kernel.html(`avatars/u/${id}`),
    gravatar_id: '',
    url: api,
    html_url: kernel.html(kind === 'Bot' ? `apps/${login.replace('[bot]', '')}` : login),
    followers_url: `${api}/followers`,
    following_url: `${api}/following{/other_user}`,
    gists_url: `${api}/gists{/gist_id}`,
    starred_url: `${api}/starred{/owner}{/repo}`,
    subscriptions_url: `${api}/subscriptions`,
    organizations_url: `${api}/orgs`,
    repos_url: `${api}/repos`,
    events_url: `${api}/events{/privacy}`,
    received_events_url: `${api}/received_events`,
    type: kind,
    site_admin: siteAdmin,
  };
}

export function accountById(kernel: Kernel, id: number | null): Json | null {
  return id === null ? null : accountView(kernel, kernel.account(id));
}

/** An organization as webhooks name it. */
export function organizationView(kernel: Kernel, { id, login, name }: Account): Json {
  const api = kernel.api(`orgs/${login}`);
  return {
    login,
    id,
    node_id: nodeId('O', id),
    url: api,
    repos_url: `${api}/repos`,
    events_url: `${api}/events`,
    hooks_url: `${api}/hooks`,
    issues_url: `${api}/issues`,
    members_url: `${api}/members{/member}`,
    public_members_url: `${api}/public_members{/member}`,
    avatar_url: kernel.html(`avatars/u/${id}`),
    description: name,
  };
}

export function teamView(kernel: Kernel, team: Team, permission: Permission = 'read'): Json {
  const organization = kernel.account(team.organizationId);
  const api = kernel.api(`organizations/${organization.id}/team/${team.id}`);
  return {
    id: team.id,
    node_id: nodeId('T', team.id),
    name: team.name,
    slug: team.slug,
    description: null,
    privacy: 'closed',
    notification_setting: 'notifications_enabled',
    permission: legacyPermission(permission),
    url: api,
    html_url: kernel.html(`orgs/${organization.login}/teams/${team.slug}`),
    members_url: `${api}/members{/member}`,
    repositories_url: `${api}/repos`,
    type: 'organization',
    organization_id: organization.id,
    parent: null,
  };
}

/** Teams still speak of pull and push. */
export function legacyPermission(permission: Permission): string {
  if (permission === 'write') return 'push';
  return permission === 'read' || permission === 'none' ? 'pull' : permission;
}

export function appView(kernel: Kernel, app: App): Json {
  return {
    id: app.id,
    client_id: app.clientId,
    slug: app.slug,
    node_id: nodeId('A', app.id),
    owner: accountById(kernel, app.ownerId),
    name: app.name,
    description: '',
    external_url: app.externalUrl,
    html_url: kernel.html(`apps/${app.slug}`),
    created_at: app.createdAt,
    updated_at: app.createdAt,
    permissions: app.permissions,
    events: app.hook.events,
  };
}

export function installationView(kernel: Kernel, installation: Installation): Json {
  const app = kernel.app(installation.appId);
  const account = kernel.account(installation.accountId);
  const where = account.kind === 'Organization' ? `organizations/${account.login}/settings` : 'settings';
  return {
    id: installation.id,
    client_id: app.clientId,
    account: accountView(kernel, account),
    repository_selection: installation.selection,
    access_tokens_url: kernel.api(`app/installations/${installation.id}/access_tokens`),
    repositories_url: kernel.api('installation/repositories'),
    html_url: kernel.html(`${where}/installations/${installation.id}`),
    app_id: app.id,
    app_slug: app.slug,
    target_id: account.id,
    target_type: account.kind,
    permissions: installation.permissions,
    events: app.hook.events,
    created_at: installation.createdAt,
    updated_at: installation.updatedAt,
    single_file_name: null,
    has_multiple_single_files: false,
    single_file_paths: [],
    suspended_by: accountById(kernel, installation.suspendedBy),
    suspended_at: installation.suspendedAt,
  };
}
