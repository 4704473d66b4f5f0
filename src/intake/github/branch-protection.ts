import { z } from 'zod';
import type { ObservedProtection } from '../../core/host/observation.ts';
import { accessChange } from './access.ts';
import { Id, listOf, Name, NothingElse, OptionalFlag, OptionalTime } from './payload.ts';
import { itemsOf, observed, repositoryReader } from './reading.ts';
import { nothingRequired } from './rulesets.ts';

/** `off`: the setting is not in force, whatever the values beside it say; `non_admins`: administrators are let through. */
const Level = z.enum(['off', 'non_admins', 'everyone']).nullish();

const Rule = z.object({
  id: Id,
  name: Name,
  created_at: OptionalTime,
  updated_at: OptionalTime,
  admin_enforced: OptionalFlag,
  pull_request_reviews_enforcement_level: Level,
  required_approving_review_count: z.int().nonnegative().nullish(),
  dismiss_stale_reviews_on_push: OptionalFlag,
  require_code_owner_review: OptionalFlag,
  require_last_push_approval: OptionalFlag,
  required_status_checks_enforcement_level: Level,
  required_status_checks: listOf(Name, 1_000),
  allow_force_pushes_enforcement_level: Level,
  allow_deletions_enforcement_level: Level,
});
type Rule = z.output<typeof Rule>;

/** `branch_protection_rule`: one rule of a repository for the branches of a pattern. */
export const readBranchProtectionRule = repositoryReader(
  z.object({ action: z.enum(['created', 'edited', 'deleted']), rule: Rule }),
  ({ action, rule }, about) => {
    const checks = itemsOf(about, rule.required_status_checks, 'rule.required_status_checks');
    const isDeleted = action === 'deleted';
    return [
      {
        schema: 'reentry.protection/1',
        // A rule keeps its times when it is deleted.
        ...observed(about, isDeleted ? [] : [rule.updated_at, rule.created_at]),
        action: `branch_protection_rule.${action}`,
        branch: null,
        source: { id: rule.id, name: rule.name, level: 'repository', include: [rule.name], exclude: [] },
        rules: isDeleted ? nothingRequired : rulesOf(rule, checks),
        enforcement: isDeleted ? null : 'active',
        // Who may push past it is told by name only, and who may bypass pull requests not at all.
        bypass: null,
        sources: ['branch-protection'],
      },
    ] satisfies readonly ObservedProtection[];
  },
);

function rulesOf(rule: Rule, checks: readonly string[]): ObservedProtection['rules'] {
  return {
    ...reviewRules(rule),
    requiredGates: requiredGates(rule, checks),
    blocksForcePush: isOff(rule.allow_force_pushes_enforcement_level),
    blocksDeletion: isOff(rule.allow_deletions_enforcement_level),
    appliesToAdmins: rule.admin_enforced,
  };
}

function reviewRules(rule: Rule): Omit<ObservedProtection['rules'], RestOfRules> {
  const isReviewOff = isOff(rule.pull_request_reviews_enforcement_level);
  if (isReviewOff === true) {
    const { requiresPullRequest, approvals, dismissesStale, lastPushApproval, codeOwners } = nothingRequired;
    return { requiresPullRequest, approvals, dismissesStale, lastPushApproval, codeOwners };
  }
  return {
    requiresPullRequest: isReviewOff === null ? null : true,
    approvals: rule.required_approving_review_count ?? null,
    dismissesStale: rule.dismiss_stale_reviews_on_push,
    // Servers that do not know this setting do not have it.
    lastPushApproval: rule.require_last_push_approval ?? false,
    codeOwners: rule.require_code_owner_review,
  };
}

type RestOfRules = 'requiredGates' | 'blocksForcePush' | 'blocksDeletion' | 'appliesToAdmins';

function requiredGates(rule: Rule, checks: readonly string[]): ObservedProtection['rules']['requiredGates'] {
  const isChecksOff = isOff(rule.required_status_checks_enforcement_level);
  if (isChecksOff === true) return [];
  const list = rule.required_status_checks;
  if (isChecksOff === null || list === null || list.unreadable + list.beyond > 0) return null;
  return checks.map((name) => ({ name, appId: null }));
}

/** Null where it is not told. */
function isOff(level: z.output<typeof Level>): boolean | null {
  return level ? level === 'off' : null;
}

/** `branch_protection_configuration`: all branch protection of a repository was switched off, or on again. */
export const readBranchProtectionConfiguration = repositoryReader(
  NothingElse.pipe(z.object({ action: z.enum(['enabled', 'disabled']) })),
  ({ action }, about) => [
    accessChange(about, {
      action: `branch_protection_configuration.${action}`,
      subject: about.repository.hostId,
      detail: {},
    }),
  ],
);
