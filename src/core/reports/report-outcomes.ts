import type { GateOutcome } from '../gate/gate-input.ts';
import type { GateConclusion, ObservedGateOutcome } from '../host/observation.ts';
import { type CountBySeverity, type FindingSeverity, findingSeverities } from './report-summary.ts';

type Report = Pick<
  ObservedGateOutcome,
  'name' | 'headSha' | 'source' | 'conclusion' | 'completedAt' | 'attempt' | 'report'
>;

/**
 * Reports as a gate asks for them: one outcome for each name, commit and sender, with its parts added up. Of a part that came several
 * times the last attempt counts; of what came several times within one attempt (shards that send the same file name) all of it,
 * and where attempts are not counted, what came last.
 */
export function reportOutcomes(reports: readonly Report[]): readonly GateOutcome[] {
  const gates = Map.groupBy(reports, ({ name, headSha, source }) =>
    JSON.stringify([name, headSha, source?.app, source?.appId]),
  );
  return [...gates.values()].flatMap((gate) => {
    const parts = Map.groupBy(gate, ({ report }) => report?.part ?? null);
    const [first, ...rest] = [...parts.values()].flatMap(lastOfPart);
    return first === undefined ? [] : [addUp(first, rest)];
  });
}

function lastOfPart(reports: readonly Report[]): readonly Report[] {
  const attempt = Math.max(...reports.map((report) => report.attempt ?? 0));
  const last = reports.filter((report) => (report.attempt ?? 0) === attempt);
  if (attempt > 0) return last;
  return [last.reduce((latest, one) => (timeOf(one) >= timeOf(latest) ? one : latest))];
}

function addUp(first: Report, rest: readonly Report[]): GateOutcome {
  const parts = [first, ...rest];
  const worst = parts.reduce((one, other) => (rank(other.conclusion) > rank(one.conclusion) ? other : one));
  const found = parts.map(({ report }) => newFindings(report?.summary.findings?.newBySeverity));
  const known = found.filter((counts) => counts !== undefined);
  return {
    name: first.name,
    kind: 'report',
    headSha: first.headSha,
    conclusion: worst.conclusion,
    source: first.source,
    completedAt: parts.reduce((latest, one) => (timeOf(one) > timeOf(latest) ? one : latest)).completedAt,
    // One part that does not tell leaves the whole unknown.
    ...(known.length === found.length ? { newFindings: sum(known) } : {}),
  };
}

/** What a tool only mentions is no finding; a report that tells of none has no count, not zero. */
function newFindings(
  counts: CountBySeverity | null | undefined,
): Readonly<Record<string, number>> | undefined {
  if (!counts) return undefined;
  const { none: _, ...rest } = counts;
  return rest;
}

function sum(counts: readonly Readonly<Record<string, number>>[]): Readonly<Record<string, number>> {
  const counted = findingSeverities.filter((severity): severity is FindingSeverity => severity !== 'none');
  return Object.fromEntries(
    counted.map((severity) => [severity, counts.reduce((total, one) => total + (one[severity] ?? 0), 0)]),
  );
}

/** `failure` before whatever else is no success. */
function rank(conclusion: GateConclusion): number {
  if (conclusion === 'success') return 0;
  return conclusion === 'failure' ? 2 : 1;
}

function timeOf({ completedAt }: Report): number {
  return completedAt === null ? Number.POSITIVE_INFINITY : Date.parse(completedAt);
}
