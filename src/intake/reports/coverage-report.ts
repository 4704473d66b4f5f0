import type { ReadReport } from '../../app/report-ports.ts';
import { emptySummary, type ReportCoverage } from '../../core/reports/report-summary.ts';

/** Coverage judges nothing by itself; a report without a single line measured nothing, though. */
export function coverageReport(format: 'cobertura' | 'lcov', coverage: ReportCoverage): ReadReport {
  const measured = coverage.coverable > 0;
  return {
    summary: {
      ...emptySummary(format, null),
      remarks: measured ? [] : ['No line was measured.'],
      coverage,
    },
    conclusion: measured ? 'success' : 'neutral',
    name: format,
  };
}
