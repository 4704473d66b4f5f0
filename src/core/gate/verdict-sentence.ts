import { isBlocking } from './evaluate-policy.ts';
import type { Verdict } from './verdict.ts';

/** What a person wants to read first. */
export function verdictSentence({ outcome, pending, results, matched }: Verdict): string {
  const blocking = results.filter(isBlocking);
  if (blocking.length === 0)
    return matched.length === 0
      ? 'No rule of the policy asks anything of this change.'
      : 'Everything that the policy asks is there.';
  const first = blocking[0]?.because[0] ?? '';
  const more = blocking.length > 1 ? ` And ${blocking.length - 1} more.` : '';
  const lead = pending ? 'Not yet: ' : outcome === 'violated' ? 'Blocked: ' : 'Nobody can tell: ';
  return `${lead}${first}${more}`;
}
