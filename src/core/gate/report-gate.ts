import type { GateInput, GateOutcome } from './gate-input.ts';
import { indeterminate, type Judgement, momentOf, satisfied, shortSha, violated } from './judgement.ts';
import { type ReportGate, type Severity, severities } from './policy.ts';
import { notAnyMore, runsOfGate } from './runs-of-gate.ts';

/** A scanner's report on the head with no more new findings of each severity than the policy allows. */
export function reportGate(input: GateInput, gate: Pick<ReportGate, 'sarif' | 'app' | 'maxNew'>): Judgement {
  const what = `The report of ${gate.sarif}`;
  const runs = runsOfGate(input, {
    what,
    app: gate.app ?? null,
    fits: ({ name, kind }) => name === gate.sarif && kind === 'report',
  });
  if (runs.kind === 'none') return runs.judgement;
  const { deciding, remarks } = runs;
  const open = input.mergedAt === null;
  const judged = deciding.map((outcome) => judgeReport(outcome, { what, maxNew: gate.maxNew, open }));
  const worst =
    judged.find(({ outcome }) => outcome === 'violated') ??
    judged.find(({ outcome }) => outcome === 'indeterminate') ??
    satisfied([`${what} has no new finding beyond the limits on ${shortSha(input.headSha)}.`]);
  return { ...worst, because: [...worst.because, ...remarks] };
}

interface Limits extends Pick<ReportGate, 'maxNew'> {
  readonly what: string;
  readonly open: boolean;
}

function judgeReport(outcome: GateOutcome, { what, maxNew, open }: Limits): Judgement {
  const { conclusion, newFindings, completedAt } = outcome;
  if (conclusion === 'pending')
    return indeterminate({ because: [`${what} has not come yet.`], todo: [], pending: open });
  if (conclusion !== 'success') {
    const because = [
      `${what} says that the tool ended as \`${conclusion}\`: what it would have found is not known.`,
    ];
    return violated({ because, todo: [open ? 'Let the tool run to its end.' : notAnyMore] });
  }
  const found = newFindings && countBySeverity(newFindings);
  if (found === undefined) {
    const because = [`${what} does not tell which findings are new.`];
    return indeterminate({
      because,
      todo: ['Report the base as well, so that new findings can be told from old ones.'],
    });
  }
  const over = severities.flatMap((severity) => overLimit(severity, found[severity], maxNew[severity]));
  if (over.length > 0) {
    const because = [`${what} has ${over.join(', ')}.`];
    return violated({
      because,
      todo: [open ? 'Mend the findings, or have them accepted in a record.' : notAnyMore],
    });
  }
  if (found.unrated > 0 && maxNew.unrated === undefined) {
    const because = [`${what} has ${found.unrated} new findings without a severity: they may be grave.`];
    return indeterminate({
      because,
      todo: ['Give the rules of the tool severities, or the gate a limit for `unrated`.'],
    });
  }
  if (!open && momentOf(completedAt) === null)
    return indeterminate({
      because: [`Whether ${what.replace('The ', 'the ')} came before the merge is not known.`],
      todo: [],
    });
  return satisfied([]);
}

function overLimit(severity: Severity, found: number, limit: number | undefined): readonly string[] {
  if (limit === undefined || found <= limit) return [];
  return [`${found} new findings of severity ${severity} where ${limit} are allowed`];
}

/** A count that is none makes the whole report unknown. */
function countBySeverity(
  newFindings: Readonly<Record<string, number>>,
): Record<Severity, number> | undefined {
  const counts: Record<Severity, number> = { critical: 0, high: 0, medium: 0, low: 0, unrated: 0 };
  for (const [name, found] of Object.entries(newFindings)) {
    if (!Number.isSafeInteger(found) || found < 0) return undefined;
    counts[severities.find((severity) => severity === name) ?? 'unrated'] += found;
  }
  return counts;
}
