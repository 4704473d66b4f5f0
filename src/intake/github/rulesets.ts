import { z } from 'zod';
import type {
  BypassActor,
  ObservedProtection,
  ProtectionSource,
  RequiredGate,
} from '../../core/host/observation.ts';
import { accessChange } from './access.ts';
import { Id, listOf, Name, OptionalId, OptionalText, OptionalTime } from './payload.ts';
import { type About, itemsOf, observed, reader } from './reading.ts';

type Rules = ObservedProtection['rules'];

/** What a source that is gone asks for. */
export const nothingRequired: Rules = {
  requiresPullRequest: false,
  approvals: 0,
  dismissesStale: false,
  lastPushApproval: false,
  codeOwners: false,
  requiredGates: [],
  blocksForcePush: false,
  blocksDeletion: false,
  appliesToAdmins: false,
};

export const Rule = z.object({ type: Name, parameters: z.unknown().optional() });
export type Rule = z.output<typeof Rule>;

const Patterns = listOf(Name, 1_000);

const Ruleset = z.object({
  id: Id,
  name: Name,
  target: z.string().nullish(),
  source_type: z.enum(['Repository', 'Organization', 'Enterprise']).nullish(),
  enforcement: z.enum(['active', 'evaluate', 'disabled']),
  conditions: z.object({ ref_name: z.object({ include: Patterns, exclude: Patterns }).nullish() }).nullish(),
  rules: listOf(Rule, 200),
  bypass_actors: listOf(
    z.object({ actor_id: OptionalId, actor_type: Name, bypass_mode: OptionalText }),
    1_000,
  ),
  updated_at: OptionalTime,
  created_at: OptionalTime,
});
type Ruleset = z.output<typeof Ruleset>;

/**
 * `repository_ruleset`: one ruleset, of a repository or of an organisation. Those for tags and pushes, which hold no branch, tell
 * only that they changed.
 */
export const readRuleset = reader(
  z.object({ action: z.enum(['created', 'edited', 'deleted']), repository_ruleset: Ruleset }),
  ({ action, repository_ruleset: ruleset }, about) => {
    const times = action === 'deleted' ? [] : [ruleset.updated_at, ruleset.created_at];
    const source = sourceOf(ruleset, about);
    const target = ruleset.target ?? 'branch';
    if (target !== 'branch') {
      const subject = about.repository?.hostId ?? about.owner?.id ?? null;
      const detail = { ruleset: ruleset.id, name: ruleset.name, target, enforcement: ruleset.enforcement };
      return [accessChange(about, { action: `repository_ruleset.${action}`, subject, detail }, times)];
    }
    const bypass = ruleset.bypass_actors === null ? null : bypassOf(ruleset, about);
    const isDeleted = action === 'deleted';
    return [
      {
        schema: 'reentry.protection/1',
        ...observed(about, times),
        action: `repository_ruleset.${action}`,
        branch: null,
        source,
        rules: isDeleted ? nothingRequired : rulesOf(ruleset, bypass, about),
        enforcement: isDeleted ? null : ruleset.enforcement,
        bypass,
        sources: [ruleset.id],
      },
    ];
  },
);

function sourceOf({ id, name, source_type: type, conditions }: Ruleset, about: About): ProtectionSource {
  const refs = conditions?.ref_name;
  return {
    id,
    name,
    level: type === 'Organization' ? 'organization' : type === 'Enterprise' ? 'enterprise' : 'repository',
    include: itemsOf(about, refs?.include ?? null, 'conditions.ref_name.include'),
    exclude: itemsOf(about, refs?.exclude ?? null, 'conditions.ref_name.exclude'),
  };
}

function bypassOf(ruleset: Ruleset, about: About): readonly BypassActor[] {
  return itemsOf(about, ruleset.bypass_actors, 'repository_ruleset.bypass_actors').map((actor) => ({
    kind: actor.actor_type,
    id: actor.actor_id,
    mode: actor.bypass_mode ?? 'always',
  }));
}

const PullRequestRule = z.object({
  required_approving_review_count: z.int().nonnegative(),
  dismiss_stale_reviews_on_push: z.boolean(),
  require_code_owner_review: z.boolean(),
  require_last_push_approval: z.boolean(),
});

const StatusChecksRule = z.object({
  required_status_checks: z.array(z.object({ context: Name, integration_id: OptionalId })),
});

/** A rule that is there and cannot be read is not known; it is not "nothing required". */
function rulesOf(ruleset: Ruleset, bypass: readonly BypassActor[] | null, about: About): Rules {
  const list = ruleset.rules;
  if (list === null || list.unreadable > 0 || list.beyond > 0) {
    itemsOf(about, list, 'repository_ruleset.rules');
    return unknownRules;
  }
  const rules = list.items;
  return {
    ...reviewRules(rules.find(({ type }) => type === 'pull_request')),
    requiredGates: requiredGates(rules.find(({ type }) => type === 'required_status_checks')),
    blocksForcePush: rules.some(({ type }) => type === 'non_fast_forward'),
    blocksDeletion: rules.some(({ type }) => type === 'deletion'),
    appliesToAdmins: bypass === null ? null : !bypass.some(({ kind }) => administrators.has(kind)),
  };
}

/** A role may be the administrators' one; which it is only the host knows. */
export const administrators = new Set(['OrganizationAdmin', 'RepositoryRole']);

const unknownReviews = {
  approvals: null,
  dismissesStale: null,
  lastPushApproval: null,
  codeOwners: null,
} as const;

export const unknownRules: Rules = {
  requiresPullRequest: null,
  ...unknownReviews,
  requiredGates: null,
  blocksForcePush: null,
  blocksDeletion: null,
  appliesToAdmins: null,
};

export function reviewRules(rule: Rule | undefined) {
  const { requiresPullRequest, approvals, dismissesStale, lastPushApproval, codeOwners } = nothingRequired;
  if (rule === undefined)
    return { requiresPullRequest, approvals, dismissesStale, lastPushApproval, codeOwners };
  const parsed = PullRequestRule.safeParse(rule.parameters);
  if (!parsed.success) return { requiresPullRequest: true, ...unknownReviews };
  return {
    requiresPullRequest: true,
    approvals: parsed.data.required_approving_review_count,
    dismissesStale: parsed.data.dismiss_stale_reviews_on_push,
    lastPushApproval: parsed.data.require_last_push_approval,
    codeOwners: parsed.data.require_code_owner_review,
  };
}

export function requiredGates(rule: Rule | undefined): readonly RequiredGate[] | null {
  if (rule === undefined) return [];
  const parsed = StatusChecksRule.safeParse(rule.parameters);
  if (!parsed.success) return null;
  return parsed.data.required_status_checks.map(({ context, integration_id: appId }) => ({
    name: context,
    appId,
  }));
}
