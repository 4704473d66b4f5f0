import type { RepositoryPermission } from '../host/observation.ts';
import type { GateInput, GateReview } from './gate-input.ts';
import { momentOf, shortSha } from './judgement.ts';
import { type Participation, participationOf } from './participation.ts';

/** An approval of the head, as far as it may count; one person may have given several. */
export interface Approval {
  /** The same for all of one person's. */
  readonly person: string;
  readonly name: string;
  readonly teams: readonly string[] | null;
}

export interface WeighedReviews {
  readonly counted: readonly Approval[];
  /** Those of which nobody can tell, each with the sentence why. */
  readonly undecided: readonly (Approval & { readonly because: string })[];
  /** Sentences: changes are requested by somebody whose word blocks. */
  readonly blocking: readonly string[];
  /** Sentences: changes are requested, and nobody can tell whether that blocks. */
  readonly mayBlock: readonly string[];
  /** Sentences: recorded, but counted neither way. */
  readonly remarks: readonly string[];
  readonly participation: Participation;
}

/**
 * What the reviews of a change come to (design rule 5). Per person the latest verdict stands: requested changes or a
 * dismissal end that person's earlier approvals, a later approval ends requested changes. Of the approvals that stand one is
 * enough that was given on this content by somebody who took no part in it. An approval more never makes it worse.
 */
export function weighReviews(input: GateInput, reviews: readonly GateReview[]): WeighedReviews {
  const participation = participationOf(input);
  const dismissed = dismissedIds(reviews);
  const people = [...Map.groupBy(reviews, personOf).values()].map((ofPerson) =>
    weighPerson({ input, participation, dismissed, reviews: ofPerson }),
  );
  return {
    counted: people.flatMap(({ approvals }) =>
      approvals.flatMap((one) => (one.kind === 'counted' ? [one.approval] : [])),
    ),
    undecided: people.flatMap(({ approvals }) =>
      approvals.flatMap((one) =>
        one.kind === 'undecided' ? [{ ...one.approval, because: one.because }] : [],
      ),
    ),
    blocking: people.flatMap(({ block }) => (block?.kind === 'blocks' ? [block.because] : [])),
    mayBlock: people.flatMap(({ block }) => (block?.kind === 'undecided' ? [block.because] : [])),
    remarks: people.flatMap(({ approvals, block }) => [
      ...approvals.flatMap((one) => (one.kind === 'refused' ? [one.because] : [])),
      ...(block?.kind === 'refused' ? [block.because] : []),
    ]),
    participation,
  };
}

export interface ReviewWeight {
  readonly review: GateReview;
  /** `none`: it is no approval. */
  readonly weight: 'counted' | 'undecided' | 'refused' | 'none';
  readonly because: string | null;
}

/** Each review by itself, in the given order, as `weighReviews` weighs it. */
export function weighEach(input: GateInput, reviews: readonly GateReview[]): readonly ReviewWeight[] {
  const participation = participationOf(input);
  const dismissed = dismissedIds(reviews);
  const people = Map.groupBy(reviews, personOf);
  return reviews.map((review) => {
    if (review.state !== 'approved') return { review, weight: 'none', because: null };
    const ofPerson = people.get(personOf(review)) ?? [];
    const person = { input, participation, dismissed, reviews: ofPerson };
    const weight = weighApproval(review, { ...person, ended: endOf(person) });
    return { review, weight: weight.kind, because: weight.kind === 'counted' ? null : weight.because };
  });
}

type Weight =
  | { readonly kind: 'counted'; readonly approval: Approval }
  | { readonly kind: 'undecided'; readonly approval: Approval; readonly because: string }
  | { readonly kind: 'refused'; readonly because: string };

interface Block {
  readonly kind: 'blocks' | 'undecided' | 'refused';
  readonly because: string;
}

interface Weighed {
  readonly approvals: readonly Weight[];
  readonly block: Block | undefined;
}

interface OnePerson {
  readonly input: GateInput;
  readonly participation: Participation;
  /** Reviews that were dismissed, by id. */
  readonly dismissed: ReadonlySet<string>;
  readonly reviews: readonly GateReview[];
}

function weighPerson(person: OnePerson): Weighed {
  const { input, dismissed, reviews } = person;
  const inTime = reviews.filter(({ submittedAt }) => !isAfterMerge(submittedAt, input));
  const standing = inTime.filter(({ hostId }) => !dismissed.has(hostId));
  const requests = standing.filter(({ state }) => state === 'changes-requested');
  const ended = endOf(person);
  const approvals = reviews
    .filter(({ state }) => state === 'approved')
    .map((review) => weighApproval(review, { ...person, ended }));
  const requested = latest(requests);
  const lifted = standing.some(
    ({ state, submittedAt }) =>
      state === 'approved' && (momentOf(submittedAt) ?? Number.NEGATIVE_INFINITY) > requested,
  );
  const last = requests.filter(({ submittedAt }) => timeOrLast(submittedAt) === requested).map(weighRequest);
  const [block] = last.toSorted((a, b) => ranks[a.kind] - ranks[b.kind]);
  return { approvals, block: lifted ? undefined : block };
}

/** When this person's last requested changes or dismissed review came; what they approved before that is over. */
function endOf({ input, dismissed, reviews }: OnePerson): number {
  const inTime = reviews.filter(({ submittedAt }) => !isAfterMerge(submittedAt, input));
  return latest(
    inTime.filter(
      ({ state, hostId }) =>
        state === 'dismissed' || (state === 'changes-requested' && !dismissed.has(hostId)),
    ),
  );
}

function dismissedIds(reviews: readonly GateReview[]): ReadonlySet<string> {
  return new Set(reviews.flatMap(({ state, hostId }) => (state === 'dismissed' ? [hostId] : [])));
}

/** Of several requests at one moment the gravest stands. */
const ranks: Readonly<Record<Block['kind'], number>> = { blocks: 0, undecided: 1, refused: 2 };

interface Standing extends OnePerson {
  /** When this person's last requested changes or dismissed review came. */
  readonly ended: number;
}

function weighApproval(review: GateReview, person: Standing): Weight {
  const approval: Approval = { person: personOf(review), name: nameOf(review), teams: review.teams };
  const refusal = whyRefused(review, person);
  if (refusal !== undefined)
    return { kind: 'refused', because: `The approval by ${approval.name} does not count: ${refusal}.` };
  const doubt = whyUndecided(review, person);
  if (doubt === undefined) return { kind: 'counted', approval };
  return {
    kind: 'undecided',
    approval,
    because: `Whether the approval by ${approval.name} counts is open: ${doubt}.`,
  };
}

function whyRefused(
  review: GateReview,
  { input, participation, dismissed, ended }: Standing,
): string | undefined {
  const { actor, reviewer, submittedAt, commitSha, permission } = review;
  if (actor === 'agent' || actor === 'bot' || reviewer?.kind === 'bot')
    return `it comes from ${actor === 'agent' ? 'an agent' : 'a bot'}, and only people approve`;
  if (dismissed.has(review.hostId)) return 'it was dismissed';
  if (isAfterMerge(submittedAt, input)) return 'it came after the merge';
  const moment = momentOf(submittedAt);
  if (moment !== null && moment <= ended) return 'a later review by the same person stands in its place';
  const part = reviewer === null ? undefined : participation.accounts.get(reviewer.id);
  if (part !== undefined) return `they took part in the change (${part})`;
  if (permission !== null && !mayWrite(permission))
    return `their right in the repository is \`${permission}\`, not to write`;
  if (contentOf(review, input) === 'other')
    return `it was given on ${shortSha(commitSha ?? '')}, whose content is not that of the head ${shortSha(input.headSha)}`;
  return undefined;
}

function whyUndecided(review: GateReview, { input, participation }: Standing): string | undefined {
  if (!review.reviewer?.id) return 'the account is gone';
  if (review.actor !== 'human') return 'no signal tells whether a person or an agent acts there';
  if (momentOf(review.submittedAt) === null) return 'when it was given is not known';
  if (input.mergedAt !== null && momentOf(input.mergedAt) === null)
    return 'when the change was merged is not known';
  if (review.permission === null) return 'what they may do in the repository is not known';
  if (contentOf(review, input) === 'unknown')
    return 'whether it was given on the content of the head is not known';
  return participation.unresolved.length > 0
    ? 'not everybody who took part in the change is known'
    : undefined;
}

/** Approvals bind to content: the commit, or another one with the same tree. Times of commits are their author's to choose. */
function contentOf(
  { commitSha, tree }: GateReview,
  { headSha, headTree }: GateInput,
): 'same' | 'other' | 'unknown' {
  if (commitSha === null || commitSha === '' || headSha === '') return 'unknown';
  if (commitSha === headSha) return 'same';
  if (!tree || !headTree) return 'unknown';
  return tree === headTree ? 'same' : 'other';
}

function weighRequest(review: GateReview): Block {
  const { permission, commitSha } = review;
  const on = commitSha === null ? '' : ` (on ${shortSha(commitSha)})`;
  const said = `${nameOf(review)} requests changes${on}`;
  if (permission === null)
    return { kind: 'undecided', because: `${said}; what they may do in the repository is not known.` };
  if (mayWrite(permission)) return { kind: 'blocks', because: `${said}.` };
  return { kind: 'refused', because: `${said}, without the right to write: that blocks nothing.` };
}

function mayWrite(permission: RepositoryPermission): boolean {
  return permission === 'admin' || permission === 'maintain' || permission === 'write';
}

function isAfterMerge(submittedAt: string, { mergedAt }: GateInput): boolean {
  const [submitted, merged] = [momentOf(submittedAt), momentOf(mergedAt)];
  return submitted !== null && merged !== null && submitted > merged;
}

/** Nobody knows what a review without time comes after: as a request it stands. */
function timeOrLast(submittedAt: string): number {
  return momentOf(submittedAt) ?? Number.POSITIVE_INFINITY;
}

function latest(reviews: readonly GateReview[]): number {
  return reviews.reduce(
    (last, { submittedAt }) => Math.max(last, timeOrLast(submittedAt)),
    Number.NEGATIVE_INFINITY,
  );
}

function personOf({ reviewer, hostId }: GateReview): string {
  return reviewer?.id ? reviewer.id : `review ${hostId}`;
}

function nameOf({ reviewer }: GateReview): string {
  return reviewer?.login ?? 'a deleted account';
}
