import type { Kernel } from './kernel.ts';
import type { Account, Permission, Repository } from './model.ts';

const order: readonly Permission[] = ['none', 'read', 'triage', 'write', 'maintain', 'admin'];

export function atLeast(permission: Permission, wanted: Permission): boolean {
  return order.indexOf(permission) >= order.indexOf(wanted);
}

/** The most that ownership, membership, teams and direct access give; anybody reads what is public. */
export function permissionOf(kernel: Kernel, repository: Repository, account: Account): Permission {
  const owner = kernel.owner(repository);
  if (owner.id === account.id || owner.members.get(account.id) === 'admin') return 'admin';
  const given: Permission[] = [repository.private ? 'none' : 'read'];
  if (owner.members.has(account.id)) given.push('read');
  given.push(repository.collaborators.get(account.id) ?? 'none');
  for (const [teamId, permission] of repository.teams)
    if (kernel.teams.get(teamId)?.members.has(account.id)) given.push(permission);
  if (account.kind === 'Bot') given.push(ofApp(kernel, repository, account));
  return given.reduce((most, one) => (atLeast(one, most) ? one : most));
}

/** What an app's account may do comes from where the app is installed. */
function ofApp(kernel: Kernel, repository: Repository, bot: Account): Permission {
  const app = [...kernel.apps.values()].find(({ botId }) => botId === bot.id);
  for (const installation of kernel.installations.values()) {
    if (installation.appId !== app?.id || !kernel.sees(installation, repository)) continue;
    return installation.permissions.contents === 'write' ? 'write' : 'read';
  }
  return 'none';
}
