import type { GateInput } from './gate-input.ts';
import { judgeApprovals } from './judge-approvals.ts';
import type { Judgement } from './judgement.ts';

/** `humanApprovals: n`: that many people who took no part in the change approved the head. */
export function humanApprovals(input: GateInput, needed: number): Judgement {
  return judgeApprovals(input, { needed, team: null });
}
