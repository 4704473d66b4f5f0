/** -1: the risk may only fall as the value grows; 1: only rise; 0: either. */
export type Direction = -1 | 0 | 1;

/** A feature's values over all rows. */
export interface Column {
  readonly values: ArrayLike<number>;
  readonly direction: Direction;
}

export interface Rows {
  /** 0 or 1. */
  readonly labels: ArrayLike<number>;
  readonly weights: ArrayLike<number>;
  /** A small whole number each. Every group has its own base rate, so that the steps explain none of it. */
  readonly groups: ArrayLike<number>;
}

export interface FitOptions {
  readonly rounds: number;
  readonly learningRate: number;
  readonly l2: number;
  /** Least sum of row weights times p(1-p) on either side of a step. */
  readonly minHessian: number;
  readonly maxBins: number;
}

export interface AdditiveFit {
  /** Weighted mean of the groups' base logits. */
  readonly base: number;
  /** Per column: ascending thresholds, and a value in logits for each of the bins between them. */
  readonly shapes: readonly { readonly thresholds: readonly number[]; readonly logits: readonly number[] }[];
}

interface BinnedColumn {
  readonly thresholds: readonly number[];
  readonly bins: Uint8Array;
  readonly logits: Float64Array;
  readonly direction: Direction;
}

interface Step {
  readonly column: number;
  /** Rows of bins up to this one take `left`. */
  readonly cut: number;
  readonly left: number;
  readonly right: number;
  readonly gain: number;
}

/**
 * A sum of step functions, one per column, fitted to weighted labels by Newton boosting of stumps: each round takes the
 * one step of the greatest gain among those that keep their column's direction. The same input gives the same output.
 */
export function fitAdditive(columns: readonly Column[], rows: Rows, options: FitOptions): AdditiveFit {
  const binned = columns.map((column) => bin(column, rows.weights, options.maxBins));
  const state = startingState(rows);
  for (let round = 0; round < options.rounds; round += 1) {
    shiftGroups(state, rows);
    differentiate(state, rows);
    const step = bestStep(binned, state, options);
    if (step === undefined) break;
    take(step, binned, state.logits, options.learningRate);
  }
  return {
    base: groupMean(state.bases, rows),
    shapes: binned.map(({ thresholds, logits }) => ({ thresholds, logits: [...logits] })),
  };
}

export function sigmoid(logit: number): number {
  return 1 / (1 + Math.exp(-logit));
}

/** The bin of a value: how many thresholds it reaches. */
export function binOf(thresholds: readonly number[], value: number): number {
  let low = 0;
  let high = thresholds.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (value >= (thresholds[middle] ?? 0)) low = middle + 1;
    else high = middle;
  }
  return low;
}

interface State {
  /** Per row: the sum of its steps. */
  readonly logits: Float64Array;
  readonly gradients: Float64Array;
  readonly hessians: Float64Array;
  /** Per group. */
  readonly bases: Float64Array;
}

function startingState({ labels, groups }: Rows): State {
  const rows = labels.length;
  let last = 0;
  for (let row = 0; row < rows; row += 1) last = Math.max(last, groups[row] ?? 0);
  return {
    logits: new Float64Array(rows),
    gradients: new Float64Array(rows),
    hessians: new Float64Array(rows),
    bases: new Float64Array(last + 1),
  };
}

/** One Newton step of every group's base. */
function shiftGroups(state: State, rows: Rows): void {
  differentiate(state, rows);
  const gradient = new Float64Array(state.bases.length);
  const hessian = new Float64Array(state.bases.length);
  for (let row = 0; row < rows.labels.length; row += 1) {
    const group = rows.groups[row] ?? 0;
    gradient[group] = (gradient[group] ?? 0) + (state.gradients[row] ?? 0);
    hessian[group] = (hessian[group] ?? 0) + (state.hessians[row] ?? 0);
  }
  state.bases.forEach((base, group) => {
    // The 1 keeps a group of one class only from running to infinity.
    state.bases[group] = base - (gradient[group] ?? 0) / ((hessian[group] ?? 0) + 1);
  });
}

function differentiate(
  { logits, bases, gradients, hessians }: State,
  { labels, weights, groups }: Rows,
): void {
  for (let row = 0; row < logits.length; row += 1) {
    const p = sigmoid((logits[row] ?? 0) + (bases[groups[row] ?? 0] ?? 0));
    gradients[row] = (weights[row] ?? 0) * (p - (labels[row] ?? 0));
    hessians[row] = (weights[row] ?? 0) * p * (1 - p);
  }
}

function groupMean(bases: Float64Array, { weights, groups }: Rows): number {
  let sum = 0;
  let all = 0;
  for (let row = 0; row < groups.length; row += 1) {
    sum += (weights[row] ?? 0) * (bases[groups[row] ?? 0] ?? 0);
    all += weights[row] ?? 0;
  }
  return sum / all;
}

function bin(column: Column, weights: ArrayLike<number>, maxBins: number): BinnedColumn {
  const thresholds = quantileThresholds(column.values, weights, maxBins);
  const bins = Uint8Array.from(column.values, (value) => binOf(thresholds, value));
  return { thresholds, bins, logits: new Float64Array(thresholds.length + 1), direction: column.direction };
}

/** At most `maxBins - 1` observed values that part the weight as evenly as the ties allow. */
function quantileThresholds(
  values: ArrayLike<number>,
  weights: ArrayLike<number>,
  maxBins: number,
): readonly number[] {
  const order = Array.from(values, (_, at) => at).sort(
    (a, b) => (values[a] ?? 0) - (values[b] ?? 0) || a - b,
  );
  const step = order.reduce((sum, at) => sum + (weights[at] ?? 0), 0) / maxBins;
  const thresholds: number[] = [];
  let below = 0;
  let last = 0;
  let previous = values[order[0] ?? 0] ?? 0;
  for (const at of order) {
    const value = values[at] ?? 0;
    if (value !== previous && below - last >= step) {
      thresholds.push(value);
      last = below;
    }
    previous = value;
    below += weights[at] ?? 0;
  }
  return thresholds.slice(0, maxBins - 1);
}

function bestStep(columns: readonly BinnedColumn[], state: State, options: FitOptions): Step | undefined {
  let best: Step | undefined;
  columns.forEach((column, index) => {
    const step = bestCut(column, index, state, options);
    if (step !== undefined && step.gain > (best?.gain ?? 1e-9)) best = step;
  });
  return best;
}

function bestCut(
  column: BinnedColumn,
  index: number,
  state: State,
  { l2, minHessian }: FitOptions,
): Step | undefined {
  const { gradient, hessian, gradientSum, hessianSum } = sumsByBin(column, state);
  let best: Step | undefined;
  let leftGradient = 0;
  let leftHessian = 0;
  for (let cut = 0; cut + 1 < gradient.length; cut += 1) {
    leftGradient += gradient[cut] ?? 0;
    leftHessian += hessian[cut] ?? 0;
    const rightGradient = gradientSum - leftGradient;
    const rightHessian = hessianSum - leftHessian;
    const left = -leftGradient / (leftHessian + l2);
    const right = -rightGradient / (rightHessian + l2);
    const allowed =
      Math.min(leftHessian, rightHessian) >= minHessian && (right - left) * column.direction >= 0;
    if (!allowed) continue;
    const gain =
      leftGradient ** 2 / (leftHessian + l2) +
      rightGradient ** 2 / (rightHessian + l2) -
      gradientSum ** 2 / (hessianSum + l2);
    if (gain > (best?.gain ?? 0)) best = { column: index, cut, left, right, gain };
  }
  return best;
}

function sumsByBin(column: BinnedColumn, { gradients, hessians }: State) {
  const gradient = new Float64Array(column.logits.length);
  const hessian = new Float64Array(column.logits.length);
  for (let row = 0; row < column.bins.length; row += 1) {
    const at = column.bins[row] ?? 0;
    gradient[at] = (gradient[at] ?? 0) + (gradients[row] ?? 0);
    hessian[at] = (hessian[at] ?? 0) + (hessians[row] ?? 0);
  }
  return {
    gradient,
    hessian,
    gradientSum: gradient.reduce((sum, one) => sum + one, 0),
    hessianSum: hessian.reduce((sum, one) => sum + one, 0),
  };
}

function take(
  step: Step,
  columns: readonly BinnedColumn[],
  logits: Float64Array,
  learningRate: number,
): void {
  const column = columns[step.column];
  if (column === undefined) return;
  const left = step.left * learningRate;
  const right = step.right * learningRate;
  column.logits.forEach((logit, at) => {
    column.logits[at] = logit + (at <= step.cut ? left : right);
  });
  for (let row = 0; row < logits.length; row += 1) {
    logits[row] = (logits[row] ?? 0) + ((column.bins[row] ?? 0) <= step.cut ? left : right);
  }
}
