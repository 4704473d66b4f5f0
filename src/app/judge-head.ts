import type { AssessedHead } from '../core/evidence/assessed-head.ts';
import type { JudgedHead } from '../core/evidence/change-evidence.ts';
import { evaluatePolicy, verdictWithoutPolicy } from '../core/gate/evaluate-policy.ts';
import { type ParsedPolicy, parsePolicy } from '../core/gate/parse-policy.ts';
import { gateInput } from '../core/gate/told-input.ts';
import type { Verdict } from '../core/gate/verdict.ts';
import type { AssessedChange } from './assess-change.ts';

/** What the policy that was sealed with a head makes of it: a pure function of both. */
export function judgeHead(head: AssessedHead, { attribution, risk }: AssessedChange): JudgedHead {
  const input = gateInput(head.known, attribution, risk);
  return { head, input, verdict: verdictOf(head, input) };
}

function verdictOf({ policy }: AssessedHead, input: JudgedHead['input']): Verdict {
  if (policy.text === null)
    return verdictWithoutPolicy(
      policy.because ?? 'There is no policy.',
      `Add a policy as ${policy.path} to the branch ${input.targetBranch}; docs/policy.md has an example.`,
    );
  const parsed = parseOnce(policy.text);
  if (parsed.ok) return evaluatePolicy(input, parsed.policy);
  const [first] = parsed.mistakes;
  return verdictWithoutPolicy(
    `The policy in ${policy.path} of ${input.targetBranch} is not valid${first ? `: line ${first.line}: ${first.message}` : ''}.`,
    'Correct it on that branch: `reentry gate validate` names every mistake.',
  );
}

/** The same policy stands for most heads that are judged one after the other. */
let last: { readonly text: string; readonly parsed: ParsedPolicy } | undefined;

function parseOnce(text: string): ParsedPolicy {
  if (last?.text !== text) last = { text, parsed: parsePolicy(Buffer.from(text, 'utf8')) };
  return last.parsed;
}
