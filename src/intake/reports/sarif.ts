import type { ReadReport } from '../../app/report-ports.ts';
import {
  emptySummary,
  keptText,
  type ReportFinding,
  reportLimits,
} from '../../core/reports/report-summary.ts';
import { severityOfLevel, severityOfScore } from '../../core/reports/severity.ts';
import { FindingTally } from '../../core/reports/tally-findings.ts';
import { type JsonObject, objectOf, objectsOf, textOf } from './json-value.ts';
import { quoted, reportInvalid } from './report-invalid.ts';
import { type RuleLookup, rulesOf } from './sarif-rules.ts';
import { distinctTools } from './tools.ts';

/** The one version that tools write (OASIS, 2020); earlier ones are drafts with other shapes. */
const version = '2.1.0';

/** Kinds of results that say that there is nothing to find (SARIF 2.1.0 section 3.27.9). */
const fineKinds: ReadonlySet<unknown> = new Set(['pass', 'notApplicable']);

/**
 * A SARIF 2.1.0 log, all its runs added up. A tool that did not come to its end found nothing that can be relied on: then the
 * conclusion is not `success`. Error: REPORT_INVALID.
 */
export function readSarif(log: JsonObject): ReadReport {
  if (log.version !== version)
    throw reportInvalid(`it is SARIF of version ${quoted(String(log.version))}, and ${version} is read`);
  const runs = objectsOf(log.runs, 'runs');
  if (runs.length === 0) throw reportInvalid('it holds no run, so no tool tells anything in it');
  const tally = new FindingTally();
  const remarks = new Set<string>();
  let failed = false;
  let silent = false;
  for (const run of runs) {
    const tool = toolOf(run);
    if (objectsOf(run.invocations, 'invocations').some((one) => one.executionSuccessful === false)) {
      failed = true;
      remarks.add(`${tool.name} says that it did not run to its end.`);
    }
    if (!hasResults(run)) {
      silent = true;
      remarks.add(`${tool.name} gives no results, not even an empty list: it did not look.`);
    }
    addResults(run, tally);
  }
  const tools = distinctTools(runs.map(toolOf));
  const names = new Set(tools.map(({ name }) => name));
  return {
    summary: {
      ...emptySummary('sarif', version),
      tools: tools.slice(0, reportLimits.tools),
      remarks: [...remarks].slice(0, reportLimits.remarks),
      findings: tally.findings,
    },
    conclusion: failed ? 'failure' : silent ? 'neutral' : 'success',
    name: names.size === 1 ? (tools[0]?.name ?? null) : null,
  };
}

function toolOf(run: JsonObject) {
  const driver = objectOf(objectOf(run.tool)?.driver);
  const name = textOf(driver?.name);
  if (name === null) throw reportInvalid('a run does not name its tool');
  const given = textOf(driver?.semanticVersion) ?? textOf(driver?.version);
  return { name: keptText(name), version: given === null ? null : keptText(given) };
}

/** Results may stand in another file, which nobody sent (section 3.15.3). */
function hasResults({ results, externalPropertyFileReferences }: JsonObject): boolean {
  const outside = objectOf(externalPropertyFileReferences)?.results;
  return Array.isArray(results) && !(Array.isArray(outside) && outside.length > 0);
}

function addResults(run: JsonObject, tally: FindingTally): void {
  const rules = rulesOf(run);
  const artifacts = objectsOf(run.artifacts, 'artifacts');
  for (const result of objectsOf(run.results, 'results')) {
    if (fineKinds.has(result.kind)) continue;
    if (isSuppressed(result)) tally.addSuppressed();
    else if (result.baselineState === 'absent') tally.addAbsent();
    else tally.add(findingOf(result, rules, artifacts));
  }
}

/** Accepted by all who were asked; one that is under review or rejected still counts (section 3.27.23). */
function isSuppressed(result: JsonObject): boolean {
  const suppressions = objectsOf(result.suppressions, 'suppressions');
  return (
    suppressions.length > 0 &&
    suppressions.every(({ status }) => status === undefined || status === 'accepted')
  );
}

function findingOf(result: JsonObject, rules: RuleLookup, artifacts: readonly JsonObject[]): ReportFinding {
  const rule = rules(result);
  const id = textOf(result.ruleId) ?? textOf(objectOf(result.rule)?.id) ?? textOf(rule?.id);
  const place = objectOf(objectsOf(result.locations, 'locations')[0]?.physicalLocation);
  return {
    severity: severityOf(result, rule),
    rule: id === null ? null : keptText(id),
    path: pathOf(objectOf(place?.artifactLocation), artifacts),
    lines: linesOf(objectOf(place?.region)),
    fingerprint: fingerprintOf(result),
    state: stateOf(result.baselineState),
  };
}

/** A score goes before a level: levels say how loud a tool is, not how grave a hole. */
function severityOf(result: JsonObject, rule: JsonObject | undefined): ReportFinding['severity'] {
  const score =
    severityOfScore(objectOf(result.properties)?.['security-severity']) ??
    severityOfScore(objectOf(rule?.properties)?.['security-severity']);
  if (score !== undefined) return score;
  const level = severityOfLevel(result.level);
  if (level !== undefined) return level;
  // What a tool only mentions has no level unless it is given one (section 3.27.10).
  if (result.kind !== undefined && result.kind !== 'fail') return 'none';
  return severityOfLevel(objectOf(rule?.defaultConfiguration)?.level) ?? 'medium';
}

function pathOf(location: JsonObject | undefined, artifacts: readonly JsonObject[]): string | null {
  const index = location?.index;
  const uri =
    textOf(location?.uri) ??
    (typeof index === 'number' ? textOf(objectOf(artifacts[index]?.location)?.uri) : null);
  if (uri === null) return null;
  try {
    return keptText(decodeURI(uri));
  } catch {
    return keptText(uri);
  }
}

function linesOf(region: JsonObject | undefined): ReportFinding['lines'] {
  const { startLine: from, endLine: to = from } = region ?? {};
  if (!isLine(from)) return null;
  return [from, isLine(to) && to >= from ? to : from];
}

function isLine(line: unknown): line is number {
  return Number.isSafeInteger(line) && Number(line) > 0;
}

/** The tool's own identity of the finding where it has one, else the first of its partial ones, by name. */
function fingerprintOf(result: JsonObject): string | null {
  for (const prints of [objectOf(result.fingerprints), objectOf(result.partialFingerprints)]) {
    const [scheme] = Object.keys(prints ?? {}).sort();
    const value = scheme === undefined ? null : textOf(prints?.[scheme]);
    if (value !== null) return keptText(`${scheme}:${value}`);
  }
  return null;
}

function stateOf(state: unknown): ReportFinding['state'] {
  switch (state) {
    case 'new':
    case 'unchanged':
    case 'updated':
      return state;
    default:
      return null;
  }
}
