import type { GateInput, GateOutcome } from './gate-input.ts';
import { indeterminate, type Judgement, momentOf, shortSha, violated } from './judgement.ts';

export type GateRuns =
  /** The runs that decide, one at least: the last one, and those whose time is not known. */
  | {
      readonly kind: 'decided';
      readonly deciding: readonly GateOutcome[];
      readonly remarks: readonly string[];
    }
  /** There is nothing to decide by. */
  | { readonly kind: 'none'; readonly judgement: Judgement };

interface WantedRuns {
  /** `The check ci/test`. */
  readonly what: string;
  /** Null = whoever reports it. */
  readonly app: string | null;
  readonly fits: (outcome: GateOutcome) => boolean;
}

/** The runs of one check on the head, by the app that may report it; everything else of that name is remarked upon. */
export function runsOfGate(input: GateInput, { what, app, fits }: WantedRuns): GateRuns {
  if (input.outcomes === null) {
    const because = ['Check results are not known: no source tells of them.'];
    const todo = ['Connect the code host, or report the results from CI.'];
    return { kind: 'none', judgement: indeterminate({ because, todo }) };
  }
  const named = input.outcomes.filter(fits);
  const bound = named.filter((outcome) => isReportedBy(outcome, app));
  const onHead = bound.filter((outcome) => isOnHead(outcome, input));
  const inTime = onHead.filter((outcome) => !isAfterMerge(outcome, input));
  const remarks = [
    ...named.filter((outcome) => !isReportedBy(outcome, app)).map((outcome) => spoofed(what, outcome, app)),
    ...(inTime.length < onHead.length ? [`${what} ended after the merge.`] : []),
  ];
  const deciding = lastRuns(inTime);
  if (deciding.length > 0) return { kind: 'decided', deciding, remarks: [...new Set(remarks)] };
  const elsewhere = bound
    .filter((outcome) => !isOnHead(outcome, input))
    .map(({ headSha }) => `${what} ran on ${shortSha(headSha)}, not on the head ${shortSha(input.headSha)}.`);
  const open = input.mergedAt === null;
  const by = app === null ? '' : ` from ${app}`;
  return {
    kind: 'none',
    judgement: violated({
      because: [...new Set([`${what} has no result${by} on the head.`, ...remarks, ...elsewhere])],
      todo: [open ? `Let ${what.replace('The ', 'the ')} run on the present head.` : notAnyMore],
      pending: open,
    }),
  };
}

/** What can still be done about a check of a merged change. */
export const notAnyMore = 'It is merged: run the check now, and record why it was merged without.';

function isOnHead({ headSha }: GateOutcome, head: GateInput): boolean {
  return headSha !== '' && headSha === head.headSha;
}

function isReportedBy({ source }: GateOutcome, app: string | null): boolean {
  if (app === null) return true;
  if (source === null) return false;
  return /^\d+$/.test(app) ? source.appId === app : source.app === app;
}

/** A status of the same name is how a check is forged: whoever may write statuses can make one. */
function spoofed(what: string, { source, conclusion }: GateOutcome, app: string | null): string {
  const who = source === null ? 'a source that names no app' : `${source.app} (app ${source.appId})`;
  return `Spoofed: \`${conclusion}\` for ${what.replace('The ', 'the ')} was reported by ${who}; only ${app ?? 'nobody'} may report it.`;
}

function isAfterMerge({ completedAt }: GateOutcome, { mergedAt }: GateInput): boolean {
  const [completed, merged] = [momentOf(completedAt), momentOf(mergedAt)];
  return completed !== null && merged !== null && completed > merged;
}

/** A run that has not ended is later than those that have. */
function lastRuns(outcomes: readonly GateOutcome[]): readonly GateOutcome[] {
  const timed = outcomes.map((outcome) => ({
    outcome,
    moment: outcome.conclusion === 'pending' ? null : momentOf(outcome.completedAt),
  }));
  const isRunning = outcomes.some(({ conclusion }) => conclusion === 'pending');
  const last = timed.reduce(
    (latest, { moment }) => Math.max(latest, moment ?? latest),
    Number.NEGATIVE_INFINITY,
  );
  return timed
    .filter(({ moment }) => moment === null || (moment === last && !isRunning))
    .map(({ outcome }) => outcome);
}
