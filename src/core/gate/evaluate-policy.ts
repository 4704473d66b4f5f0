import { approvalFrom } from './approvals-from.ts';
import { attributionLevel } from './attribution-level.ts';
import { checkGate } from './check-gate.ts';
import { findOverride } from './find-override.ts';
import type { GateInput } from './gate-input.ts';
import { humanApprovals } from './human-approvals.ts';
import { indeterminate, type Judgement } from './judgement.ts';
import { matchRule } from './match-rule.ts';
import type { Policy, PolicyRule } from './policy.ts';
import { reportGate } from './report-gate.ts';
import { ticket } from './ticket.ts';
import type { RequirementResult, Verdict } from './verdict.ts';

/**
 * What the policy says of one head. Deterministic: nothing but the input and the policy is looked at. Every rule that fits
 * adds what it asks, none lifts what another one asks; a change that no rule fits is asked nothing.
 */
export function evaluatePolicy(input: GateInput, policy: Policy): Verdict {
  const matched = policy.rules.flatMap((rule) => {
    const { applies, because } = matchRule(rule, input, policy.tiers);
    return applies ? [{ rule, because }] : [];
  });
  const results = matched.flatMap(({ rule, because }) => judgeRule(input, policy, rule, because));
  const blocking = results.filter(isBlocking);
  return {
    outcome: outcomeOf(blocking),
    pending: blocking.length > 0 && blocking.every(({ pending }) => pending),
    policyDigest: policy.digest,
    matched: matched.map(({ rule }) => rule.id),
    results,
  };
}

/** Where there is no policy that can be read, nothing passes: missing is never satisfied (design rule 3). */
export function verdictWithoutPolicy(because: string, todo: string): Verdict {
  const result = { rule: '', requirement: 'policy', ...indeterminate({ because: [because], todo: [todo] }) };
  return { outcome: 'indeterminate', pending: false, policyDigest: null, matched: [], results: [result] };
}

function outcomeOf(blocking: readonly RequirementResult[]): Verdict['outcome'] {
  if (blocking.length === 0) return 'satisfied';
  return blocking.some(({ outcome }) => outcome === 'violated') ? 'violated' : 'indeterminate';
}

/** Whether it stands in the way of a merge. */
export function isBlocking({ outcome, override }: RequirementResult): boolean {
  return override === undefined && (outcome === 'violated' || outcome === 'indeterminate');
}

function judgeRule(
  input: GateInput,
  policy: Policy,
  rule: PolicyRule,
  applies: readonly string[],
): readonly RequirementResult[] {
  const { override, remarks } = findOverride(input, rule.id);
  return requirementsOf(input, policy, rule).map(({ requirement, subject, judgement }) => {
    const blocks = judgement.outcome !== 'satisfied';
    return {
      rule: rule.id,
      requirement,
      ...(subject === undefined ? {} : { subject }),
      ...judgement,
      because: [...judgement.because, ...applies, ...(blocks ? remarks : [])],
      todo: blocks ? [...judgement.todo, ...emergencyTodo(input, policy)] : judgement.todo,
      ...(blocks && override !== undefined ? { override } : {}),
    };
  });
}

interface Judged {
  readonly requirement: string;
  readonly subject?: string;
  readonly judgement: Judgement;
}

/** Always in this order, whatever the file's. */
function requirementsOf(input: GateInput, policy: Policy, { require }: PolicyRule): readonly Judged[] {
  const judged: Judged[] = [];
  if (require.humanApprovals !== undefined)
    judged.push({ requirement: 'humanApprovals', judgement: humanApprovals(input, require.humanApprovals) });
  for (const team of require.approvalsFrom ?? [])
    judged.push({ requirement: 'approvalsFrom', subject: team, judgement: approvalFrom(input, team) });
  for (const name of require.gates ?? [])
    judged.push({ requirement: 'gates', subject: name, judgement: judgeGate(input, policy, name) });
  if (require.attributionLevel !== undefined)
    judged.push({
      requirement: 'attributionLevel',
      judgement: attributionLevel(input, require.attributionLevel),
    });
  if (require.ticket === true) judged.push({ requirement: 'ticket', judgement: ticket(input) });
  return judged;
}

function judgeGate(input: GateInput, policy: Policy, name: string): Judgement {
  const gate = policy.gates.find((one) => one.name === name);
  switch (gate?.kind) {
    case 'check':
      return checkGate(input, gate);
    case 'report':
      return reportGate(input, gate);
    case undefined:
      return indeterminate({ because: [`The policy does not say what the gate ${name} is.`], todo: [] });
  }
}

/** The label lifts nothing by itself: anybody who may label could be the one whom the rule is about. */
function emergencyTodo({ labels, mergedAt }: GateInput, { emergency }: Policy): readonly string[] {
  if (emergency === null || mergedAt !== null || labels?.includes(emergency.label) !== true) return [];
  const { approvers, reviewWithinHours } = emergency;
  return [
    `Emergency: ${approvers.join(', ')} can lift the rule by an override with a reason; review within ${reviewWithinHours} hours.`,
  ];
}
