export type RiskBand = 'low' | 'medium' | 'high' | 'critical';

export interface RiskFactor {
  /** Feature id of `features@1` (risk-model section 7). */
  readonly signal: string;
  readonly value: number;
  /** Thousandths of a logit, a whole number: summing them is exact on every machine. */
  readonly contribution: number;
  /** One sentence that a reviewer understands. */
  readonly because: string;
}

/** `base` + the factors' contributions = `logOdds`, exactly, in thousandths of a logit. */
export interface RiskAssessment {
  /** 0 to 100: the share of the reference population with a lower log-odds. A rank, not a probability. */
  readonly score: number;
  /** 0 to 1 from the model's stored table; see `calibrated`. */
  readonly probability: number;
  /** False until the model was calibrated on the organisation's own history. */
  readonly calibrated: boolean;
  readonly band: RiskBand;
  readonly base: number;
  readonly logOdds: number;
  /** `<name>@<first 12 hex digits of the model's SHA-256>`. */
  readonly modelVersion: string;
  /** Every factor of the model, largest absolute contribution first, ties by id. */
  readonly factors: readonly RiskFactor[];
}
