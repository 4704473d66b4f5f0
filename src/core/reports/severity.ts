import type { FindingSeverity } from './report-summary.ts';

/**
 * Severity of a CVSS score, as GitHub code scanning reads `security-severity`: from 9.0 on critical, 7.0 high, 4.0 medium, else
 * low. Undefined for what is no score from 0 to 10.
 */
export function severityOfScore(score: unknown): FindingSeverity | undefined {
  const text = typeof score === 'number' ? String(score) : score;
  if (typeof text !== 'string' || !/^\s*\d{1,2}(\.\d{1,6})?\s*$/.test(text)) return undefined;
  const value = Number(text);
  if (value > 10) return undefined;
  if (value >= 9) return 'critical';
  if (value >= 7) return 'high';
  return value >= 4 ? 'medium' : 'low';
}

/** Severity of a SARIF level (2.1.0 section 3.27.10); undefined for what is none. */
export function severityOfLevel(level: unknown): FindingSeverity | undefined {
  switch (level) {
    case 'error':
      return 'high';
    case 'warning':
      return 'medium';
    case 'note':
      return 'low';
    case 'none':
      return 'none';
    default:
      return undefined;
  }
}

/** Severity of a CycloneDX rating; `unknown` and new words are unrated, never harmless. */
export function severityOfRating(rating: unknown): FindingSeverity {
  switch (rating) {
    case 'critical':
    case 'high':
    case 'medium':
    case 'low':
    case 'none':
      return rating;
    case 'info':
      return 'none';
    default:
      return 'unrated';
  }
}
