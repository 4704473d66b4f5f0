import type { GateInput, Override } from './gate-input.ts';
import { momentOf } from './judgement.ts';

export interface FoundOverride {
  /** Id of the record that lifts the rule; undefined where none does. */
  readonly override?: string;
  /** Sentences: why other records of the rule lift nothing. */
  readonly remarks: readonly string[];
}

/** The override that lifts what a rule asks: with a reason, approved by a second person before, and not over yet. */
export function findOverride(
  {
    overrides,
    participants,
    at,
    mergedAt,
  }: Pick<GateInput, 'overrides' | 'participants' | 'at' | 'mergedAt'>,
  rule: string,
): FoundOverride {
  // What was decided at the merge stays decided: a record that ends later, or is made later, changes nothing.
  const moment = momentOf(mergedAt ?? at);
  const names = participants.flatMap(({ account, name }) => (account === null ? [name] : [account, name]));
  const involved = new Set(names.map(asWritten));
  const judged = overrides
    .filter((override) => override.rule === rule)
    .map((override) => ({ id: override.id, refused: whyRefused(override, moment, involved) }));
  const valid = judged.find(({ refused }) => refused === undefined);
  return {
    ...(valid === undefined ? {} : { override: valid.id }),
    remarks: judged.flatMap(({ id, refused }) =>
      refused === undefined ? [] : [`The override ${id} lifts nothing: ${refused}.`],
    ),
  };
}

function whyRefused(
  override: Override,
  moment: number | null,
  involved: ReadonlySet<string>,
): string | undefined {
  const { requestedBy, approvedBy, reason, approvedAt, expiresAt } = override;
  if (reason.trim() === '') return 'it gives no reason';
  if (asWritten(requestedBy) === '' || asWritten(approvedBy) === '') return 'it does not name two people';
  if (asWritten(requestedBy) === asWritten(approvedBy)) return 'whoever asked for it approved it';
  if (involved.has(asWritten(approvedBy))) return 'it was approved by somebody who took part in the change';
  const [approved, expires] = [momentOf(approvedAt), momentOf(expiresAt)];
  if (moment === null || approved === null || expires === null) return 'its times cannot be compared';
  if (approved > moment) return 'it was approved too late';
  return expires > moment ? undefined : `it ended at ${expiresAt}`;
}

function asWritten(name: string): string {
  return name.trim().normalize('NFKC').toLowerCase();
}
