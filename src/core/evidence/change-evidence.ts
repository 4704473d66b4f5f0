import type { Attribution } from '../attribution/attribution.ts';
import type { ObservedChange } from '../change/observed-change.ts';
import type { Outcome } from '../gate/outcome.ts';
import type { RiskAssessment } from '../risk/risk-assessment.ts';
import type { Capture } from './fact.ts';
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

export type EvidenceReason = 'merged' | 'learned-later';

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
    readonly mergeSha: string;
    readonly author: { readonly name: string; readonly email: string };
    readonly mergedBy: { readonly name: string; readonly email: string } | null;
    readonly mergedAt: string;
    readonly commits: readonly string[];
    readonly size: { readonly files: number; readonly additions: number; readonly deletions: number };
    readonly gaps: readonly { readonly code: string; readonly detail: string }[];
  };
  readonly attribution: Attribution;
  readonly risk: RiskAssessment;
  readonly reviews: Undetermined;
  readonly gates: Undetermined;
  readonly verdict: Undetermined & { readonly policyDigest: null };
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
}

/**
 * The statement of one change. A pure function of its input, so that a rebuild ends with the same bytes:
 * `JSON.stringify` of the result is the signed payload.
 */
export function changeStatement(input: EvidenceInput): ChangeStatement {
  const { change } = input;
  return {
    _type: statementType,
    subject: subjects(change),
    predicateType,
    predicate: {
      change: describeChange(change),
      attribution: input.attribution,
      risk: input.risk,
      reviews: undetermined('Git carries no reviews. Connect the code host to capture them as they happen.'),
      gates: undetermined('Git carries no check results. Connect the code host, or report them from CI.'),
      verdict: {
        ...undetermined('No policy was evaluated: reviews and gates of this change are not known.'),
        policyDigest: null,
      },
      controlResults: undetermined(
        'No control was evaluated: reviews and gates of this change are not known.',
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

function subjects(change: ObservedChange): ChangeStatement['subject'] {
  const commits =
    change.headSha === change.mergeSha
      ? [{ name: 'merge', digest: { gitCommit: change.mergeSha } }]
      : [
          { name: 'head', digest: { gitCommit: change.headSha } },
          { name: 'merge', digest: { gitCommit: change.mergeSha } },
        ];
  return [...commits, { name: 'merge-tree', digest: { gitTree: change.mergeTree } }];
}

function describeChange(change: ObservedChange): ChangeEvidence['change'] {
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
    mergeSha: change.mergeSha,
    author: change.author,
    mergedBy: landed ? landed.committer : null,
    mergedAt: change.mergedAt,
    commits: change.commits.map((commit) => commit.sha),
    size: change.size,
    gaps: change.gaps,
  };
}

function undetermined(because: string): Undetermined {
  return { result: 'indeterminate', because, items: [] };
}

function captureNotes(input: EvidenceInput): ChangeEvidence['capture'] {
  const occurred = Date.parse(input.change.mergedAt);
  const lagSeconds = Math.max(0, Math.round((Date.parse(input.receivedAt) - occurred) / 1000));
  const note: CaptureNote = {
    capture: input.capture,
    occurredAt: input.change.mergedAt,
    receivedAt: input.receivedAt,
    lagSeconds,
  };
  const none: CaptureNote = { capture: 'none', occurredAt: null, receivedAt: null, lagSeconds: null };
  return { change: note, attribution: note, risk: note, reviews: none, gates: none };
}

function proves(input: EvidenceInput): readonly string[] {
  return [
    `Git held the commit ${input.change.mergeSha} with tree ${input.change.mergeTree} when this record was made.`,
    'The notes, trailers and identities quoted as signals stood in that history, word for word.',
    'The score follows from the sealed features and the named model; anyone can add it up again.',
  ];
}

function doesNotProve(input: EvidenceInput): readonly string[] {
  const highest = input.attribution.claims.reduce((level, claim) => Math.max(level, claim.level), 0);
  return [
    'Who sat at the keyboard: names, e-mails, trailers and notes in git can be written by anyone.',
    ...(highest < 3 ? ['That the named agent session really took place: no telemetry was captured.'] : []),
    'That no agent took part where no signal is found: absence of a signal is `unknown`, not `human`.',
    'That the change was reviewed or passed its gates: git does not carry reviews or check results.',
    ...(input.capture === 'backfilled'
      ? [
          'When it happened: it was rebuilt from history afterwards, and commit dates are set by their author.',
        ]
      : []),
  ];
}
