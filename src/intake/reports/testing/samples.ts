/** Small reports as their tools write them. */

export const codeql = JSON.stringify({
  $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
  version: '2.1.0',
  runs: [
    {
      tool: {
        driver: {
          name: 'CodeQL',
          organization: 'GitHub',
          semanticVersion: '2.20.1',
          rules: [
            {
              id: 'js/sql-injection',
              defaultConfiguration: { enabled: true, level: 'error' },
              properties: { 'problem.severity': 'error', 'security-severity': '8.8', tags: ['security'] },
            },
            { id: 'js/unused-local-variable', defaultConfiguration: { level: 'note' } },
          ],
        },
        extensions: [
          { name: 'codeql/extra', rules: [{ id: 'x/root', properties: { 'security-severity': '9.1' } }] },
        ],
      },
      invocations: [{ executionSuccessful: true }],
      artifacts: [{ location: { uri: 'src/a%20b.ts', uriBaseId: '%SRCROOT%' } }],
      automationDetails: { id: '/language:javascript/' },
      results: [
        {
          ruleId: 'js/sql-injection',
          ruleIndex: 0,
          message: { text: 'This query depends on a secret-user-provided value.' },
          locations: [
            {
              physicalLocation: {
                artifactLocation: { index: 0 },
                region: { startLine: 12, startColumn: 3, endLine: 14 },
              },
            },
          ],
          partialFingerprints: { primaryLocationLineHash: '39fa2ee980eb94b0:1' },
        },
        {
          rule: { index: 0, toolComponent: { index: 0 } },
          message: { text: 'root' },
          locations: [
            { physicalLocation: { artifactLocation: { uri: 'src/b.ts' }, region: { startLine: 1 } } },
          ],
        },
        { ruleId: 'js/unused-local-variable/2', message: { text: 'unused' } },
        {
          ruleId: 'js/sql-injection',
          ruleIndex: 0,
          message: { text: 'x' },
          suppressions: [{ kind: 'inSource' }],
        },
        {
          ruleId: 'js/unknown',
          message: { text: 'x' },
          suppressions: [{ kind: 'external', status: 'underReview' }],
        },
        { ruleId: 'js/fine', kind: 'pass', message: { text: 'x' } },
      ],
    },
  ],
});

/** With states, as `semgrep --baseline` and the SARIF multitool give them. */
export function comparedSarif(states: readonly (string | undefined)[], level = 'error'): string {
  const results = states.map((baselineState, index) => ({
    ruleId: `rule-${index}`,
    level,
    message: { text: 'x' },
    ...(baselineState === undefined ? {} : { baselineState }),
  }));
  return sarif({ results });
}

export function sarif(run: object): string {
  return JSON.stringify({
    version: '2.1.0',
    runs: [{ tool: { driver: { name: 'Semgrep', version: '1.90.0' } }, results: [], ...run }],
  });
}

export const surefire = `<?xml version="1.0" encoding="UTF-8"?>
<testsuite xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" name="com.acme.OrderTest" time="0.213" tests="4" errors="1" skipped="1" failures="1">
  <properties><property name="java.version" value="21"/></properties>
  <testcase name="adds up" classname="com.acme.OrderTest" time="0.01"/>
  <testcase name="rounds" classname="com.acme.OrderTest" time="0.02">
    <failure message="expected: &lt;1&gt; but was: &lt;2&gt;" type="AssertionFailedError"><![CDATA[at com.acme.OrderTest ]]></failure>
  </testcase>
  <testcase name="ships" classname="com.acme.OrderTest"><error message="boom" type="java.lang.IllegalStateException"/></testcase>
  <testcase name="later" classname="com.acme.OrderTest"><skipped/></testcase>
  <system-out>password=hunter2 \u001b[31m</system-out>
</testsuite>
`;

export const nestedSuites = `<testsuites name="jest tests" tests="3" failures="0" errors="0">
  <testsuite name="outer" tests="3">
    <testcase name="one"/>
    <testsuite name="inner" tests="2"><testcase name="two"/><testcase name="three"><skipped message="no"/></testcase></testsuite>
  </testsuite>
</testsuites>`;

export const cobertura = `<?xml version="1.0" ?>
<!DOCTYPE coverage SYSTEM "http://cobertura.sourceforge.net/xml/coverage-04.dtd">
<coverage version="7.6.1" timestamp="1730000000000" lines-valid="6" lines-covered="4" line-rate="0.6667" branches-covered="0" branches-valid="0" branch-rate="0" complexity="0">
  <sources><source>/home/runner/work/api/api/src</source></sources>
  <packages><package name="." line-rate="0.6667" branch-rate="0" complexity="0"><classes>
    <class name="a.py" filename="a.py" complexity="0" line-rate="0.75" branch-rate="0">
      <methods><method name="f" signature="()"><lines><line number="2" hits="0"/></lines></method></methods>
      <lines><line number="1" hits="1"/><line number="2" hits="3"/><line number="4" hits="0"/><line number="7" hits="1"/></lines>
    </class>
    <class name="b.py" filename="b.py" complexity="0" line-rate="0.5" branch-rate="0">
      <methods/><lines><line number="1" hits="1" branch="true" condition-coverage="50% (1/2)"/><line number="2" hits="0"/></lines>
    </class>
  </classes></package></packages>
</coverage>`;

export const lcov = `TN:
SF:src/a.ts
FN:1,add
FNDA:2,add
FNF:1
FNH:1
DA:1,2
DA:2,2
DA:3,0
BRDA:1,0,0,1
LF:3
LH:2
end_of_record
TN:second
SF:src/a.ts
DA:3,1
DA:9,0
end_of_record
`;

export const cyclonedxJson = JSON.stringify({
  bomFormat: 'CycloneDX',
  specVersion: '1.6',
  version: 1,
  metadata: {
    tools: { components: [{ type: 'application', name: 'cdxgen', version: '11.0.1' }] },
    component: { type: 'application', name: 'api', version: '1.0.0' },
  },
  components: [
    {
      type: 'library',
      'bom-ref': 'left-pad',
      name: 'left-pad',
      version: '1.3.0',
      purl: 'pkg:npm/left-pad@1.3.0',
      components: [{ type: 'library', name: 'inner', version: '0.1.0' }],
    },
  ],
  vulnerabilities: [
    {
      id: 'CVE-2026-0001',
      ratings: [
        { severity: 'medium', method: 'CVSSv2' },
        { severity: 'critical', method: 'CVSSv31' },
      ],
      affects: [{ ref: 'left-pad' }],
    },
    { id: 'CVE-2026-0002', ratings: [{ severity: 'high' }], analysis: { state: 'not_affected' } },
  ],
});

export const cyclonedxXml = `<?xml version="1.0" encoding="UTF-8"?>
<bom xmlns="http://cyclonedx.org/schema/bom/1.6" version="1">
  <metadata>
    <tools><components><component type="application"><name>cdxgen</name><version>11.0.1</version></component></components></tools>
    <component type="application"><name>api</name><version>1.0.0</version></component>
  </metadata>
  <components>
    <component type="library" bom-ref="left-pad">
      <name>left-pad</name><version>1.3.0</version><purl>pkg:npm/left-pad@1.3.0</purl>
      <pedigree><ancestors><component type="library"><name>forked</name></component></ancestors></pedigree>
      <components><component type="library"><name>inner</name><version>0.1.0</version></component></components>
    </component>
  </components>
  <vulnerabilities>
    <vulnerability><id>CVE-2026-0001</id>
      <ratings><rating><severity>medium</severity></rating><rating><severity>critical</severity></rating></ratings>
      <tools><tool><name>scanner</name></tool></tools>
      <affects><target><ref>left-pad</ref></target></affects>
    </vulnerability>
    <vulnerability><id>CVE-2026-0002</id><ratings><rating><severity>high</severity></rating></ratings><analysis><state>not_affected</state></analysis></vulnerability>
  </vulnerabilities>
</bom>`;

/** A thousand million laughs out of ten lines. */
export const billionLaughs = `<?xml version="1.0"?>
<!DOCTYPE testsuites [
  <!ENTITY lol "lol">
${Array.from({ length: 9 }, (_, level) => `  <!ENTITY lol${level + 1} "${`&lol${level === 0 ? '' : level};`.repeat(10)}">`).join('\n')}
]>
<testsuites><testsuite name="&lol9;" tests="1"/></testsuites>`;

export const externalEntity = `<?xml version="1.0"?>
<!DOCTYPE testsuites [<!ENTITY file SYSTEM "file:///etc/passwd">]>
<testsuites><testsuite name="&file;" tests="1"><testcase name="a"/></testsuite></testsuites>`;

export const samples = {
  codeql,
  surefire,
  nestedSuites,
  cobertura,
  lcov,
  cyclonedxJson,
  cyclonedxXml,
} as const;
