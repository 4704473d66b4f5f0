import type { ReportReceipt as Receipt } from '../../contract/reports.ts';
import type { ReportSummary } from '../../core/reports/report-summary.ts';
import type { Handlers } from '../handler.ts';

export const reportHandlers: Handlers<'receiveReport'> = {
  receiveReport: {
    run: async ({ reports }, { caller, query, body }) => {
      const { repo, sha, name, part, attempt, pullRequest, url } = query;
      const { index, digest, duplicate, ...read } = await reports.receive({
        file: body,
        repo,
        sha,
        name: name ?? null,
        part: part ?? null,
        attempt: attempt ?? null,
        pullRequest: pullRequest ?? null,
        url: url ?? null,
        by: caller.via === 'api-key' ? caller.credentialId : caller.userId,
      });
      const { conclusion } = read;
      return { index, digest, duplicate, name: read.name, conclusion, summary: inNumbers(read.summary) };
    },
  },
};

function inNumbers({ findings, tests, coverage, components, ...rest }: ReportSummary): Receipt['summary'] {
  const { format, formatVersion, tools, remarks } = rest;
  return {
    format,
    formatVersion,
    tools: [...tools],
    remarks: [...remarks],
    findings: findings && {
      bySeverity: findings.bySeverity,
      newBySeverity: findings.newBySeverity,
      suppressed: findings.suppressed,
      absent: findings.absent,
    },
    tests: tests && {
      total: tests.total,
      passed: tests.passed,
      failed: tests.failed,
      errors: tests.errors,
      skipped: tests.skipped,
    },
    coverage: coverage && {
      covered: coverage.covered,
      coverable: coverage.coverable,
      files: coverage.files.length + coverage.leftOut,
    },
    components: components && { total: components.total },
  };
}
