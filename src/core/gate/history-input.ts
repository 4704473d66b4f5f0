import type { Attribution, Level } from '../attribution/attribution.ts';
import type { Gap, ObservedChange } from '../change/observed-change.ts';
import type { ChangeEvidence } from '../evidence/change-evidence.ts';
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
    paths:
      observed?.files.flatMap(({ path, oldPath }) => (oldPath === undefined ? [path] : [path, oldPath])) ??
      [],
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
    at: change.mergedAt,
  };
}

const gapsOfPaths: ReadonlySet<Gap['code']> = new Set([
  'files-omitted',
  'shallow-boundary',
  'unreadable-object',
]);

function hasAllPaths({ files, gaps, size }: Pick<ObservedChange, 'files' | 'gaps' | 'size'>): boolean {
  return files.length >= size.files && !gaps.some(({ code }) => gapsOfPaths.has(code));
}

/** An attribution is as sure as the least sure of the claims that make it; who only reviewed or suggested makes none. */
function lowestLevel({ claims }: Pick<Attribution, 'claims'>): Level | null {
  const levels = claims.flatMap(({ role, level }) =>
    role === 'author' || role === 'co-author' ? [level] : [],
  );
  return levels.toSorted((a, b) => a - b)[0] ?? null;
}
