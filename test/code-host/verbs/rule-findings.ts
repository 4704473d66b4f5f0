import type { Kernel } from '../kernel.ts';
import type { Account, BranchProtection, PullRequest, Repository, Rule, RuleFailure } from '../model.ts';
import { atLeast, permissionOf } from '../permissions.ts';
import { latestRuns, latestStatuses } from '../views/checks.ts';
import { mayBypass, rulesetsOf } from './rules.ts';

interface Finding extends RuleFailure {
  readonly mayBypass: boolean;
}

/** What stands between the pull request and its merge, and what of that the actor may pass by. */
export function mergeFindings(
  kernel: Kernel,
  repository: Repository,
  pull: PullRequest,
  actor: Account,
): readonly Finding[] {
  const findings: Finding[] = [];
  for (const ruleset of rulesetsOf(kernel, repository, pull.baseRef)) {
    if (ruleset.content.enforcement !== 'active') continue;
    const source = { type: 'ruleset', id: ruleset.id, name: ruleset.content.name } as const;
    const bypass = mayBypass(kernel, repository, ruleset, actor, 'pull_request');
    for (const rule of ruleset.content.rules)
      for (const details of ruleProblems(kernel, repository, pull, rule))
        findings.push({ source, rule: rule.type, details, mayBypass: bypass });
  }
  const protection = repository.protections.get(pull.baseRef);
  if (!protection) return findings;
  const source = { type: 'protected_branch', id: protection.id, name: protection.branch } as const;
  const isAdmin = permissionOf(kernel, repository, actor) === 'admin';
  for (const rule of asRules(protection))
    for (const details of ruleProblems(kernel, repository, pull, rule))
      findings.push({ source, rule: rule.type, details, mayBypass: isAdmin && !protection.appliesToAdmins });
  return findings;
}

function asRules({ requiredChecks, reviews }: BranchProtection): readonly Rule[] {
  const checks = requiredChecks.map(({ context, appId }) => ({ context, integration_id: appId }));
  return [
    { type: 'required_status_checks', parameters: { required_status_checks: checks } },
    ...(reviews === null
      ? []
      : [{ type: 'pull_request', parameters: { required_approving_review_count: reviews.approvals } }]),
  ];
}

function ruleProblems(
  kernel: Kernel,
  repository: Repository,
  pull: PullRequest,
  rule: Rule,
): readonly string[] {
  if (rule.type === 'required_status_checks') {
    const wanted = (rule.parameters?.required_status_checks ?? []) as readonly {
      readonly context: string;
      readonly integration_id?: number | null;
    }[];
    return wanted
      .filter(
        ({ context, integration_id: appId }) => !passes(repository, pull.headSha, context, appId ?? null),
      )
      .map(({ context }) => `Required status check "${context}" is failing or expected.`);
  }
  if (rule.type === 'pull_request') return reviewProblems(kernel, repository, pull, rule);
  return [];
}

function reviewProblems(
  kernel: Kernel,
  repository: Repository,
  pull: PullRequest,
  rule: Rule,
): readonly string[] {
  const wanted = Number(rule.parameters?.required_approving_review_count ?? 0);
  const latest = [...decisions(kernel, repository, pull).values()];
  const approvals = latest.filter((state) => state === 'APPROVED').length;
  const problems: string[] = [];
  if (latest.includes('CHANGES_REQUESTED'))
    problems.push('Changes were requested by a reviewer with write access.');
  if (approvals < wanted)
    problems.push(`At least ${wanted} approving review is required by reviewers with write access.`);
  if (
    rule.parameters?.required_review_thread_resolution === true &&
    pull.threads.some(({ isResolved }) => !isResolved)
  )
    problems.push('A conversation must be resolved before this pull request can be merged.');
  return problems;
}

/** The last decision of each reviewer who may write; a comment takes none back. */
export function decisions(
  kernel: Kernel,
  repository: Repository,
  pull: PullRequest,
): ReadonlyMap<number, 'APPROVED' | 'CHANGES_REQUESTED'> {
  const latest = new Map<number, 'APPROVED' | 'CHANGES_REQUESTED'>();
  for (const { authorId, state } of pull.reviews) {
    if (!atLeast(permissionOf(kernel, repository, kernel.account(authorId)), 'write')) continue;
    if (state === 'DISMISSED') latest.delete(authorId);
    if (state === 'APPROVED' || state === 'CHANGES_REQUESTED') latest.set(authorId, state);
  }
  return latest;
}

function passes(repository: Repository, sha: string, context: string, appId: number | null): boolean {
  const runs = latestRuns(
    [...repository.checkRuns.values()].filter((run) => run.headSha === sha && run.name === context),
  );
  const named = runs.filter((run) => appId === null || run.appId === appId);
  const statuses =
    appId === null ? latestStatuses(repository, sha).filter((status) => status.context === context) : [];
  if (named.length + statuses.length === 0) return false;
  return (
    named.every(({ conclusion }) => ['success', 'neutral', 'skipped'].includes(conclusion ?? '')) &&
    statuses.every(({ state }) => state === 'success')
  );
}

/** Whether a pull request's approvals fall when its head moves. */
export function dismissesStale(kernel: Kernel, repository: Repository, branch: string): boolean {
  return (
    repository.protections.get(branch)?.reviews?.dismissesStale === true ||
    rulesetsOf(kernel, repository, branch).some(
      ({ content }) =>
        content.enforcement === 'active' &&
        content.rules.some(({ parameters }) => parameters?.dismiss_stale_reviews_on_push === true),
    )
  );
}
