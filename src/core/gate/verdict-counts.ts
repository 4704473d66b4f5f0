import type { ActorClass } from '../attribution/attribution.ts';
import type { RiskBand } from '../risk/risk-assessment.ts';
import type { Outcome } from './outcome.ts';
import type { Verdict } from './verdict.ts';

/** How many changes came to which outcome. */
export type OutcomeCounts = Readonly<Record<Exclude<Outcome, 'not_applicable'>, number>>;

export interface VerdictCounts {
  readonly changes: number;
  readonly outcomes: OutcomeCounts;
  /** Changes that no rule fits: nothing is asked of them, so they are among the satisfied ones. */
  readonly unmatched: number;
  /** By class and band, in the order of both; pairs without a change are left out. */
  readonly groups: readonly (OutcomeCounts & {
    readonly class: ActorClass;
    readonly band: RiskBand;
    readonly changes: number;
  })[];
  /** By rule and what it asks, in the order of the policy. */
  readonly requirements: readonly (OutcomeCounts & {
    readonly rule: string;
    readonly requirement: string;
    readonly subject: string | null;
    readonly changes: number;
  })[];
}

const classes: readonly ActorClass[] = ['ai', 'mixed', 'unknown', 'human'];
const bands: readonly RiskBand[] = ['critical', 'high', 'medium', 'low'];

/** Counts verdicts one by one; memory does not grow with their number. */
export class VerdictCounter {
  readonly #outcomes = new Tally();
  readonly #groups = new Map<string, Tally>();
  readonly #requirements = new Map<string, Tally>();
  readonly #rules: readonly string[];
  #unmatched = 0;

  /** @param rules Ids of the policy's rules, in its order. */
  constructor(rules: readonly string[]) {
    this.#rules = rules;
  }

  add(
    { outcome, matched, results }: Verdict,
    change: { readonly class: ActorClass; readonly band: RiskBand },
  ): void {
    this.#outcomes.add(outcome);
    tallyOf(this.#groups, `${change.class} ${change.band}`).add(outcome);
    if (matched.length === 0) this.#unmatched += 1;
    for (const { rule, requirement, subject = null, outcome: one } of results)
      if (one !== 'not_applicable')
        tallyOf(this.#requirements, JSON.stringify([rule, requirement, subject])).add(one);
  }

  get counts(): VerdictCounts {
    const { changes, counts: outcomes } = this.#outcomes;
    const groups = classes.flatMap((actorClass) =>
      bands.flatMap((band) => {
        const tally = this.#groups.get(`${actorClass} ${band}`);
        return tally === undefined
          ? []
          : [{ class: actorClass, band, changes: tally.changes, ...tally.counts }];
      }),
    );
    const requirements = [...this.#requirements]
      .map(([key, tally]) => {
        const [rule, requirement, subject] = JSON.parse(key) as [string, string, string | null];
        return { rule, requirement, subject, changes: tally.changes, ...tally.counts };
      })
      .toSorted((a, b) => this.#rules.indexOf(a.rule) - this.#rules.indexOf(b.rule));
    return { changes, outcomes, unmatched: this.#unmatched, groups, requirements };
  }
}

class Tally {
  #counts = { satisfied: 0, violated: 0, indeterminate: 0 };

  add(outcome: keyof OutcomeCounts): void {
    this.#counts[outcome] += 1;
  }

  get changes(): number {
    const { satisfied, violated, indeterminate } = this.#counts;
    return satisfied + violated + indeterminate;
  }

  get counts(): OutcomeCounts {
    return { ...this.#counts };
  }
}

function tallyOf(tallies: Map<string, Tally>, key: string): Tally {
  const known = tallies.get(key);
  if (known !== undefined) return known;
  const made = new Tally();
  tallies.set(key, made);
  return made;
}
