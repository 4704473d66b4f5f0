import { type Kernel, Refusal } from '../kernel.ts';
import type {
  Account,
  BranchProtection,
  BypassActor,
  Json,
  Repository,
  Ruleset,
  RulesetContent,
} from '../model.ts';
import { atLeast, permissionOf } from '../permissions.ts';
import { fullRulesetView, protectionRulePayload } from '../views/rules.ts';

export function createRuleset(
  kernel: Kernel,
  of: Repository | Account,
  given: Partial<RulesetContent> & Pick<RulesetContent, 'name' | 'rules'>,
  by: Account,
): Ruleset {
  const now = kernel.now();
  const content: RulesetContent = {
    enforcement: 'active',
    include: ['~DEFAULT_BRANCH'],
    exclude: [],
    repositories: 'members' in of ? ['~ALL'] : [],
    bypassActors: [],
    ...given,
  };
  const ruleset: Ruleset = {
    id: kernel.nextId('other'),
    content,
    source:
      'members' in of
        ? { kind: 'organization', accountId: of.id }
        : { kind: 'repository', repositoryId: of.id },
    createdAt: now,
    updatedAt: now,
    versions: [{ versionId: kernel.nextId('other'), actorId: by.id, updatedAt: now, content }],
  };
  of.rulesets.set(ruleset.id, ruleset);
  emitRuleset(kernel, ruleset, 'created', by);
  return ruleset;
}

export function editRuleset(
  kernel: Kernel,
  ruleset: Ruleset,
  changes: Partial<RulesetContent>,
  by: Account,
): void {
  const before = ruleset.content;
  ruleset.content = { ...before, ...changes };
  ruleset.updatedAt = kernel.now();
  ruleset.versions.push({
    versionId: kernel.nextId('other'),
    actorId: by.id,
    updatedAt: ruleset.updatedAt,
    content: ruleset.content,
  });
  emitRuleset(kernel, ruleset, 'edited', by, {
    changes: {
      ...(before.name === ruleset.content.name ? {} : { name: { from: before.name } }),
      ...(before.enforcement === ruleset.content.enforcement
        ? {}
        : { enforcement: { from: before.enforcement } }),
    },
  });
}

export function deleteRuleset(kernel: Kernel, ruleset: Ruleset, by: Account): void {
  emitRuleset(kernel, ruleset, 'deleted', by);
  holderOf(kernel, ruleset).rulesets.delete(ruleset.id);
}

function holderOf(kernel: Kernel, { source }: Ruleset): Repository | Account {
  return source.kind === 'repository'
    ? kernel.repository(source.repositoryId)
    : kernel.account(source.accountId);
}

function emitRuleset(kernel: Kernel, ruleset: Ruleset, action: string, by: Account, more: Json = {}): void {
  const { source } = ruleset;
  kernel.emit({
    event: 'repository_ruleset',
    action,
    senderId: by.id,
    repository: source.kind === 'repository' ? kernel.repository(source.repositoryId) : null,
    ...(source.kind === 'organization' ? { organizationId: source.accountId } : {}),
    payload: {
      repository_ruleset: fullRulesetView(kernel, ruleset, { mayEdit: true, bypass: 'never' }),
      ...more,
    },
  });
}

export type NewProtection = Partial<Omit<BranchProtection, 'id' | 'branch' | 'createdAt' | 'updatedAt'>>;

export function protectBranch(
  kernel: Kernel,
  {
    repository,
    branch,
    by,
    ...given
  }: NewProtection & {
    readonly repository: Repository;
    readonly branch: string;
    readonly by: Account;
  },
): BranchProtection {
  const before = repository.protections.get(branch);
  const now = kernel.now();
  const protection: BranchProtection = {
    requiredChecks: [],
    isStrict: false,
    reviews: null,
    appliesToAdmins: false,
    allowsForcePushes: false,
    allowsDeletions: false,
    ...given,
    id: before?.id ?? kernel.nextId('other'),
    branch,
    createdAt: before?.createdAt ?? now,
    updatedAt: now,
  };
  repository.protections.set(branch, protection);
  const action = before ? 'edited' : 'created';
  const changes =
    before?.appliesToAdmins === protection.appliesToAdmins
      ? {}
      : { admin_enforced: { from: before?.appliesToAdmins ?? null } };
  emitProtection(kernel, repository, protection, action, by, before ? { changes } : {});
  return protection;
}

export function unprotectBranch(kernel: Kernel, repository: Repository, branch: string, by: Account): void {
  const before = repository.protections.get(branch);
  if (!before) throw new Refusal(404, 'Branch not protected');
  repository.protections.delete(branch);
  emitProtection(kernel, repository, before, 'deleted', by);
}

function emitProtection(
  kernel: Kernel,
  repository: Repository,
  protection: BranchProtection,
  action: string,
  by: Account,
  more: Json = {},
): void {
  const rule = protectionRulePayload(repository, protection);
  kernel.emit({
    event: 'branch_protection_rule',
    action,
    senderId: by.id,
    repository,
    payload: { rule, ...more },
  });
}

/** Every ruleset that applies to the branch, disabled ones too; the organization's first. */
export function rulesetsOf(kernel: Kernel, repository: Repository, branch: string): readonly Ruleset[] {
  return allRulesets(kernel, repository).filter(({ content }) => {
    const hits = (pattern: string) => matches(pattern, branch, repository.defaultBranch);
    return content.include.some(hits) && !content.exclude.some(hits);
  });
}

export function allRulesets(kernel: Kernel, repository: Repository): readonly Ruleset[] {
  const ofOrganization = [...kernel.owner(repository).rulesets.values()].filter(({ content }) =>
    content.repositories.some((pattern) => pattern === '~ALL' || globPattern(pattern).test(repository.name)),
  );
  return [...ofOrganization, ...repository.rulesets.values()];
}

function matches(pattern: string, branch: string, defaultBranch: string): boolean {
  if (pattern === '~ALL') return true;
  if (pattern === '~DEFAULT_BRANCH') return branch === defaultBranch;
  return globPattern(pattern.replace(/^refs\/heads\//, '')).test(branch);
}

function globPattern(pattern: string): RegExp {
  const source = pattern
    .replaceAll(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('?', '[^/]')
    .replaceAll(/\*\*\/?|\*/g, (stars) => (stars === '*' ? '[^/]*' : '.*'));
  return new RegExp(`^${source}$`);
}

export function mayBypass(
  kernel: Kernel,
  repository: Repository,
  ruleset: Ruleset,
  actor: Account,
  mode: 'always' | 'pull_request',
): boolean {
  const permission = permissionOf(kernel, repository, actor);
  // GitHub's ids of the built-in roles.
  const roles: Readonly<Record<number, boolean>> = {
    2: atLeast(permission, 'maintain'),
    4: atLeast(permission, 'write'),
    5: permission === 'admin',
  };
  return ruleset.content.bypassActors.some((one) => {
    if (one.bypass_mode === 'pull_request' && mode === 'always') return false;
    if (one.actor_type === 'RepositoryRole') return one.actor_id !== null && roles[one.actor_id] === true;
    return isThatActor(kernel, repository, actor, one);
  });
}

function isThatActor(
  kernel: Kernel,
  repository: Repository,
  actor: Account,
  { actor_id: id, actor_type: type }: BypassActor,
): boolean {
  switch (type) {
    case 'Team':
      return id !== null && kernel.teams.get(id)?.members.has(actor.id) === true;
    case 'Integration':
      return [...kernel.apps.values()].some((app) => app.id === id && app.botId === actor.id);
    case 'OrganizationAdmin':
      return kernel.owner(repository).members.get(actor.id) === 'admin';
    case 'User':
      return id === actor.id;
    case 'RepositoryRole':
    case 'DeployKey':
      return false;
  }
}
