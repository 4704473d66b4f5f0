import { type Kernel, nodeId } from '../kernel.ts';
import type {
  BranchProtection,
  Json,
  Repository,
  Rule,
  RuleSuite,
  Ruleset,
  RulesetContent,
} from '../model.ts';

export function rulesetView(kernel: Kernel, ruleset: Ruleset): Json {
  const { source } = ruleset;
  const place =
    source.kind === 'repository'
      ? kernel.fullName(kernel.repository(source.repositoryId))
      : kernel.account(source.accountId).login;
  const api = kernel.api(
    `${source.kind === 'repository' ? 'repos' : 'orgs'}/${place}/rulesets/${ruleset.id}`,
  );
  const html =
    source.kind === 'repository'
      ? kernel.html(`${place}/rules/${ruleset.id}`)
      : kernel.html(`organizations/${place}/settings/rules/${ruleset.id}`);
  return {
    id: ruleset.id,
    name: ruleset.content.name,
    target: 'branch',
    source_type: source.kind === 'repository' ? 'Repository' : 'Organization',
    source: place,
    enforcement: ruleset.content.enforcement,
    node_id: nodeId('RRS', ruleset.id),
    created_at: ruleset.createdAt,
    updated_at: ruleset.updatedAt,
    _links: { self: { href: api }, html: { href: html } },
  };
}

/** `bypass_actors` is told to those only who may edit the ruleset. */
export function fullRulesetView(
  kernel: Kernel,
  ruleset: Ruleset,
  reader: { readonly mayEdit: boolean; readonly bypass: string },
): Json {
  return {
    ...rulesetView(kernel, ruleset),
    ...contentView(ruleset.content),
    ...(reader.mayEdit ? { bypass_actors: ruleset.content.bypassActors } : {}),
    current_user_can_bypass: reader.bypass,
  };
}

function contentView({ include, exclude, repositories, rules }: RulesetContent): Json {
  return {
    conditions: {
      ref_name: { include, exclude },
      ...(repositories.length === 0
        ? {}
        : { repository_name: { include: repositories, exclude: [], protected: false } }),
    },
    rules,
  };
}

/** A whole ruleset as its history keeps it. */
export function versionState(kernel: Kernel, ruleset: Ruleset, content: RulesetContent): Json {
  return {
    ...rulesetView(kernel, ruleset),
    ...contentView(content),
    name: content.name,
    enforcement: content.enforcement,
    bypass_actors: content.bypassActors,
  };
}

/** A rule where it applies, with the ruleset that it comes from. */
export function branchRuleView(kernel: Kernel, ruleset: Ruleset, rule: Rule): Json {
  const { source_type, source } = rulesetView(kernel, ruleset);
  return {
    ...rule,
    ruleset_source_type: source_type,
    ruleset_source: source,
    ruleset_id: ruleset.id,
  };
}

export function protectionView(kernel: Kernel, repository: Repository, protection: BranchProtection): Json {
  const { branch, reviews, requiredChecks, isStrict } = protection;
  const api = kernel.api(`repos/${kernel.fullName(repository)}/branches/${branch}/protection`);
  const on = (enabled: boolean) => ({ enabled });
  return {
    url: api,
    ...(requiredChecks.length === 0
      ? {}
      : {
          required_status_checks: {
            url: `${api}/required_status_checks`,
            strict: isStrict,
            contexts: requiredChecks.map(({ context }) => context),
            contexts_url: `${api}/required_status_checks/contexts`,
            checks: requiredChecks.map(({ context, appId }) => ({ context, app_id: appId })),
          },
        }),
    ...(reviews === null
      ? {}
      : {
          required_pull_request_reviews: {
            url: `${api}/required_pull_request_reviews`,
            dismiss_stale_reviews: reviews.dismissesStale,
            require_code_owner_reviews: reviews.codeOwners,
            require_last_push_approval: reviews.lastPushApproval,
            required_approving_review_count: reviews.approvals,
          },
        }),
    required_signatures: { url: `${api}/required_signatures`, enabled: false },
    enforce_admins: { url: `${api}/enforce_admins`, enabled: protection.appliesToAdmins },
    required_linear_history: on(false),
    allow_force_pushes: on(protection.allowsForcePushes),
    allow_deletions: on(protection.allowsDeletions),
    block_creations: on(false),
    required_conversation_resolution: on(false),
    lock_branch: on(false),
    allow_fork_syncing: on(false),
  };
}

/** The rule as the `branch_protection_rule` event tells it. */
export function protectionRulePayload(repository: Repository, protection: BranchProtection): Json {
  const { reviews, requiredChecks } = protection;
  const level = (isOn: boolean) => (isOn ? 'non_admins' : 'off');
  const everyone = protection.appliesToAdmins ? 'everyone' : 'non_admins';
  return {
    id: protection.id,
    repository_id: repository.id,
    name: protection.branch,
    created_at: protection.createdAt,
    updated_at: protection.updatedAt,
    pull_request_reviews_enforcement_level: reviews === null ? 'off' : everyone,
    required_approving_review_count: reviews?.approvals ?? 0,
    dismiss_stale_reviews_on_push: reviews?.dismissesStale ?? false,
    require_code_owner_review: reviews?.codeOwners ?? false,
    require_last_push_approval: reviews?.lastPushApproval ?? false,
    authorized_dismissal_actors_only: false,
    ignore_approvals_from_contributors: false,
    required_status_checks: requiredChecks.map(({ context }) => context),
    required_status_checks_enforcement_level: requiredChecks.length === 0 ? 'off' : everyone,
    strict_required_status_checks_policy: protection.isStrict,
    signature_requirement_enforcement_level: 'off',
    linear_history_requirement_enforcement_level: 'off',
    lock_branch_enforcement_level: 'off',
    lock_allows_fork_sync: false,
    admin_enforced: protection.appliesToAdmins,
    create_protected: false,
    allow_force_pushes_enforcement_level: level(protection.allowsForcePushes),
    allow_deletions_enforcement_level: level(protection.allowsDeletions),
    merge_queue_enforcement_level: 'off',
    required_deployments_enforcement_level: 'off',
    required_conversation_resolution_level: 'off',
    authorized_actors_only: false,
    authorized_actor_names: [],
  };
}

export function ruleSuiteView(kernel: Kernel, repository: Repository, suite: RuleSuite): Json {
  return {
    id: suite.id,
    actor_id: suite.actorId,
    actor_name: kernel.account(suite.actorId).login,
    before_sha: suite.before,
    after_sha: suite.after,
    ref: suite.ref,
    repository_id: repository.id,
    repository_name: repository.name,
    pushed_at: suite.pushedAt,
    result: suite.result,
  };
}

export function fullRuleSuiteView(kernel: Kernel, repository: Repository, suite: RuleSuite): Json {
  return {
    ...ruleSuiteView(kernel, repository, suite),
    rule_evaluations: suite.failures.map(({ source, rule, details }) => ({
      rule_source: source,
      enforcement: 'active',
      result: 'fail',
      rule_type: rule,
      details,
    })),
  };
}
