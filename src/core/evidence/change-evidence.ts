import type { Attribution } from '../attribution/attribution.ts';
import type { ObservedChange } from '../change/observed-change.ts';
import type { GateInput } from '../gate/gate-input.ts';
import type { Outcome } from '../gate/outcome.ts';
import type { RequirementResult, Verdict } from '../gate/verdict.ts';
import { verdictSentence } from '../gate/verdict-sentence.ts';
import type { RiskAssessment } from '../risk/risk-assessment.ts';
import type { AppliedPolicy, AssessedHead, MergedContent, PullRequestThen } from './assessed-head.ts';
import type { Capture } from './capture.ts';
import {
  type Decided,
  decidedGates,
  decidedReviews,
  type EvidenceGate,
  type EvidenceReview,
} from './decided-items.ts';
import { changeUrls } from './forge-urls.ts';

export const statementType = 'https://in-toto.io/Statement/v1';
export const predicateType = 'urn:reentry:change-evidence:v1';
export const payloadType = 'application/vnd.in-toto+json';

/** Something that a source could not tell, with the reason in words. */
export interface Undetermined {
  readonly result: Extract<Outcome, 'indeterminate'>;
  readonly because: string;
  readonly items: readonly never[];
}

export interface CaptureNote {
  readonly capture: Capture | 'none';
  readonly occurredAt: string | null;
  readonly receivedAt: string | null;
  readonly lagSeconds: number | null;
}

/** What an evidence record was derived from: a published checkpoint of the events log and the facts under it. */
export interface DerivedFrom {
  readonly log: string;
  /** Root as hex. */
  readonly checkpoint: { readonly size: number; readonly root: string };
  /** Per fact: its index in that log and the SHA-256, hex, of its data as JSON. */
  readonly entries: readonly { readonly index: number; readonly digest: string }[];
}

export type EvidenceReason = 'first-assessed' | 'new-head' | 'merged' | 'learned-later';

/** What the policy says of the head, with its rules; null digest where no policy could be read. */
export interface EvidenceVerdict extends Decided<RequirementResult> {
  readonly policyDigest: string | null;
  readonly policy: Omit<AppliedPolicy, 'text'>;
  readonly pending: boolean;
  readonly matched: readonly string[];
}

/** Of a change that a code host told of, beside what git says. */
export interface EvidencePullRequest extends PullRequestThen {
  readonly labels: readonly string[];
  readonly tickets: readonly string[];
  /** See `AssessedHead.state`. */
  readonly stateDigest: string;
  /** When it was judged, RFC 3339 in UTC. */
  readonly assessedAt: string;
  /** What the host enforced on the branch; null where it did not tell. */
  readonly protection: AssessedHead['protection'];
  /** Whether what landed is what the head was; null while it is open. */
  readonly merged: MergedContent | null;
}

export interface ChangeEvidence {
  readonly change: {
    readonly repo: string;
    readonly repoUrl: string | null;
    readonly id: string;
    readonly kind: 'pull_request' | 'direct_push';
    readonly number: number | null;
    readonly title: string;
    readonly urls: readonly string[];
    readonly landing: string;
    readonly targetBranch: string;
    readonly baseSha: string | null;
    readonly headSha: string;
    /** Null while it is open. */
    readonly mergeSha: string | null;
    readonly author: { readonly name: string; readonly email: string };
    readonly mergedBy: { readonly name: string; readonly email: string } | null;
    readonly mergedAt: string | null;
    readonly commits: readonly string[];
    readonly size: { readonly files: number; readonly additions: number; readonly deletions: number };
    readonly gaps: readonly { readonly code: string; readonly detail: string }[];
  };
  readonly attribution: Attribution;
  readonly risk: RiskAssessment;
  /** Only where a code host told of it. */
  readonly pullRequest?: EvidencePullRequest;
  readonly reviews: Undetermined | Decided<EvidenceReview>;
  readonly gates: Undetermined | Decided<EvidenceGate>;
  readonly verdict: (Undetermined & { readonly policyDigest: null }) | EvidenceVerdict;
  readonly controlResults: Undetermined;
  readonly capture: Readonly<Record<'change' | 'attribution' | 'risk' | 'reviews' | 'gates', CaptureNote>>;
  readonly reason: EvidenceReason;
  /** Index in the evidence log of the record that this one replaces. */
  readonly supersedes: number | null;
  readonly derivedFrom: DerivedFrom;
  readonly proves: readonly string[];
  readonly doesNotProve: readonly string[];
}

/** in-toto Statement v1 with our predicate; the key order is part of the format. */
export interface ChangeStatement {
  readonly _type: typeof statementType;
  readonly subject: readonly { readonly name: string; readonly digest: Readonly<Record<string, string>> }[];
  readonly predicateType: typeof predicateType;
  readonly predicate: ChangeEvidence;
}

export interface EvidenceInput {
  readonly change: ObservedChange;
  readonly attribution: Attribution;
  readonly risk: RiskAssessment;
  readonly receivedAt: string;
  readonly capture: Capture;
  readonly reason: EvidenceReason;
  readonly supersedes: number | null;
  readonly derivedFrom: DerivedFrom;
  /** Where a code host told of it. */
  readonly assessed?: JudgedHead;
}

/** An assessed head with what a policy makes of it. */
export interface JudgedHead {
  readonly head: AssessedHead;
  readonly input: GateInput;
  readonly verdict: Verdict;
}

/**
 * The statement of one change. A pure function of its input, so that a rebuild ends with the same bytes:
 * `JSON.stringify` of the result is the signed payload.
 */
export function changeStatement(input: EvidenceInput): ChangeStatement {
  const { change, assessed } = input;
  return {
    _type: statementType,
    subject: subjects(change, isOpen(input)),
    predicateType,
    predicate: {
      change: describeChange(change, isOpen(input)),
      attribution: input.attribution,
      risk: input.risk,
      ...(assessed ? { pullRequest: describePullRequest(assessed.head) } : {}),
      ...(assessed ? decisions(assessed) : nothingDecided),
      controlResults: undetermined(
        assessed
          ? 'No control was evaluated yet.'
          : 'No control was evaluated: reviews and gates of this change are not known.',
      ),
      capture: captureNotes(input),
      reason: input.reason,
      supersedes: input.supersedes,
      derivedFrom: input.derivedFrom,
      proves: proves(input),
      doesNotProve: doesNotProve(input),
    },
  };
}

function isOpen({ assessed }: EvidenceInput): boolean {
  return assessed !== undefined && assessed.head.pullRequest.state !== 'merged';
}

const nothingDecided: Pick<ChangeEvidence, 'reviews' | 'gates' | 'verdict'> = {
  reviews: undetermined('Git carries no reviews. Connect the code host to capture them as they happen.'),
  gates: undetermined('Git carries no check results. Connect the code host, or report them from CI.'),
  verdict: {
    ...undetermined('No policy was evaluated: reviews and gates of this change are not known.'),
    policyDigest: null,
  },
};

function decisions({
  head,
  input,
  verdict,
}: JudgedHead): Pick<ChangeEvidence, 'reviews' | 'gates' | 'verdict'> {
  const { text: _, ...policy } = head.policy;
  return {
    reviews: decidedReviews(input, verdict),
    gates: decidedGates(input, verdict, head.protection),
    verdict: {
      result: verdict.outcome,
      because: verdictSentence(verdict),
      items: verdict.results,
      policyDigest: verdict.policyDigest,
      policy,
      pending: verdict.pending,
      matched: verdict.matched,
    },
  };
}

function describePullRequest(head: AssessedHead): EvidencePullRequest {
  const { pullRequest, known, state, protection, merged } = head;
  return {
    ...pullRequest,
    labels: known.labels ?? [],
    tickets: known.tickets ?? [],
    stateDigest: state,
    assessedAt: known.at,
    protection,
    merged,
  };
}

function subjects(change: ObservedChange, open: boolean): ChangeStatement['subject'] {
  const head = { name: 'head', digest: { gitCommit: change.headSha } };
  if (open) return [head, { name: 'head-tree', digest: { gitTree: change.mergeTree } }];
  const commits =
    change.headSha === change.mergeSha
      ? [{ name: 'merge', digest: { gitCommit: change.mergeSha } }]
      : [head, { name: 'merge', digest: { gitCommit: change.mergeSha } }];
  return [...commits, { name: 'merge-tree', digest: { gitTree: change.mergeTree } }];
}

function describeChange(change: ObservedChange, open: boolean): ChangeEvidence['change'] {
  const landed = change.commits.find((commit) => commit.sha === change.mergeSha);
  return {
    repo: change.repo.id,
    repoUrl: change.repo.url ?? null,
    id: change.id,
    kind: change.kind,
    number: change.number ?? null,
    title: change.title,
    urls: changeUrls(change),
    landing: change.landing,
    targetBranch: change.targetBranch,
    baseSha: change.baseSha,
    headSha: change.headSha,
    mergeSha: open ? null : change.mergeSha,
    author: change.author,
    mergedBy: landed && !open ? landed.committer : null,
    mergedAt: open ? null : change.mergedAt,
    commits: change.commits.map((commit) => commit.sha),
    size: change.size,
    gaps: change.gaps,
  };
}

function undetermined(because: string): Undetermined {
  return { result: 'indeterminate', because, items: [] };
}

function captureNotes(input: EvidenceInput): ChangeEvidence['capture'] {
  const note = captureNote(input.capture, input.change.mergedAt, input.receivedAt);
  const none: CaptureNote = { capture: 'none', occurredAt: null, receivedAt: null, lagSeconds: null };
  const { assessed } = input;
  if (assessed === undefined)
    return { change: note, attribution: note, risk: note, reviews: none, gates: none };
  const { head } = assessed;
  const lastOf = (ids: ReadonlySet<string>): CaptureNote => {
    const captured = head.captured.filter(({ hostId }) => ids.has(hostId));
    const [last] = captured.toSorted((a, b) => (a.receivedAt < b.receivedAt ? 1 : -1));
    if (last === undefined) return none;
    const isLive = captured.every(({ capture }) => capture === 'live');
    return captureNote(isLive ? 'live' : 'backfilled', last.occurredAt, last.receivedAt);
  };
  const reviews = new Set((head.known.reviews ?? []).map(({ hostId }) => `review/${hostId}`));
  const gates = new Set(head.captured.flatMap(({ hostId }) => (hostId.startsWith('gate/') ? [hostId] : [])));
  return { change: note, attribution: note, risk: note, reviews: lastOf(reviews), gates: lastOf(gates) };
}

function captureNote(capture: Capture, occurredAt: string, receivedAt: string): CaptureNote {
  const lagSeconds = Math.max(0, Math.round((Date.parse(receivedAt) - Date.parse(occurredAt)) / 1000));
  return { capture, occurredAt, receivedAt, lagSeconds };
}

const hostNames: Readonly<Record<string, string>> = { github: 'GitHub', gitlab: 'GitLab' };

function proves(input: EvidenceInput): readonly string[] {
  const { change, assessed } = input;
  return [
    `Git held the commit ${change.mergeSha} with tree ${change.mergeTree} when this record was made.`,
    'The notes, trailers and identities quoted as signals stood in that history, word for word.',
    'The score follows from the sealed features and the named model; anyone can add it up again.',
    ...(assessed
      ? [
          `${hostNames[assessed.head.pullRequest.host] ?? assessed.head.pullRequest.host} told of the reviews and check results that are listed, each sealed before this record.`,
          'The verdict follows from what is listed here and the policy of that digest, and from nothing else.',
        ]
      : []),
  ];
}

function doesNotProve(input: EvidenceInput): readonly string[] {
  const highest = input.attribution.claims.reduce((level, claim) => Math.max(level, claim.level), 0);
  return [
    'Who sat at the keyboard: names, e-mails, trailers and notes in git can be written by anyone.',
    ...(highest < 3 ? ['That the named agent session really took place: no telemetry was captured.'] : []),
    'That no agent took part where no signal is found: absence of a signal is `unknown`, not `human`.',
    input.assessed
      ? 'Who acted under an account at the code host, and that whoever approved read what they approved.'
      : 'That the change was reviewed or passed its gates: git does not carry reviews or check results.',
    ...(input.capture === 'backfilled'
      ? [
          'When it happened: it was rebuilt from history afterwards, and commit dates are set by their author.',
        ]
      : []),
  ];
}
