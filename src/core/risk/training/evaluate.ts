import { sigmoid } from './fit-additive.ts';
import { type FitSetsOptions, fitSets, logitsOf } from './fit-sets.ts';
import {
  areaUnderCurve,
  brierSkill,
  calibrationError,
  caughtAt,
  precisionRecallArea,
  stratifiedAuc,
} from './metrics.ts';
import { kameiFeatures, scoredFeatures } from './scored-features.ts';
import { type TrainingSet, valuesOf } from './training-set.ts';

/** How one model did on the newest part of one repository that it was not trained on. */
export interface Evaluation {
  readonly repository: string;
  readonly model: string;
  readonly rows: number;
  readonly baseRate: number;
  readonly metrics: Readonly<Record<string, number>>;
}

const testShare = 0.3;
const resamples = 200;

/**
 * Leave one repository out: each is scored by models trained on all the others, on its newest 30 % of changes. The two
 * single-number baselines need no training.
 */
export function evaluateUnseen(sets: readonly TrainingSet[], options: FitSetsOptions): readonly Evaluation[] {
  return sets.flatMap((set) => {
    const others = sets.filter((other) => other !== set);
    const trained = [
      ['additive', scoredFeatures],
      ['kamei14', kameiFeatures],
    ] as const;
    return [
      ...trained.map(([model, features]) =>
        evaluation(model, set, logitsOf(fitSets(others, features, options), features, set), true),
      ),
      evaluation('src_la', set, [...valuesOf(set, 'src_la')], false),
      evaluation('la', set, [...valuesOf(set, 'la')], false),
    ];
  });
}

function evaluation(
  model: string,
  set: TrainingSet,
  allScores: readonly number[],
  areLogits: boolean,
): Evaluation {
  const from = Math.floor(set.rows * (1 - testShare));
  const labels = Array.from(set.labels.subarray(from), (label) => label === 1);
  const scores = allScores.slice(from);
  const scored = { scores, labels };
  const probabilities = { scores: scores.map(sigmoid), labels };
  const sizes = [...valuesOf(set, 'src_la').subarray(from)];
  const [low, high] = interval(scores, labels);
  const metrics = {
    auc: areaUnderCurve(scored),
    aucLow: low,
    aucHigh: high,
    sizeStratifiedAuc: stratifiedAuc(scored, sizes),
    precisionRecall: precisionRecallArea(scored),
    caughtIn10: caughtAt(scored, 0.1),
    ...(areLogits
      ? { brierSkill: brierSkill(probabilities), calibrationError: calibrationError(probabilities) }
      : {}),
  };
  return {
    repository: set.name,
    model,
    rows: labels.length,
    baseRate: rounded(labels.filter(Boolean).length / labels.length),
    metrics: Object.fromEntries(Object.entries(metrics).map(([name, value]) => [name, rounded(value)])),
  };
}

/** 95 % bootstrap interval of the AUC; its dice are a fixed sequence, so that it repeats. */
function interval(scores: readonly number[], labels: readonly boolean[]): readonly [number, number] {
  let state = 1;
  const draw = (below: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  const areas = Array.from({ length: resamples }, () => {
    const rows = Array.from(scores, () => draw(scores.length));
    return areaUnderCurve({
      scores: rows.map((row) => scores[row] ?? 0),
      labels: rows.map((row) => labels[row] === true),
    });
  }).sort((a, b) => a - b);
  return [areas[Math.floor(resamples * 0.025)] ?? 0, areas[Math.ceil(resamples * 0.975) - 1] ?? 0];
}

function rounded(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}
