import type { GateInput, GateOutcome } from './gate-input.ts';
import { indeterminate, type Judgement, momentOf, satisfied, shortSha, violated } from './judgement.ts';
import type { CheckGate } from './policy.ts';
import { notAnyMore, runsOfGate } from './runs-of-gate.ts';

/** A check that the app which it is bound to has to report as `success` on the head; nothing else is success. */
export function checkGate(input: GateInput, { check, app }: Pick<CheckGate, 'check' | 'app'>): Judgement {
  const what = `The check ${check}`;
  const runs = runsOfGate(input, {
    what,
    app,
    fits: ({ name, kind }) => name === check && kind !== 'report',
  });
  if (runs.kind === 'none') return runs.judgement;
  const { deciding, remarks } = runs;
  const failed = deciding.find(({ conclusion }) => conclusion !== 'success' && conclusion !== 'pending');
  const waiting = deciding.find(({ conclusion }) => conclusion === 'pending');
  const open = input.mergedAt === null;
  if (failed !== undefined) {
    const because = [
      `${what} ended as \`${failed.conclusion}\`${isNoResult(failed) ? ', which is no success' : ''}.`,
      ...remarks,
    ];
    return violated({ because, todo: [open ? `Make ${check} succeed on the head.` : notAnyMore] });
  }
  if (waiting !== undefined) {
    if (open)
      return indeterminate({ because: [`${what} has not ended yet.`, ...remarks], todo: [], pending: true });
    return violated({ because: [`${what} had not ended at the merge.`, ...remarks], todo: [notAnyMore] });
  }
  if (!open && deciding.some(({ completedAt }) => momentOf(completedAt) === null)) {
    const because = [`${what} succeeded, but whether before the merge is not known.`, ...remarks];
    return indeterminate({ because, todo: [] });
  }
  return satisfied([`${what} succeeded on ${shortSha(input.headSha)}, reported by ${app}.`, ...remarks]);
}

function isNoResult({ conclusion }: GateOutcome): boolean {
  return conclusion === 'neutral' || conclusion === 'skipped';
}
