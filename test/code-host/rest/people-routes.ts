import { type Kernel, nodeId, Refusal } from '../kernel.ts';
import type { Account, Json, Permission, Repository, Team } from '../model.ts';
import { atLeast, permissionOf } from '../permissions.ts';
import { levelOf } from '../verbs/apps.ts';
import { accountById, accountView, teamView } from '../views/accounts.ts';
import { alertView, deploymentStatusView, deploymentView } from '../views/deployments.ts';
import { numberOf, ofRepository, ok, paged, type RestRequest, type Route } from './route.ts';

const metadata = ['metadata', 'read'] as const;
const deployments = ['deployments', 'read'] as const;
const alerts = ['security_events', 'read'] as const;

/** Who belongs to what and may do what; and what has been deployed and found. */
export const peopleRoutes: readonly Route[] = [
  ofRepository('GET', '/collaborators', metadata, (request) => {
    const { kernel, repository } = request;
    const people = [...kernel.accounts.values()].filter(
      (account) => account.kind === 'User' && isCollaborator(kernel, repository, account),
    );
    return paged(request, people, (account) => collaboratorView(kernel, repository, account));
  }),
  ofRepository(
    'GET',
    '/collaborators/{username}/permission',
    metadata,
    ({ kernel, repository, parameters }) => {
      const account = kernel.accountByLogin(parameters.username ?? '');
      const permission = permissionOf(kernel, repository, account);
      return ok({
        permission: oldPermission(permission),
        role_name: permission,
        user: collaboratorView(kernel, repository, account),
      });
    },
  ),
  ofRepository('GET', '/activity', ['contents', 'read'], (request) => {
    const { kernel, repository, url } = request;
    const ref = url.searchParams.get('ref');
    const found = repository.activity
      .filter((one) => ref === null || one.ref === ref || one.ref === `refs/heads/${ref}`)
      .reverse();
    return paged(request, found, (one) => ({
      id: one.id,
      node_id: nodeId('PSH', one.id),
      before: one.before,
      after: one.after,
      ref: one.ref,
      timestamp: one.at,
      activity_type: one.kind,
      actor: accountById(kernel, one.actorId),
    }));
  }),
  ofRepository('GET', '/teams', metadata, (request) => {
    const { kernel, repository } = request;
    return paged(request, [...repository.teams], ([id, permission]) => {
      const team = kernel.teams.get(id);
      return team ? teamView(kernel, team, permission) : null;
    });
  }),
  {
    method: 'GET',
    path: '/orgs/{org}/teams',
    handle: (request) => {
      const { kernel } = request;
      const organization = organizationOf(request);
      const teams = [...kernel.teams.values()].filter(
        ({ organizationId }) => organizationId === organization.id,
      );
      return paged(request, teams, (team) => teamView(kernel, team));
    },
  },
  {
    method: 'GET',
    path: '/orgs/{org}/teams/{team_slug}/members',
    handle: (request) => {
      const { kernel } = request;
      return paged(request, [...teamOf(request).members], (id) => accountById(kernel, id));
    },
  },
  {
    method: 'GET',
    path: '/orgs/{org}/members',
    handle: (request) => {
      const { kernel, url } = request;
      const role = url.searchParams.get('role') ?? 'all';
      const members = [...organizationOf(request).members].filter(
        ([, one]) => role === 'all' || one === role,
      );
      return paged(request, members, ([id]) => accountById(kernel, id));
    },
  },
  ofRepository('GET', '/deployments', deployments, (request) => {
    const { kernel, repository, url } = request;
    const wanted = (name: string) => url.searchParams.get(name);
    const found = [...repository.deployments.values()]
      .filter(({ sha }) => wanted('sha') === null || sha === wanted('sha'))
      .filter(({ environment }) => wanted('environment') === null || environment === wanted('environment'))
      .reverse();
    return paged(request, found, (deployment) => deploymentView(kernel, repository, deployment));
  }),
  ofRepository('GET', '/deployments/{deployment_id}/statuses', deployments, (request) => {
    const { kernel, repository, parameters } = request;
    const deployment = repository.deployments.get(numberOf(parameters.deployment_id));
    if (!deployment) throw new Refusal(404, 'Not Found');
    return paged(request, [...deployment.statuses].reverse(), (status) =>
      deploymentStatusView(kernel, repository, deployment, status),
    );
  }),
  ofRepository('GET', '/code-scanning/alerts', alerts, (request) => {
    const { kernel, repository, url } = request;
    const state = url.searchParams.get('state');
    const found = [...repository.alerts.values()]
      .filter((alert) => state === null || alert.state === state)
      .reverse();
    return paged(request, found, (alert) => alertView(kernel, repository, alert));
  }),
];

/** Of an organization, members and apps with that permission see people; nobody else. */
function organizationOf({ kernel, parameters, requester }: RestRequest): Account {
  const organization = kernel.accountByLogin(parameters.org ?? '');
  if (requester.kind === 'user' && organization.members.has(requester.account.id)) return organization;
  if (requester.kind === 'installation' && requester.installation.accountId === organization.id) {
    if (levelOf(requester.permissions.members) >= levelOf('read')) return organization;
    throw new Refusal(403, 'Resource not accessible by integration');
  }
  throw new Refusal(404, 'Not Found');
}

function teamOf(request: RestRequest): Team {
  const organization = organizationOf(request);
  for (const team of request.kernel.teams.values())
    if (team.organizationId === organization.id && team.slug === request.parameters.team_slug) return team;
  throw new Refusal(404, 'Not Found');
}

function isCollaborator(kernel: Kernel, repository: Repository, account: Account): boolean {
  return (
    repository.collaborators.has(account.id) ||
    kernel.owner(repository).id === account.id ||
    kernel.owner(repository).members.has(account.id)
  );
}

function collaboratorView(kernel: Kernel, repository: Repository, account: Account): Json {
  const permission = permissionOf(kernel, repository, account);
  return {
    ...accountView(kernel, account),
    permissions: {
      admin: atLeast(permission, 'admin'),
      maintain: atLeast(permission, 'maintain'),
      push: atLeast(permission, 'write'),
      triage: atLeast(permission, 'triage'),
      pull: atLeast(permission, 'read'),
    },
    role_name: permission,
  };
}

/** The field from before there were five roles. */
function oldPermission(permission: Permission): string {
  if (permission === 'maintain') return 'write';
  return permission === 'triage' ? 'read' : permission;
}
