import { attributeChange } from '../core/attribution/attribute-change.ts';
import type { Attribution } from '../core/attribution/attribution.ts';
import type { ObservedChange } from '../core/change/observed-change.ts';
import type { RiskAssessment } from '../core/risk/risk-assessment.ts';
import { assess, type Scorecard } from '../core/risk/scorecard.ts';

export interface AssessedChange {
  readonly change: ObservedChange;
  readonly attribution: Attribution;
  readonly risk: RiskAssessment;
}

/** Attribution and risk of one observed change: a pure function of the change and the model. */
export function assessChange(change: ObservedChange, model: Scorecard): AssessedChange {
  return { change, attribution: attributeChange(change), risk: assess(change.features, model) };
}
