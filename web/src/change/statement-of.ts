import type { ChangeStatement } from '../../../src/core/evidence/change-evidence.ts';
import { statementMistake } from '../../../src/core/evidence/statement-form.ts';

/** The sealed statement of an answer, or why it cannot be shown. */
export function statementOf(value: unknown): {
  readonly statement?: ChangeStatement;
  readonly missing?: string;
} {
  if (value === null || value === undefined) {
    return { missing: 'Its content was erased, or it cannot be read. “Verify here” tells which.' };
  }
  const mistake = statementMistake(value);
  return mistake === undefined
    ? { statement: value as ChangeStatement }
    : { missing: `It is damaged: ${mistake}.` };
}
