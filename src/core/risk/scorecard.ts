import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import { z } from 'zod';
import { explainedSignals, sentenceOf } from './factor-sentences.ts';
import type { RiskAssessment, RiskBand, RiskFactor } from './risk-assessment.ts';

const ascending = (numbers: readonly number[]) =>
  numbers.every((number, at) => at === 0 || (numbers[at - 1] ?? 0) < number);
const notFalling = (numbers: readonly number[]) =>
  numbers.every((number, at) => at === 0 || (numbers[at - 1] ?? 0) <= number);
const milliLogits = z.int().min(-100_000).max(100_000);

interface StepFunction {
  readonly thresholds: readonly number[];
  readonly points: readonly number[];
}

/** One feature's step function, in thousandths of a logit relative to the reference value's bin. */
const factorSchema = z
  .strictObject({
    signal: z.string().refine((signal) => explainedSignals.has(signal), 'no sentence explains this signal'),
    direction: z.enum(['rising', 'falling', 'free']),
    /** Median of the reference population. */
    reference: z.number(),
    /** A value belongs to the bin after every threshold that it reaches. */
    thresholds: z.array(z.number()).max(47).refine(ascending, 'thresholds must ascend'),
    points: z.array(milliLogits).min(1),
  })
  .refine(({ thresholds, points }) => points.length === thresholds.length + 1, 'one bin more than thresholds')
  .refine((factor) => pointsOf(factor, factor.reference) === 0, 'the reference bin must have no points')
  .refine(keepsDirection, 'the points leave their direction');

/** How and from what the model was made; nothing of it changes a score. */
const trainingSchema = z.strictObject({
  method: z.string(),
  labels: z.string(),
  licence: z.string(),
  options: z.record(z.string(), z.number()),
  files: z.array(
    z.strictObject({ name: z.string(), sha256: z.hex().length(64), rows: z.int(), positives: z.int() }),
  ),
  protocol: z.string(),
  evaluation: z.array(
    z.strictObject({
      repository: z.string(),
      model: z.string(),
      rows: z.int(),
      baseRate: z.number(),
      metrics: z.record(z.string(), z.number()),
    }),
  ),
});

const scorecardSchema = z.strictObject({
  schema: z.literal('reentry.scorecard/1'),
  name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/),
  featureSpec: z.string(),
  /** Log-odds of a change that has the reference value of every factor. */
  base: milliLogits,
  factors: z
    .array(factorSchema)
    .min(1)
    .refine((all) => new Set(all.map(({ signal }) => signal)).size === all.length, 'a signal comes twice'),
  /** Entry n - 1: the least log-odds that n percent of the reference population lie below. */
  ranks: z.array(z.int()).length(100).refine(notFalling, 'ranks must not fall'),
  /** Probability in ten-thousandths of each step of log-odds; below and above, the first and the last entry. */
  probability: z.strictObject({
    from: z.int(),
    step: z.int().min(1),
    tenThousandths: z
      .array(z.int().min(0).max(10_000))
      .min(1)
      .refine(notFalling, 'probabilities must not fall'),
  }),
  /** The probabilities come from the organisation's own history. */
  calibrated: z.boolean(),
  training: trainingSchema,
});

export type ScorecardFactor = z.infer<typeof factorSchema>;
export type ScorecardContent = z.infer<typeof scorecardSchema>;

/** A checked model; `version` is `<name>@<first 12 hex digits of the SHA-256 of its RFC 8785 JSON>`. */
export type Scorecard = ScorecardContent & { readonly version: string };

/** The model in `json`. Throws a ZodError that names what is wrong: unknown keys are refused. */
export function parseScorecard(json: unknown): Scorecard {
  const content = scorecardSchema.parse(json);
  const digest = createHash('sha256')
    .update(canonicalize(content) ?? '')
    .digest('hex');
  return { ...content, version: `${content.name}@${digest.slice(0, 12)}` };
}

/**
 * The risk of a change with these features: a sum of whole numbers, the same on every machine. A feature that is missing
 * or not finite counts as the reference value (no contribution) and its sentence says so; it never becomes NaN.
 */
export function assess(features: Readonly<Record<string, number>>, model: Scorecard): RiskAssessment {
  const factors = model.factors.map((factor) => riskFactor(factor, features)).sort(byWeight);
  const logOdds = factors.reduce((sum, { contribution }) => sum + contribution, model.base);
  const score = model.ranks.filter((rank) => rank <= logOdds).length;
  return {
    score,
    probability: probabilityOf(logOdds, model),
    calibrated: model.calibrated,
    band: bandOf(score),
    base: model.base,
    logOdds,
    modelVersion: model.version,
    factors,
  };
}

function riskFactor(factor: ScorecardFactor, features: Readonly<Record<string, number>>): RiskFactor {
  const { signal, reference } = factor;
  const given = Object.hasOwn(features, signal) ? features[signal] : undefined;
  const value = Number.isFinite(given) ? given : undefined;
  const contribution = value === undefined ? 0 : pointsOf(factor, value);
  return {
    signal,
    value: value ?? reference,
    contribution,
    because: sentenceOf({ signal, value, reference, contribution }),
  };
}

function pointsOf({ thresholds, points }: StepFunction, value: number): number {
  const bin = thresholds.findIndex((threshold) => value < threshold);
  return points[bin === -1 ? thresholds.length : bin] ?? 0;
}

function byWeight(a: RiskFactor, b: RiskFactor): number {
  return Math.abs(b.contribution) - Math.abs(a.contribution) || (a.signal < b.signal ? -1 : 1);
}

function probabilityOf(logOdds: number, { probability: { from, step, tenThousandths } }: Scorecard): number {
  const at = Math.floor((logOdds - from) / step);
  return (tenThousandths[Math.min(Math.max(at, 0), tenThousandths.length - 1)] ?? 0) / 10_000;
}

/** Bands are ranks in the reference population: its upper half, fifth and twentieth are set apart. */
function bandOf(score: number): RiskBand {
  if (score >= 95) return 'critical';
  if (score >= 80) return 'high';
  return score >= 50 ? 'medium' : 'low';
}

function keepsDirection({ direction, points }: StepFunction & { readonly direction: string }): boolean {
  if (direction === 'free') return true;
  return notFalling(direction === 'rising' ? points : points.toReversed());
}
