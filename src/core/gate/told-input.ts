import type { Attribution } from '../attribution/attribution.ts';
import type { ObservedChange } from '../change/observed-change.ts';
import type { ObservedGateOutcome, ObservedReview } from '../host/observation.ts';
import type { Told, ToldPullRequest } from '../host/told.ts';
import { reportOutcomes } from '../reports/report-outcomes.ts';
import type { RiskAssessment } from '../risk/risk-assessment.ts';
import { hasAllPaths, lowestLevel, pathsOf } from './change-input.ts';
import type { GateInput, GateOutcome, GateReview, Override } from './gate-input.ts';
import { actorOf, toldParticipants } from './told-participants.ts';

/** What does not follow from the change itself: a part of the sealed fact, so that the verdict follows from that alone. */
export type ToldInput = Omit<GateInput, 'class' | 'attributionLevel' | 'band' | 'score'>;

export interface ToldSources {
  readonly change: ObservedChange;
  readonly attribution: Attribution;
  readonly told: ToldPullRequest;
  /** Trees of commits that reviews were given on, as far as they can still be read. */
  readonly trees: ReadonlyMap<string, string>;
  readonly overrides: readonly Override[];
  readonly at: string;
}

/** What a code host told of a pull request, as a gate asks for it. */
export function toldInput({ change, attribution, told, trees, overrides, at }: ToldSources): ToldInput {
  const pull = told.pullRequest.data;
  return {
    repo: change.repo.id,
    number: pull.number,
    targetBranch: pull.base.branch,
    headSha: pull.head.sha,
    headTree:
      trees.get(pull.head.sha) ?? change.commits.find(({ sha }) => sha === pull.head.sha)?.tree ?? null,
    labels: pull.labels,
    paths: pathsOf(change),
    pathsComplete: hasAllPaths(change),
    participants: toldParticipants(change, attribution, told),
    reviews: told.reviews.map((review) => gateReview(review, told, trees)),
    outcomes: wereGatesTold(told) ? outcomesOf(told.gates.map(({ data }) => data)) : null,
    tickets: pull.tickets,
    overrides,
    mergedAt: pull.mergedAt,
    at,
  };
}

/** Together with what attribution and risk say of the change. */
export function gateInput(known: ToldInput, attribution: Attribution, risk: RiskAssessment): GateInput {
  return {
    ...known,
    class: attribution.class,
    attributionLevel: lowestLevel(attribution),
    band: risk.band,
    score: risk.score,
  };
}

function gateReview(
  { data }: Told<ObservedReview>,
  { access, commits }: ToldPullRequest,
  trees: ReadonlyMap<string, string>,
): GateReview {
  const { hostId, reviewer, state, commitSha, submittedAt, permission } = data;
  const may = access.find((one) => one.data.account.id === reviewer?.id)?.data;
  const tree =
    commitSha === null
      ? null
      : (trees.get(commitSha) ?? commits?.data.commits.find(({ sha }) => sha === commitSha)?.tree ?? null);
  return {
    hostId,
    reviewer,
    actor: actorOf(reviewer),
    state,
    commitSha,
    tree,
    submittedAt,
    permission: permission ?? may?.permission ?? null,
    teams: may?.teams ?? null,
  };
}

/** Of what was read back in bulk nobody asked for check results: none of them is not the same as no result. */
function wereGatesTold({ gates, pullRequest, pushes }: ToldPullRequest): boolean {
  const { via, event } = pullRequest.data.origin;
  return gates.length > 0 || pushes.length > 0 || via === 'webhook' || !event.includes('graphql');
}

/** Parts of a report are one outcome; of everything else each run is. */
function outcomesOf(gates: readonly ObservedGateOutcome[]): readonly GateOutcome[] {
  const isReport = ({ kind }: ObservedGateOutcome) => kind === 'report';
  const runs = gates.filter((gate) => !isReport(gate));
  return [...runs.map(gateOutcome), ...reportOutcomes(gates.filter(isReport))];
}

function gateOutcome(data: ObservedGateOutcome): GateOutcome {
  const { name, kind, headSha, conclusion, source, completedAt } = data;
  return { name, kind, headSha, conclusion, source, completedAt };
}
