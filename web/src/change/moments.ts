import type { ChangeDetail } from '../../../src/contract/changes.ts';
import type { ChangeStatement, EvidencePullRequest } from '../../../src/core/evidence/change-evidence.ts';
import type { EvidenceReview } from '../../../src/core/evidence/decided-items.ts';
import { count } from '../../../src/core/sentence-parts.ts';

export interface Moment {
  readonly id: string;
  /** RFC 3339. */
  readonly at: string;
  readonly what: string;
  /** Who did it, as they call themselves. */
  readonly who?: string;
  /** Who says so: git's dates are set by whoever writes the commit, the record's by this server. */
  readonly by: 'git' | 'host' | 'record';
  readonly note?: string;
}

/** The table of reviews has all of them. */
const shownReviews = 20;

/** What happened to a change, oldest first; at one time in the order of the list. Moments that nobody knows are left out. */
export function momentsOf(
  { commits, sealed, records, item }: ChangeDetail,
  statement: ChangeStatement,
): readonly Moment[] {
  const { capture, supersedes, pullRequest, reviews } = statement.predicate;
  const authored = commits.map(({ authoredAt }) => authoredAt).sort(byTime);
  const moments: readonly (Moment | undefined)[] = [
    moment('authored', authored[0], 'First commit authored', 'git'),
    authored.length > 1 ? moment('last', authored.at(-1), 'Last commit authored', 'git') : undefined,
    moment('opened', pullRequest?.createdAt, 'Pull request opened', 'host'),
    ...reviews.items.slice(-shownReviews).map(reviewed),
    item.state === 'closed' ? closed(pullRequest, 'Closed without a merge') : undefined,
    item.state === 'merged' ? doneBy(pullRequest?.mergedBy, closed(pullRequest, 'Merged')) : undefined,
    moment('merged', item.mergedAt ?? undefined, 'Reached the target branch', 'git'),
    moment(
      'received',
      capture.change.receivedAt ?? undefined,
      'Seen by Reentry',
      'record',
      capturedHow(capture.change),
    ),
    ...records
      .filter(({ evidenceSeq }) => evidenceSeq !== sealed.index)
      .map(({ evidenceSeq, at }) =>
        moment(
          `record-${evidenceSeq}`,
          at,
          `Record ${count(evidenceSeq)} sealed`,
          'record',
          evidenceSeq === supersedes
            ? 'superseded by the one shown here; it stays in the log'
            : 'another record of this change',
        ),
      ),
    moment(
      'sealed',
      sealed.at,
      `Record ${count(sealed.index)} sealed`,
      'record',
      'the one that this page shows',
    ),
  ];
  return moments.filter((one) => one !== undefined).sort((a, b) => byTime(a.at, b.at));
}

function moment(
  id: string,
  at: string | undefined,
  what: string,
  by: Moment['by'],
  note?: string,
): Moment | undefined {
  if (at === undefined || Number.isNaN(Date.parse(at))) return undefined;
  return { id, at, what, by, ...(note === undefined ? {} : { note }) };
}

function reviewed({ hostId, submittedAt, state, reviewer }: EvidenceReview): Moment | undefined {
  return doneBy(
    reviewer ?? { login: 'a deleted account' },
    moment(`review-${hostId}`, submittedAt, reviewWords[state], 'host'),
  );
}

function closed(pullRequest: EvidencePullRequest | undefined, what: string): Moment | undefined {
  return moment('closed', pullRequest?.closedAt ?? undefined, what, 'host');
}

function doneBy(
  account: { readonly login: string } | null | undefined,
  one: Moment | undefined,
): Moment | undefined {
  return one && account ? { ...one, who: account.login } : one;
}

const reviewWords: Readonly<Record<EvidenceReview['state'], string>> = {
  approved: 'Approved',
  'changes-requested': 'Changes requested',
  commented: 'Review with comments',
  dismissed: 'Review, dismissed since',
};

function capturedHow({ capture }: ChangeStatement['predicate']['capture']['change']): string {
  return capture === 'live' ? 'as it happened' : 'rebuilt from history afterwards';
}

function byTime(a: string, b: string): number {
  return Date.parse(a) - Date.parse(b);
}
