import type { ObservedChange } from '../change/observed-change.ts';
import type { Attribution, Claim, FileAttribution } from './attribution.ts';
import type { RecordedSession } from './attribution-record.ts';
import { buildClaim } from './build-claim.ts';
import { classifyChange } from './classify-change.ts';
import { collectSignals } from './collect-signals.ts';
import { type FoundContradiction, findContradictions } from './find-contradictions.ts';
import { compareFound, compareText, type FoundSignal, landedNowhere } from './found-signal.ts';
import { type ClaimDraft, type Grouping, groupClaims } from './group-claims.ts';
import { type LineShares, shareLines } from './line-shares.ts';
import { usersFromAuthors } from './user-of-claim.ts';

/** Rule set and registry; a rule, pattern or identity that is added or changed makes a new one. */
const attributionVersion = 'attribution@1';

const maxClaims = 250;
const maxSignalsOfClaim = 100;
const maxSignals = 3_000;
const maxOtherSignals = 200;
/** Only a change made to be costly has more; what is beyond is counted and takes no part in grouping. */
const maxGrouped = 10_000;

/**
 * Which agents, models, sessions and people the change comes from, as far as git says, and on what that rests. Pure and
 * deterministic: the order in which records and sessions arrive does not matter. What is cut for its number is counted
 * in `signalsOmitted` and `claimsOmitted`; class and share rest on everything.
 */
export function attributeChange(change: ObservedChange): Attribution {
  const found = collectSignals(change);
  const { drafts, others } = withoutCarried(groupClaims(found.slice(0, maxGrouped)));
  const users = usersFromAuthors(change, drafts);
  const lines = shareLines(change, drafts);
  const contradictions = findContradictions(change, drafts, lines.overlaps);
  const lined = sessionsWithLines(change);
  const claims = drafts
    .map((draft) => ({
      draft,
      claim: claimOf(draft, users.get(draft), contradictions, linesOf(draft, lined, lines)),
    }))
    .toSorted((a, b) => compareClaims(a.claim, b.claim))
    .slice(0, maxClaims);
  const index = new Map(claims.map(({ draft }, position) => [draft, position]));
  const shown = others.filter(isShown);
  const omitted =
    found.length - Math.min(found.length, maxGrouped) + Math.max(0, shown.length - maxOtherSignals);
  return {
    ...classifyChange(change, found, lines),
    claims: cutSignals(claims.map(({ claim }) => claim)),
    ...(drafts.length > maxClaims ? { claimsOmitted: drafts.length - maxClaims } : {}),
    otherSignals: shown.slice(0, maxOtherSignals).map(({ signal }) => signal),
    ...(omitted > 0 ? { signalsOmitted: omitted } : {}),
    contradictions: contradictions.map(({ contradiction }) => contradiction),
    files: lines.files.map((file) => describeFile(file, index)),
    version: attributionVersion,
  };
}

/** A claim that rests on nothing but records of lines that are not in the change is none: its signals are shown, last. */
function withoutCarried({ drafts, others }: Grouping): Grouping {
  const isCarried = ({ signals }: ClaimDraft) =>
    signals.every((one) => !one.authorship || landedNowhere(one));
  const carried = drafts.filter(isCarried).flatMap(({ signals }) => signals);
  return {
    drafts: drafts.filter((draft) => !isCarried(draft)),
    others: [...others, ...carried.toSorted(compareFound)],
  };
}

function claimOf(
  draft: ClaimDraft,
  user: FoundSignal | undefined,
  contradictions: readonly FoundContradiction[],
  lines: number | null,
): Claim {
  const about = contradictions.flatMap(({ drafts, contradiction }) =>
    drafts.includes(draft) ? [contradiction] : [],
  );
  return buildClaim(
    user === undefined ? draft : { ...draft, signals: [...draft.signals, user] },
    about,
    lines,
  );
}

function sessionsWithLines(change: ObservedChange): ReadonlySet<RecordedSession> {
  return new Set(change.records.flatMap(({ hasLines, sessions }) => (hasLines ? sessions : [])));
}

/** Null where none of the claim's signals says lines. */
function linesOf(
  draft: ClaimDraft,
  lined: ReadonlySet<RecordedSession>,
  { linesOf }: LineShares,
): number | null {
  const says = draft.signals.some(({ session }) => session !== undefined && lined.has(session));
  return says ? (linesOf.get(draft) ?? 0) : null;
}

/** Most lines first, then the better supported, then by name. */
function compareClaims(left: Claim, right: Claim): number {
  return (
    (right.lines ?? -1) - (left.lines ?? -1) ||
    right.level - left.level ||
    compareText(left.agent, right.agent) ||
    compareText(left.model ?? '', right.model ?? '') ||
    compareText(left.sessionId ?? '', right.sessionId ?? '') ||
    compareText(left.signals[0]?.locator ?? '', right.signals[0]?.locator ?? '')
  );
}

function cutSignals(claims: readonly Claim[]): readonly Claim[] {
  let left = maxSignals;
  return claims.map((claim) => {
    const kept = Math.max(1, Math.min(maxSignalsOfClaim, left));
    left -= Math.min(kept, claim.signals.length);
    const omitted = claim.signals.length - kept;
    return omitted > 0 ? { ...claim, signals: claim.signals.slice(0, kept), signalsOmitted: omitted } : claim;
  });
}

/** A person who asked, with no agent to ask, is an ordinary trailer; a bare model without an agent is prose. */
function isShown({ signal, supporting }: FoundSignal): boolean {
  return signal.role !== 'requester' && supporting !== true;
}

function describeFile(
  file: LineShares['files'][number],
  index: ReadonlyMap<ClaimDraft, number>,
): FileAttribution {
  return {
    path: file.path,
    class: file.class,
    aiShare: file.aiShare,
    additions: file.additions,
    ranges: file.parts
      .map((part) => ({
        ranges: part.ranges,
        class: part.class,
        claim: part.draft === null ? null : (index.get(part.draft) ?? null),
      }))
      .toSorted(
        (a, b) => (a.ranges[0]?.[0] ?? 0) - (b.ranges[0]?.[0] ?? 0) || (a.claim ?? -1) - (b.claim ?? -1),
      ),
  };
}
