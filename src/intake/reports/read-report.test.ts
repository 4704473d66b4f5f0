import { describe, expect, test } from 'vitest';
import { AppError } from '../../core/errors.ts';
import { noFindings, reportLimits } from '../../core/reports/report-summary.ts';
import { readReport } from './read-report.ts';
import {
  billionLaughs,
  cobertura,
  codeql,
  comparedSarif,
  cyclonedxJson,
  cyclonedxXml,
  externalEntity,
  lcov,
  nestedSuites,
  samples,
  sarif,
  surefire,
} from './testing/samples.ts';

function read(text: string | Uint8Array) {
  return readReport(typeof text === 'string' ? Buffer.from(text) : text);
}

function refusal(text: string | Uint8Array): string {
  try {
    read(text);
  } catch (error) {
    if (error instanceof AppError && error.code === 'REPORT_INVALID') return error.message;
    throw error;
  }
  throw new Error('it was read');
}

describe('SARIF', () => {
  test('a score goes before a level, of the result before the rule, however the rule is named', () => {
    const { summary, conclusion, name } = read(codeql);

    expect({ conclusion, name, tools: summary.tools }).toEqual({
      conclusion: 'success',
      name: 'CodeQL',
      tools: [{ name: 'CodeQL', version: '2.20.1' }],
    });
    expect(summary.findings).toMatchObject({
      bySeverity: { ...noFindings(), critical: 1, high: 1, medium: 1, low: 1 },
      newBySeverity: null,
      suppressed: 1,
      absent: 0,
      leftOut: 0,
    });
    expect(summary.findings?.listed).toEqual([
      {
        severity: 'critical',
        rule: 'x/root',
        path: 'src/b.ts',
        lines: [1, 1],
        fingerprint: null,
        state: null,
      },
      {
        severity: 'high',
        rule: 'js/sql-injection',
        path: 'src/a b.ts',
        lines: [12, 14],
        fingerprint: 'primaryLocationLineHash:39fa2ee980eb94b0:1',
        state: null,
      },
      // Under review is not accepted yet, and no level at all is a warning.
      { severity: 'medium', rule: 'js/unknown', path: null, lines: null, fingerprint: null, state: null },
      {
        severity: 'low',
        rule: 'js/unused-local-variable/2',
        path: null,
        lines: null,
        fingerprint: null,
        state: null,
      },
    ]);
  });

  test('nothing of a message is kept: it may quote a secret', () => {
    expect(JSON.stringify(read(codeql))).not.toContain('secret-user-provided');
  });

  test.each([
    ['9.0', 'critical'],
    ['8.9', 'high'],
    [7, 'high'],
    ['6.9', 'medium'],
    ['4.0', 'medium'],
    ['3.9', 'low'],
    ['0.0', 'low'],
    ['11', 'high'],
    ['NaN', 'high'],
  ])('security-severity %s of an error is %s', (score, severity) => {
    const results = [{ level: 'error', message: {}, properties: { 'security-severity': score } }];

    expect(read(sarif({ results })).summary.findings?.listed[0]?.severity).toBe(severity);
  });

  test('findings that the base has are not new, those that are gone do not count', () => {
    const { findings } = read(comparedSarif(['new', 'new', 'unchanged', 'updated', 'absent'])).summary;

    expect(findings).toMatchObject({
      bySeverity: { ...noFindings(), high: 4 },
      newBySeverity: { ...noFindings(), high: 2 },
      absent: 1,
    });
  });

  test('where some were compared, one that was not is new; where none was, nobody knows', () => {
    expect(read(comparedSarif(['unchanged', undefined])).summary.findings?.newBySeverity).toEqual({
      ...noFindings(),
      high: 1,
    });
    expect(read(comparedSarif([undefined])).summary.findings?.newBySeverity).toBeNull();
    expect(read(comparedSarif([])).summary.findings?.newBySeverity).toEqual(noFindings());
  });

  test('a tool that did not run to its end, or did not look, is no success', () => {
    const failed = read(
      sarif({ invocations: [{ executionSuccessful: true }, { executionSuccessful: false }] }),
    );
    const silent = read(sarif({ results: null }));
    const elsewhere = read(sarif({ externalPropertyFileReferences: { results: [{}] } }));

    expect([failed, silent, elsewhere].map(({ conclusion }) => conclusion)).toEqual([
      'failure',
      'neutral',
      'neutral',
    ]);
    expect(failed.summary.remarks).toEqual(['Semgrep says that it did not run to its end.']);
  });

  test('several runs are added up, and have no name of their own where their tools differ', () => {
    const run = (name: string) => ({ tool: { driver: { name } }, results: [{ level: 'note', message: {} }] });
    const of = (...names: string[]) => read(JSON.stringify({ version: '2.1.0', runs: names.map(run) }));

    expect(of('a', 'a')).toMatchObject({ name: 'a', summary: { findings: { bySeverity: { low: 2 } } } });
    expect(of('a', 'b')).toMatchObject({ name: null, summary: { tools: [{ name: 'a' }, { name: 'b' }] } });
  });

  test('of more than 2,000 findings the gravest are listed and the rest counted', () => {
    const results = Array.from({ length: 5_000 }, (_, index) => ({
      level: index === 4_999 ? 'error' : 'note',
      message: {},
    }));

    const { findings } = read(sarif({ results })).summary;

    expect(findings?.listed).toHaveLength(reportLimits.findings);
    expect(findings?.listed[0]?.severity).toBe('high');
    expect(findings).toMatchObject({ leftOut: 3_000, bySeverity: { high: 1, low: 4_999 } });
  });

  test.each([
    ['another version', JSON.stringify({ version: '2.0.0', runs: [] }), 'SARIF of version "2.0.0"'],
    ['no run', JSON.stringify({ version: '2.1.0', runs: [] }), 'it holds no run'],
    ['results that are no list', sarif({ results: {} }), 'results is no list'],
    ['a result that is none', sarif({ results: [7] }), 'results holds something that is no object'],
    [
      'a tool without a name',
      JSON.stringify({ version: '2.1.0', runs: [{ results: [] }] }),
      'does not name its tool',
    ],
    ['half a file', codeql.slice(0, -20), 'was it cut off?'],
  ])('%s is refused', (_, text, because) => {
    expect(refusal(text)).toContain(because);
  });
});

describe('JUnit', () => {
  test('failures, errors and skips are told apart, and those that failed have names', () => {
    const { summary, conclusion } = read(surefire);

    expect(conclusion).toBe('failure');
    expect(summary.tests).toEqual({
      total: 4,
      passed: 1,
      failed: 1,
      errors: 1,
      skipped: 1,
      failedNames: ['com.acme.OrderTest › rounds', 'com.acme.OrderTest › ships'],
      leftOut: 0,
    });
    expect(JSON.stringify(summary)).not.toContain('hunter2');
  });

  test('suites in suites are counted once', () => {
    expect(read(nestedSuites)).toMatchObject({
      conclusion: 'success',
      summary: { tests: { total: 3, passed: 2, skipped: 1, failed: 0 } },
    });
  });

  test.each([
    [
      'a suite tells of a failure that no case shows',
      '<testsuite tests="2" failures="1"><testcase/><testcase/></testsuite>',
    ],
    [
      'a case failed that its suite does not tell of',
      '<testsuite tests="1" failures="0"><testcase><failure/></testcase></testsuite>',
    ],
    [
      'a suite could not be set up',
      '<testsuites><testsuite tests="1"><error/><testcase/></testsuite></testsuites>',
    ],
  ])('it is a failure where %s', (_, text) => {
    expect(read(text).conclusion).toBe('failure');
  });

  test('no test, or none but skipped ones, is no success', () => {
    expect(read('<testsuites/>').conclusion).toBe('neutral');
    expect(read('<testsuite><testcase status="notrun"/></testsuite>').conclusion).toBe('skipped');
  });
});

describe('coverage', () => {
  test('of Cobertura counts each line once, and keeps which lines ran', () => {
    expect(read(cobertura)).toMatchObject({
      conclusion: 'success',
      summary: {
        coverage: {
          covered: 4,
          coverable: 6,
          roots: ['/home/runner/work/api/api/src'],
          files: [
            {
              path: 'a.py',
              covered: 3,
              coverable: 4,
              ranges: {
                covered: [
                  [1, 2],
                  [7, 7],
                ],
                missed: [[4, 4]],
              },
            },
            { path: 'b.py', covered: 1, coverable: 2, ranges: { covered: [[1, 1]], missed: [[2, 2]] } },
          ],
        },
      },
    });
  });

  test('of LCOV adds up the sections of a file', () => {
    expect(read(lcov).summary.coverage).toEqual({
      covered: 3,
      coverable: 4,
      roots: [],
      files: [
        { path: 'src/a.ts', covered: 3, coverable: 4, ranges: { covered: [[1, 3]], missed: [[9, 9]] } },
      ],
      leftOut: 0,
    });
  });

  test('that measured nothing is no success', () => {
    expect(read('<coverage line-rate="1"><packages/></coverage>').conclusion).toBe('neutral');
    expect(read('TN:\nSF:a.ts\nend_of_record\n').conclusion).toBe('neutral');
  });

  test.each([
    ['LCOV that was cut off', lcov.slice(0, lcov.indexOf('LF:')), 'it ends within a record'],
    ['LCOV with something else in it', `${lcov}hello\n`, 'line 19 has no place'],
    ['Clover', '<coverage generated="1"><project/></coverage>', 'the root "coverage"'],
  ])('%s is refused', (_, text, because) => {
    expect(refusal(text)).toContain(because);
  });
});

test('CycloneDX says the same as JSON and as XML', () => {
  const fromJson = read(cyclonedxJson);

  expect(fromJson).toMatchObject({
    name: 'cdxgen',
    conclusion: 'success',
    summary: {
      formatVersion: '1.6',
      components: {
        total: 2,
        listed: [
          { name: 'left-pad', version: '1.3.0', purl: 'pkg:npm/left-pad@1.3.0' },
          { name: 'inner', version: '0.1.0', purl: null },
        ],
      },
      findings: {
        bySeverity: { critical: 1, high: 0 },
        suppressed: 1,
        listed: [{ rule: 'CVE-2026-0001', path: 'pkg:npm/left-pad@1.3.0' }],
      },
    },
  });
  expect(read(cyclonedxXml)).toEqual(fromJson);
});

describe('hostile', () => {
  test.each([
    ['a billion laughs', billionLaughs],
    ['an entity that names a file', externalEntity],
  ])('%s is refused by its DOCTYPE', (_, text) => {
    expect(refusal(text)).toContain('DOCTYPE declares');
  });

  test('an entity that nobody declared is refused', () => {
    expect(refusal('<testsuite name="&secret;"/>')).toContain('not well-formed');
  });

  test.each([
    ['JSON', `{"version":"2.1.0","runs":${'['.repeat(100_000)}`],
    ['XML', '<testsuite>'.repeat(100_000)],
    [
      'components',
      `{"bomFormat":"CycloneDX","components":[${'{"components":['.repeat(100)}${']}'.repeat(100)}]}`,
    ],
  ])('%s that is nested without end is refused', (_, text) => {
    expect(refusal(text)).toContain('nested deeper');
  });

  test.each([
    ['nothing', ''],
    ['a picture', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a])],
    ['a page', '<!DOCTYPE html><html><body>Sign in</body></html>'],
    ['some JSON', '{"hello":1}'],
    ['two documents', '<testsuite/><testsuite/>'],
    ['a document without its end', '<testsuites><testsuite tests="1">'],
    ['an encoding that nobody has', '<?xml version="1.0" encoding="ebcdic"?><testsuite/>'],
  ])('%s is refused', (_, text) => {
    expect(refusal(text)).toContain('The report is not understood');
  });

  test('coverage of more lines than there are is refused before it fills the memory', () => {
    const lines = Array.from({ length: 3_000_000 }, (_, index) => `DA:${index},1`).join('\n');

    expect(() => read(`SF:a.ts\n${lines}\nend_of_record\n`)).toThrow(
      expect.objectContaining({ code: 'INPUT_TOO_LARGE' }),
    );
  });

  test('a file beyond 64 MiB is refused before it is looked at', () => {
    expect(() => readReport(new Uint8Array(reportLimits.bytes + 1))).toThrow(
      expect.objectContaining({ code: 'INPUT_TOO_LARGE' }),
    );
  });
});

test('byte order marks, UTF-16 and other declared encodings are read', () => {
  const latin = Buffer.from(
    '<?xml version="1.0" encoding="ISO-8859-1"?><testsuite><testcase name="gr\u00fcn"><failure/></testcase></testsuite>',
    'latin1',
  );

  expect(read(`\ufeff${lcov}`).summary.format).toBe('lcov');
  expect(read(Buffer.from(`\ufeff${surefire}`, 'utf16le')).summary.tests?.total).toBe(4);
  expect(read(latin).summary.tests?.failedNames).toEqual(['gr\u00fcn']);
});

test('every sample is told by its content', () => {
  expect(Object.values(samples).map((text) => read(text).summary.format)).toEqual([
    'sarif',
    'junit',
    'junit',
    'cobertura',
    'lcov',
    'cyclonedx',
    'cyclonedx',
  ]);
});
