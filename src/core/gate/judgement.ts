import type { RequirementResult } from './verdict.ts';

/** What one requirement comes to, before it is known which rule asked for it. */
export type Judgement = Pick<RequirementResult, 'outcome' | 'pending' | 'because' | 'todo'>;

export function satisfied(because: readonly string[]): Judgement {
  return { outcome: 'satisfied', pending: false, because: few(because), todo: [] };
}

export function violated({ because, todo, pending = false }: Blocked): Judgement {
  return { outcome: 'violated', pending, because: few(because), todo };
}

export function indeterminate({ because, todo, pending = false }: Blocked): Judgement {
  return { outcome: 'indeterminate', pending, because: few(because), todo };
}

interface Blocked {
  readonly because: readonly string[];
  readonly todo: readonly string[];
  readonly pending?: boolean;
}

const sentencesKept = 25;

function few(sentences: readonly string[]): readonly string[] {
  if (sentences.length <= sentencesKept) return sentences;
  return [...sentences.slice(0, sentencesKept), `And ${sentences.length - sentencesKept} more.`];
}

/** Unix milliseconds of an RFC 3339 time; null for anything else, a time without zone too: it would mean what the machine likes. */
export function momentOf(time: string | null): number | null {
  if (time === null || !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(time)) return null;
  const moment = Date.parse(time);
  return Number.isNaN(moment) ? null : moment;
}

/** A commit as sentences name it. */
export function shortSha(sha: string): string {
  return sha.slice(0, 12);
}
