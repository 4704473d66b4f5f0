import type { GateInput } from './gate-input.ts';
import { judgeApprovals } from './judge-approvals.ts';
import type { Judgement } from './judgement.ts';

/** `approvalsFrom: [team]`: somebody of the team, who took no part in the change, approved the head. */
export function approvalFrom(input: GateInput, team: string): Judgement {
  return judgeApprovals(input, { needed: 1, team });
}
