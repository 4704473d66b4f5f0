import type { ScorecardContent, ScorecardFactor } from '../scorecard.ts';
import { type AdditiveFit, binOf, type Direction, sigmoid } from './fit-additive.ts';
import type { Features } from './fit-sets.ts';
import { type TrainingSet, valuesOf } from './training-set.ts';

/**
 * The fit in whole thousandths of a logit, each factor relative to the bin of the reference population's median. The
 * reference population are the sets' changes that no bot made, every repository counting the same.
 */
export function toScorecard(
  fit: AdditiveFit,
  features: Features,
  sets: readonly TrainingSet[],
): Pick<ScorecardContent, 'base' | 'factors' | 'ranks' | 'probability'> {
  const population = sets.flatMap((set) => {
    const rows = Array.from(set.bots, (bot, row) => (bot === 0 ? row : -1)).filter((row) => row >= 0);
    return rows.map((row) => ({ set, row, weight: 1 / rows.length }));
  });
  let base = fit.base * 1_000;
  const all = [...features].map(([signal, direction], column): ScorecardFactor => {
    const { thresholds, logits } = fit.shapes[column] ?? { thresholds: [], logits: [0] };
    const reference = weightedQuantile(
      population.map(({ set, row, weight }) => [valuesOf(set, signal)[row] ?? 0, weight]),
      0.5,
    );
    const origin = logits[binOf(thresholds, reference)] ?? 0;
    base += origin * 1_000;
    const points = logits.map((logit) => Math.round((logit - origin) * 1_000) + 0);
    return merged({
      signal,
      direction: directionName(direction),
      reference,
      thresholds: [...thresholds],
      points,
    });
  });
  const factors = all.filter(({ points }) => points.some((point) => point !== 0));
  const wholeBase = Math.round(base);
  const logOdds = population.map(({ set, row, weight }): readonly [number, number] => [
    factors.reduce(
      (sum, { signal, thresholds, points }) =>
        sum + (points[binOf(thresholds, valuesOf(set, signal)[row] ?? 0)] ?? 0),
      wholeBase,
    ),
    weight,
  ]);
  return { base: wholeBase, factors, ranks: ranksOf(logOdds), probability: probabilityTable() };
}

/** Bins of equal points become one. */
function merged(factor: ScorecardFactor): ScorecardFactor {
  const kept = factor.thresholds.flatMap((_, at) =>
    factor.points[at] === factor.points[at + 1] ? [] : [at],
  );
  return {
    ...factor,
    thresholds: kept.map((at) => factor.thresholds[at] ?? 0),
    points: [factor.points[0] ?? 0, ...kept.map((at) => factor.points[at + 1] ?? 0)],
  };
}

/** For n = 1 to 100: the least whole log-odds that n percent of the weight lie below. */
function ranksOf(logOdds: readonly (readonly [value: number, weight: number])[]): number[] {
  const sorted = logOdds.toSorted((a, b) => a[0] - b[0]);
  const whole = sorted.reduce((sum, [, weight]) => sum + weight, 0);
  const ranks: number[] = [];
  let below = 0;
  for (const [value, weight] of sorted) {
    below += weight;
    // The last value ends at exactly all of the weight; a hair of tolerance keeps rounding from losing that entry.
    while (ranks.length < 100 && below >= (whole * (ranks.length + 1)) / 100 - 1e-9) ranks.push(value + 1);
  }
  return ranks;
}

/** The logistic function in steps of 0.05 logits, each step by its middle. */
function probabilityTable(): ScorecardContent['probability'] {
  const from = -7_000;
  const step = 50;
  const tenThousandths = Array.from({ length: 240 }, (_, at) =>
    Math.round(10_000 * sigmoid((from + step * (at + 0.5)) / 1_000)),
  );
  return { from, step, tenThousandths };
}

function weightedQuantile(
  values: readonly (readonly [value: number, weight: number])[],
  share: number,
): number {
  const sorted = values.toSorted((a, b) => a[0] - b[0]);
  const whole = sorted.reduce((sum, [, weight]) => sum + weight, 0);
  let below = 0;
  for (const [value, weight] of sorted) {
    below += weight;
    if (below >= whole * share) return value;
  }
  return sorted.at(-1)?.[0] ?? 0;
}

function directionName(direction: Direction): ScorecardFactor['direction'] {
  if (direction === 0) return 'free';
  return direction > 0 ? 'rising' : 'falling';
}
