import fc from 'fast-check';
import { expect, test } from 'vitest';
import { AppError } from '../../core/errors.ts';
import { findingSeverities } from '../../core/reports/report-summary.ts';
import { readReport } from './read-report.ts';
import { samples, sarif } from './testing/samples.ts';

/** Reads it, or is refused with one of the two codes; everything else is a mistake of ours. */
function outcomeOf(file: Uint8Array) {
  try {
    return readReport(file);
  } catch (error) {
    if (error instanceof AppError && (error.code === 'REPORT_INVALID' || error.code === 'INPUT_TOO_LARGE'))
      return error;
    throw error;
  }
}

function expectSound(file: Uint8Array): void {
  const outcome = outcomeOf(file);
  if (outcome instanceof AppError) {
    expect(outcome.message.length).toBeLessThan(300);
    return;
  }
  const { tests, coverage, findings } = outcome.summary;
  if (tests) {
    expect(tests.passed).toBeGreaterThanOrEqual(0);
    expect(tests.passed + tests.failed + tests.errors + tests.skipped).toBe(tests.total);
    if (outcome.conclusion === 'success') expect(tests.failed + tests.errors).toBe(0);
  }
  if (coverage) expect(coverage.covered).toBeLessThanOrEqual(coverage.coverable);
  if (findings) {
    const counted = findingSeverities.reduce((sum, severity) => sum + findings.bySeverity[severity], 0);
    expect(findings.listed.length + findings.leftOut).toBe(counted);
  }
  expect(JSON.parse(JSON.stringify(outcome))).toEqual(outcome);
}

const runs = { numRuns: 400 };

test('whatever the bytes are, they are read or refused with a code', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => expectSound(bytes)),
    runs,
  );
});

test('a report that is cut, changed or grown anywhere is read or refused with a code', () => {
  const sample = fc.constantFrom(...Object.values(samples));
  const place = fc.double({ min: 0, max: 1, noNaN: true });
  const piece = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 20 }),
    fc.constantFrom(
      '<testcase>',
      '</testsuite>',
      '<![CDATA[',
      ']]>',
      '&#0;',
      '&lt;',
      '<!DOCTYPE a [',
      '{',
      '[',
      '}',
      '"',
      'null',
      '-1',
      '1e999',
      '__proto__',
      'end_of_record\n',
      'SF:',
      'DA:1,1\n',
      '<a:b xmlns:a="c"/>',
      '<?x ?>',
      '<!--',
    ),
  );
  fc.assert(
    fc.property(sample, place, place, piece, (text, one, other, more) => {
      const [from, to] = [one, other].map((part) => Math.floor(part * text.length)).sort((a, b) => a - b);
      expectSound(Buffer.from(text.slice(0, from) + more + text.slice(to)));
    }),
    { numRuns: 3_000 },
  );
});

test('SARIF with any values in any place is read or refused with a code', () => {
  const keys = fc.constantFrom(
    ...['results', 'tool', 'driver', 'rules', 'extensions', 'rule', 'ruleId', 'ruleIndex', 'index', 'level'],
    ...['kind', 'locations', 'physicalLocation', 'artifactLocation', 'uri', 'region', 'startLine', 'endLine'],
    ...['suppressions', 'status', 'baselineState', 'fingerprints', 'partialFingerprints', 'properties'],
    ...['security-severity', 'invocations', 'executionSuccessful', 'artifacts', '__proto__', 'constructor'],
  );
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 5 },
      fc.constantFrom(null, true, false, -1, 0, 1, 1e308, 'error', 'new', '9.9', 'a/b/c', '%', ''),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(keys, tie('value'), { maxKeys: 5 }),
    ),
  }));
  const object = fc.dictionary(keys, value, { maxKeys: 6 });
  fc.assert(
    fc.property(fc.array(object, { maxLength: 3 }), object, (results, run) =>
      expectSound(Buffer.from(sarif({ ...run, results }))),
    ),
    { numRuns: 1_500 },
  );
});
