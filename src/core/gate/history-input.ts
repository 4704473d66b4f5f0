import type { ObservedChange } from '../change/observed-change.ts';
import type { ChangeEvidence } from '../evidence/change-evidence.ts';
import { hasAllPaths, lowestLevel, pathsOf } from './change-input.ts';
import type { GateInput } from './gate-input.ts';

/**
 * What a sealed git history alone tells a gate of a merged change, judged as of its merge: class, risk, paths, and how sure the
 * attribution is. Reviews, check results, labels, tickets and accounts are not in git; each of them is unknown, not absent.
 *
 * @param observed The fact that the record was made from; null where it was erased.
 */
export function historyInput(
  { change, attribution, risk }: Pick<ChangeEvidence, 'change' | 'attribution' | 'risk'>,
  observed: Pick<ObservedChange, 'commits' | 'files' | 'gaps' | 'size'> | null,
): GateInput {
  return {
    repo: change.repo,
    number: change.number,
    targetBranch: change.targetBranch,
    headSha: change.headSha,
    headTree: observed?.commits.find(({ sha }) => sha === change.headSha)?.tree ?? null,
    labels: null,
    paths: observed === null ? [] : pathsOf(observed),
    pathsComplete: observed !== null && hasAllPaths(observed),
    class: attribution.class,
    attributionLevel: lowestLevel(attribution),
    band: risk.band,
    score: risk.score,
    participants: [],
    reviews: null,
    outcomes: null,
    tickets: null,
    overrides: [],
    mergedAt: change.mergedAt,
    at: change.mergedAt ?? '',
  };
}
