/** What the use cases ask of whoever understands reports from CI. Implemented in intake/reports. */

import type { GateConclusion } from '../core/host/observation.ts';
import type { ReportSummary } from '../core/reports/report-summary.ts';

export interface ReadReport {
  readonly summary: ReportSummary;
  /** Whether the tool came to its end; of tests, whether they passed too. */
  readonly conclusion: GateConclusion;
  /** What the gate is called where nobody names it; null where several tools share the file. */
  readonly name: string | null;
}

export interface ReportReader {
  /** Errors: REPORT_INVALID, INPUT_TOO_LARGE; whatever the bytes are, no other. */
  read(file: Uint8Array): Promise<ReadReport>;
}

/** A report as somebody handed it in, once it is known who they are. */
export interface GivenReport {
  readonly file: Uint8Array;
  /** `host/owner/name` */
  readonly repo: string;
  readonly sha: string;
  readonly name: string | null;
  /** Which of the files that make up one gate's report, such as its path; null where there is one. */
  readonly part: string | null;
  readonly attempt: number | null;
  readonly pullRequest: number | null;
  readonly url: string | null;
  /** Id of the API key, or of the member who sends it in a session. */
  readonly by: string;
}

export interface ReportReceipt extends ReadReport {
  readonly name: string;
  /** Of the fact in the events log. */
  readonly index: number;
  /** SHA-256 of the file, hex. */
  readonly digest: string;
  /** The same file was told for this commit before: nothing was added. */
  readonly duplicate: boolean;
}

export interface ReportReceiver {
  /** Durable when it resolves. Errors: those of the reader; INPUT_INVALID where the report has no name. */
  receive(report: GivenReport): Promise<ReportReceipt>;
}
