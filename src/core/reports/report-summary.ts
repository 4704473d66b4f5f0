/** What a report from CI says, without its text: messages and output may quote code or a secret, so none of them is kept. */
export interface ReportSummary {
  readonly format: ReportFormat;
  /** As the file tells it (`2.1.0`); null where the format has none. */
  readonly formatVersion: string | null;
  /** Who made it, at most 20. */
  readonly tools: readonly ReportTool[];
  /** What stands in the way of a plain `success`, and what was left out; at most 20 sentences. */
  readonly remarks: readonly string[];
  /** Null where the format tells of none, as are the three below. */
  readonly findings: ReportFindings | null;
  readonly tests: ReportTests | null;
  readonly coverage: ReportCoverage | null;
  readonly components: ReportComponents | null;
}

export type ReportFormat = 'sarif' | 'junit' | 'cobertura' | 'lcov' | 'cyclonedx';

export interface ReportTool {
  readonly name: string;
  readonly version: string | null;
}

/** Gravest first. `none` is what a tool mentions without calling it a problem (SARIF 2.1.0 section 3.27.10). */
export const findingSeverities = ['critical', 'high', 'medium', 'low', 'unrated', 'none'] as const;
export type FindingSeverity = (typeof findingSeverities)[number];
export type CountBySeverity = Readonly<Record<FindingSeverity, number>>;

export interface ReportFindings {
  /** Of all that count: neither suppressed nor gone. */
  readonly bySeverity: CountBySeverity;
  /** Of those that the base does not have; null where the report was not compared with one. */
  readonly newBySeverity: CountBySeverity | null;
  /** Accepted by somebody, in the code or beside it. */
  readonly suppressed: number;
  /** The base had them, this commit has not. */
  readonly absent: number;
  /** At most `reportLimits.findings`, gravest first. */
  readonly listed: readonly ReportFinding[];
  readonly leftOut: number;
}

export interface ReportFinding {
  readonly severity: FindingSeverity;
  readonly rule: string | null;
  /** As the tool writes it; of a package its purl. */
  readonly path: string | null;
  /** First and last line, from 1 on. */
  readonly lines: readonly [number, number] | null;
  /** `<scheme>:<value>`, the same for the same finding in another commit; null where the tool gives none. */
  readonly fingerprint: string | null;
  /** Against the base; null where it was not compared. */
  readonly state: 'new' | 'unchanged' | 'updated' | null;
}

export interface ReportTests {
  readonly total: number;
  readonly passed: number;
  /** An expectation did not hold. */
  readonly failed: number;
  /** It did not come to its end. */
  readonly errors: number;
  readonly skipped: number;
  /** Names of those that failed or did not end, at most `reportLimits.failedTests`. */
  readonly failedNames: readonly string[];
  readonly leftOut: number;
}

/** Lines; `covered` of `coverable` ran at least once. */
export interface ReportCoverage {
  readonly covered: number;
  readonly coverable: number;
  /** Folders that the paths are meant from, as the tool writes them; at most 10. */
  readonly roots: readonly string[];
  /** At most `reportLimits.files`, in the order of their paths. */
  readonly files: readonly FileCoverage[];
  readonly leftOut: number;
}

export interface FileCoverage {
  readonly path: string;
  readonly covered: number;
  readonly coverable: number;
  /** Line ranges; null where all files together have more than `reportLimits.ranges`. */
  readonly ranges: { readonly covered: readonly LineRange[]; readonly missed: readonly LineRange[] } | null;
}

/** First and last line. */
export type LineRange = readonly [number, number];

export interface ReportComponents {
  readonly total: number;
  /** At most `reportLimits.components`, in the order of the file. */
  readonly listed: readonly ReportComponent[];
  readonly leftOut: number;
}

export interface ReportComponent {
  readonly name: string;
  readonly version: string | null;
  readonly purl: string | null;
}

/** What is kept of a report; everything beyond is counted. The counts are always over the whole file. */
export const reportLimits = {
  bytes: 64 * 1024 * 1024,
  findings: 2_000,
  failedTests: 500,
  files: 2_000,
  ranges: 20_000,
  components: 2_000,
  tools: 20,
  remarks: 20,
  roots: 10,
  /** Characters of a name, path or fingerprint. */
  text: 500,
} as const;

/** The text, cut where it is longer than what is kept. */
export function keptText(text: string): string {
  return text.length > reportLimits.text
    ? `${text.slice(0, reportLimits.text).toWellFormed()}…`
    : text.toWellFormed();
}

export function noFindings(): Record<FindingSeverity, number> {
  return { critical: 0, high: 0, medium: 0, low: 0, unrated: 0, none: 0 };
}

/** A report before anything is read from it. */
export function emptySummary(format: ReportFormat, formatVersion: string | null): ReportSummary {
  return {
    format,
    formatVersion,
    tools: [],
    remarks: [],
    findings: null,
    tests: null,
    coverage: null,
    components: null,
  };
}
