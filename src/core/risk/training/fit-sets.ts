import { type AdditiveFit, binOf, type Direction, type FitOptions, fitAdditive } from './fit-additive.ts';
import { type TrainingSet, valuesOf } from './training-set.ts';

export interface FitSetsOptions extends FitOptions {
  /** No repository counts for more changes than this, however many it has. */
  readonly effectiveRows: number;
  /** Each repository's history is cut into so many parts with a base rate of their own: base rates drift. */
  readonly periods: number;
}

/** Chosen once on the leave-one-repository-out folds; ties went to the smoother model. */
export const fitOptions: FitSetsOptions = {
  rounds: 150,
  learningRate: 0.1,
  l2: 5,
  minHessian: 8,
  maxBins: 48,
  effectiveRows: 2_000,
  periods: 8,
};

export type Features = ReadonlyMap<string, Direction>;

/** One additive model over all sets together. */
export function fitSets(
  sets: readonly TrainingSet[],
  features: Features,
  options: FitSetsOptions,
): AdditiveFit {
  const columns = [...features].map(([feature, direction]) => ({
    values: joined(sets.map((set) => valuesOf(set, feature))),
    direction,
  }));
  const rows = {
    labels: joined(sets.map(({ labels }) => labels)),
    weights: joined(sets.map((set) => rowWeights(set, options.effectiveRows))),
    groups: joined(sets.map((set, at) => periodsOf(set, at, options.periods))),
  };
  return fitAdditive(columns, rows, options);
}

/** The model's logit of every row of a set. */
export function logitsOf(fit: AdditiveFit, features: Features, set: TrainingSet): readonly number[] {
  const logits = new Array<number>(set.rows).fill(fit.base);
  [...features.keys()].forEach((feature, column) => {
    const shape = fit.shapes[column];
    if (shape === undefined) return;
    valuesOf(set, feature).forEach((value, row) => {
      logits[row] = (logits[row] ?? 0) + (shape.logits[binOf(shape.thresholds, value)] ?? 0);
    });
  });
  return logits;
}

function rowWeights(set: TrainingSet, effectiveRows: number): Float64Array {
  return new Float64Array(set.rows).fill(Math.min(1, effectiveRows / set.rows));
}

function periodsOf(set: TrainingSet, at: number, periods: number): Float64Array {
  return Float64Array.from(
    { length: set.rows },
    (_, row) => at * periods + Math.floor((row * periods) / set.rows),
  );
}

function joined(parts: readonly ArrayLike<number>[]): Float64Array {
  return Float64Array.from(parts.flatMap((part) => Array.from(part)));
}
