/** Scores and what happened; index by index. */
export interface Scored {
  readonly scores: readonly number[];
  readonly labels: readonly boolean[];
}

/** Area under the ROC curve; ties count half. NaN where one class is absent. */
export function areaUnderCurve({ scores, labels }: Scored): number {
  const order = scores.map((_, at) => at).sort((a, b) => (scores[a] ?? 0) - (scores[b] ?? 0));
  let positives = 0;
  let rankSum = 0;
  for (let from = 0; from < order.length; ) {
    const score = scores[order[from] ?? 0];
    let to = from;
    let tied = 0;
    while (to < order.length && scores[order[to] ?? 0] === score) {
      if (labels[order[to] ?? 0]) tied += 1;
      to += 1;
    }
    rankSum += tied * ((from + to + 1) / 2);
    positives += tied;
    from = to;
  }
  const negatives = order.length - positives;
  return (rankSum - (positives * (positives + 1)) / 2) / (positives * negatives);
}

/**
 * AUC inside each of `strata` groups of equal count by `sizes`, averaged by the pairs that each group compares: what is
 * left of a score once size alone is taken away.
 */
export function stratifiedAuc(scored: Scored, sizes: readonly number[], strata = 10): number {
  const order = sizes.map((_, at) => at).sort((a, b) => (sizes[a] ?? 0) - (sizes[b] ?? 0) || a - b);
  let sum = 0;
  let weight = 0;
  for (let stratum = 0; stratum < strata; stratum += 1) {
    const from = Math.floor((stratum * order.length) / strata);
    const members = order.slice(from, Math.floor(((stratum + 1) * order.length) / strata));
    const labels = members.map((at) => scored.labels[at] === true);
    const positives = labels.filter(Boolean).length;
    const pairs = positives * (labels.length - positives);
    if (pairs === 0) continue;
    sum += pairs * areaUnderCurve({ scores: members.map((at) => scored.scores[at] ?? 0), labels });
    weight += pairs;
  }
  return sum / weight;
}

/** Mean precision over the positives, highest scores first; ties in the given order. */
export function precisionRecallArea({ scores, labels }: Scored): number {
  const order = scores.map((_, at) => at).sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0) || a - b);
  let found = 0;
  let sum = 0;
  order.forEach((at, rank) => {
    if (!labels[at]) return;
    found += 1;
    sum += found / (rank + 1);
  });
  return sum / found;
}

/** Share of the positives among the `share` highest scores. */
export function caughtAt({ scores, labels }: Scored, share: number): number {
  const order = scores.map((_, at) => at).sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0) || a - b);
  const top = order.slice(0, Math.round(order.length * share));
  return top.filter((at) => labels[at]).length / labels.filter(Boolean).length;
}

/** Expected calibration error over `bins` bins of equal count; scores are probabilities. */
export function calibrationError({ scores, labels }: Scored, bins = 10): number {
  const order = scores.map((_, at) => at).sort((a, b) => (scores[a] ?? 0) - (scores[b] ?? 0) || a - b);
  let error = 0;
  for (let bin = 0; bin < bins; bin += 1) {
    const from = Math.floor((bin * order.length) / bins);
    const members = order.slice(from, Math.floor(((bin + 1) * order.length) / bins));
    const expected = members.reduce((sum, at) => sum + (scores[at] ?? 0), 0);
    const seen = members.filter((at) => labels[at]).length;
    error += Math.abs(expected - seen);
  }
  return error / order.length;
}

/** Brier skill against always saying the base rate of these very labels: 0 is no better, 1 is perfect. */
export function brierSkill({ scores, labels }: Scored): number {
  const base = labels.filter(Boolean).length / labels.length;
  const error = scores.reduce((sum, score, at) => sum + (score - Number(labels[at] === true)) ** 2, 0);
  return 1 - error / labels.length / (base * (1 - base));
}
