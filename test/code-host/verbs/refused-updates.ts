import type { Kernel } from '../kernel.ts';
import type { Account, Repository } from '../model.ts';
import { permissionOf } from '../permissions.ts';
import { mayBypass, rulesetsOf } from './rules.ts';

const refusedBy: Readonly<Record<string, readonly string[]>> = {
  pull_request: ['update', 'deletion'],
  required_status_checks: ['update'],
  update: ['update'],
  creation: ['creation'],
  deletion: ['deletion'],
  non_fast_forward: ['force'],
};

/** What the update hook refuses to the pusher: `<what> <ref>` each. Null: to whoever may bypass nothing. */
export function refusedUpdates(
  kernel: Kernel,
  repository: Repository,
  pusher: Account | null,
  branches: readonly string[],
): ReadonlySet<string> {
  const refused = new Set<string>();
  for (const branch of branches) {
    const kinds = [
      ...byRulesets(kernel, repository, pusher, branch),
      ...byProtection(kernel, repository, pusher, branch),
    ];
    for (const what of kinds) refused.add(`${what} refs/heads/${branch}`);
  }
  return refused;
}

function byRulesets(
  kernel: Kernel,
  repository: Repository,
  pusher: Account | null,
  branch: string,
): readonly string[] {
  return rulesetsOf(kernel, repository, branch)
    .filter(({ content }) => content.enforcement === 'active')
    .filter((ruleset) => pusher === null || !mayBypass(kernel, repository, ruleset, pusher, 'always'))
    .flatMap(({ content }) => content.rules.flatMap(({ type }) => refusedBy[type] ?? []));
}

function byProtection(
  kernel: Kernel,
  repository: Repository,
  pusher: Account | null,
  branch: string,
): readonly string[] {
  const protection = repository.protections.get(branch);
  if (!protection) return [];
  const isAdmin = pusher !== null && permissionOf(kernel, repository, pusher) === 'admin';
  if (isAdmin && !protection.appliesToAdmins) return [];
  return [
    ...(protection.reviews !== null || protection.requiredChecks.length > 0 ? ['update'] : []),
    ...(protection.allowsForcePushes ? [] : ['force']),
    ...(protection.allowsDeletions ? [] : ['deletion']),
  ];
}
