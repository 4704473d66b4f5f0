import {
  type FindingSeverity,
  findingSeverities,
  noFindings,
  type ReportFinding,
  type ReportFindings,
  reportLimits,
} from './report-summary.ts';

/** Counts findings as they come and keeps the gravest; memory stays flat. */
export class FindingTally {
  readonly #bySeverity = noFindings();
  readonly #new = noFindings();
  readonly #kept: Record<FindingSeverity, ReportFinding[]> = {
    critical: [],
    high: [],
    medium: [],
    low: [],
    unrated: [],
    none: [],
  };
  #total = 0;
  #compared = 0;
  #suppressed = 0;
  #absent = 0;

  add(finding: ReportFinding): void {
    const { severity, state } = finding;
    this.#total += 1;
    this.#bySeverity[severity] += 1;
    // Where some were compared, one that was not is new as far as anybody knows.
    if (state === null || state === 'new') this.#new[severity] += 1;
    if (state !== null) this.#compared += 1;
    const kept = this.#kept[severity];
    if (kept.length < reportLimits.findings) kept.push(finding);
  }

  addSuppressed(): void {
    this.#suppressed += 1;
  }

  /** It tells that the report was compared with a base. */
  addAbsent(): void {
    this.#absent += 1;
    this.#compared += 1;
  }

  /** No findings at all are no new ones either, whatever the base has. */
  get findings(): ReportFindings {
    const listed = findingSeverities
      .flatMap((severity) => this.#kept[severity])
      .slice(0, reportLimits.findings);
    return {
      bySeverity: { ...this.#bySeverity },
      newBySeverity: this.#compared > 0 || this.#total === 0 ? { ...this.#new } : null,
      suppressed: this.#suppressed,
      absent: this.#absent,
      listed,
      leftOut: this.#total - listed.length,
    };
  }
}
