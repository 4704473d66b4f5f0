import type { ChangeListItem, ShownChange } from '../contract/changes.ts';
import type { PullRequestItem } from '../contract/pull-requests.ts';
import { claimedPairs } from '../core/change/change-columns.ts';
import type { ChangeStatement } from '../core/evidence/change-evidence.ts';

/** A change that reached its branch, as its page shows it. */
export function landedChange(item: ChangeListItem, statement: ChangeStatement | undefined): ShownChange {
  const assessedAt = statement?.predicate.pullRequest?.assessedAt ?? null;
  return { ...item, state: 'merged', draft: false, assessedAt };
}

/** A pull request that no list of changes holds; what its row does not tell is read from its record. */
export function unlandedChange(pull: PullRequestItem, statement: ChangeStatement | undefined): ShownChange {
  const { repoId, changeId, number, title, state, draft, mergedAt, assessedAt, evidenceSeq } = pull;
  const { change, attribution, capture } = statement?.predicate ?? {};
  const pairs = claimedPairs(attribution?.claims ?? []);
  return {
    repoId,
    changeId,
    kind: 'pull_request',
    number,
    title,
    authorName: change?.author?.name ?? pull.authorLogin ?? '',
    state,
    draft,
    mergedAt,
    mergeSha: change?.mergeSha ?? null,
    assessedAt,
    class: pull.class,
    aiShare: attribution?.aiShare ?? null,
    attributionLevel: pull.attributionLevel,
    agents: [...new Set(pairs.agents)],
    models: [...new Set(pairs.models.filter((model) => model !== null))],
    riskScore: pull.riskScore,
    riskBand: pull.riskBand,
    files: change?.size?.files ?? null,
    additions: change?.size?.additions ?? null,
    deletions: change?.size?.deletions ?? null,
    gaps: change?.gaps?.length ?? null,
    contradictions: attribution?.contradictions?.length ?? null,
    capture: shownCapture(capture?.change?.capture),
    evidenceSeq,
  };
}

function shownCapture(capture: string | undefined): ShownChange['capture'] {
  return capture === 'live' || capture === 'backfilled' ? capture : null;
}
