import { hash } from 'node:crypto';
import type { ObservedChange } from '../core/change/observed-change.ts';
import type {
  AppliedPolicy,
  AssessedHead,
  AssessedMoment,
  MergedContent,
} from '../core/evidence/assessed-head.ts';
import type { JudgedHead } from '../core/evidence/change-evidence.ts';
import { decidedReviews } from '../core/evidence/decided-items.ts';
import { changeAssessed, dataDigest, factTypes } from '../core/evidence/fact.ts';
import { type CheckSummary, checkSummary } from '../core/gate/check-summary.ts';
import { toldInput } from '../core/gate/told-input.ts';
import type { ObservedPullRequest } from '../core/host/observation.ts';
import { type ToldPullRequest, toldItems } from '../core/host/told.ts';
import type { Scorecard } from '../core/risk/scorecard.ts';
import { encodeHex } from '../core/tlog/bytes.ts';
import { type AssessedChange, assessChange } from './assess-change.ts';
import { deriveEvidence } from './derive-evidence.ts';
import { gatherTold } from './gather-told.ts';
import type { HostConnection, PublishedCheck, PublishedChecks } from './host-ports.ts';
import type { HostRepositoryRow, PullRequestKey, PullRequestRow } from './host-row-ports.ts';
import { judgeHead } from './judge-head.ts';
import type { Mirror, Mirrors } from './mirror-ports.ts';
import type { Archive, Turns } from './ports.ts';
import { type ReadHead, readHead } from './read-head.ts';
import { shownFact } from './read-payload.ts';
import { recordFacts } from './record-facts.ts';

export interface AssessmentParts {
  readonly archive: Archive;
  readonly model: Scorecard;
  readonly mirrors: Mirrors;
  /** Undefined where nobody gave us a credential for that repository. */
  readonly connectionTo: (repository: HostRepositoryRow) => Promise<HostConnection | undefined>;
  /** The page of a change here, for the check run. */
  readonly changeUrl: (repoId: string, changeId: string) => string | null;
  readonly checks: PublishedChecks;
  /** Two pull requests with one head must not make a check run each. */
  readonly publishing: Turns;
}

export interface AssessOptions {
  /** Ask the host for the whole pull request first, whatever is known of it. */
  readonly refresh?: boolean;
}

export interface PullRequestAssessed {
  readonly repoId: string;
  readonly number: number;
  readonly verdict: string;
  readonly pending: boolean;
  /** Null where everything was as the last record says. */
  readonly sealed: AssessedMoment | null;
  readonly published: boolean;
  /** Other open pull requests that have this head, whose check run is the same. */
  readonly beside: readonly number[];
}

const policyPath = '.reentry/policy.yml';
/** Smaller than a policy file may be: this one is read while somebody waits for the verdict. */
const maxLivePolicyBytes = 64 * 1024;

/**
 * Assesses the present head of a pull request: gathers what the host told, reads the change from git, judges it under the policy of
 * its base branch, seals what is new and publishes the verdict. Doing it again changes nothing. Undefined where the repository or
 * the pull request is not known. Errors: those of the host, of git and of the archive; nothing is sealed by halves.
 */
export async function assessPullRequest(
  parts: AssessmentParts,
  key: PullRequestKey,
  options: AssessOptions = {},
): Promise<PullRequestAssessed | undefined> {
  const { archive, model } = parts;
  await deriveEvidence(archive, model);
  const repository = await archive.projections.hostRepository(key.repositoryHostId);
  if (repository === undefined) return undefined;
  const connection = await parts.connectionTo(repository);
  const source = { archive, model, connection, repository, checks: parts.checks };
  const told = await gatherTold(source, key.number, options.refresh ?? false);
  if (told === undefined) return undefined;
  const pull = told.pullRequest.data;
  const mirror = await parts.mirrors.of(repository.hostId, pull.repository.ref.url ?? repository.url ?? '');
  if (connection) {
    const access = await connection.gitAccess(pull.repository);
    await mirror.fetch(access, [`refs/pull/${pull.number}/head`]);
  }
  const { head, judged, assessed } = await assembleHead(parts, { told, mirror, repository });
  const [before] = await archive.projections.pullRequests(repository.repoId, [pull.number]);
  const moment = momentOf(before, head);
  let row = before;
  if (moment !== null) {
    await seal(archive, model, { ...head, moment });
    [row] = await archive.projections.pullRequests(repository.repoId, [pull.number]);
  }
  const evidenceSeq = row?.evidenceSeq;
  const published =
    connection !== undefined && evidenceSeq !== undefined
      ? await parts.publishing.take(() => publish(parts, connection, { head, judged, assessed, evidenceSeq }))
      : false;
  const { outcome: verdict, pending } = judged.verdict;
  const { repoId } = repository;
  const sharing = await archive.projections.pullRequestsAt(repository.hostId, [
    pull.head.sha,
    before?.headSha ?? pull.head.sha,
  ]);
  const beside = sharing.filter((number) => number !== pull.number);
  return { repoId, number: pull.number, verdict, pending, sealed: moment, published, beside };
}

interface Gathered {
  readonly told: ToldPullRequest;
  readonly mirror: Mirror;
  readonly repository: HostRepositoryRow;
}

interface Assembled {
  readonly head: AssessedHead;
  readonly judged: JudgedHead;
  readonly assessed: AssessedChange;
}

async function assembleHead({ archive, model }: AssessmentParts, gathered: Gathered): Promise<Assembled> {
  const { told, mirror, repository } = gathered;
  const pull = told.pullRequest.data;
  const { change, landed } =
    (await importedHead(archive, told, repository)) ?? (await readHead(mirror, told, repository));
  const before = await beforeLanding(mirror, { change, landed });
  const trees = await mirror.treesOf(shasOf(told));
  const assessed = assessChange(change, model);
  const { attribution } = assessed;
  const at = archive.surroundings.now().toISOString();
  const unnamed: AssessedHead = {
    schema: 'reentry.assessed-head/1',
    change,
    moment: 'first-assessed',
    state: '',
    pullRequest: {
      host: pull.host,
      repositoryHostId: repository.hostId,
      hostId: pull.hostId,
      number: pull.number,
      title: pull.title,
      url: pull.url,
      state: pull.state,
      draft: pull.draft,
      author: pull.author,
      mergedBy: pull.mergedBy,
      createdAt: pull.createdAt,
      closedAt: pull.closedAt,
    },
    known: toldInput({ change, attribution, told, trees, overrides: [], at }),
    policy: await readPolicy(mirror, pull, before),
    protection: told.protection && protectionOf(told.protection.data),
    merged:
      pull.mergedAt === null ? null : { ...(await mergedContent(mirror, change, { before, trees })), landed },
    captured: [
      ...told.reviews.map((one) => ({ hostId: `review/${one.data.hostId}`, ...captured(one) })),
      ...told.gates.map((one) => ({ hostId: `gate/${one.data.hostId}`, ...captured(one) })),
    ],
    told: toldItems(told).map(({ index, data }) => ({ index, digest: encodeHex(dataDigest(data)) })),
  };
  const judged = judgeHead(unnamed, assessed);
  return { head: { ...unnamed, state: stateDigest(judged) }, judged, assessed };
}

/** What an import read of a merge that was told of only afterwards: reading it again would replay the whole history for each. */
async function importedHead(
  { projections, ledger }: Archive,
  { pullRequest }: ToldPullRequest,
  { repoId }: HostRepositoryRow,
): Promise<ReadHead | undefined> {
  const { number, mergeSha, origin } = pullRequest.data;
  if (mergeSha === null || origin.via === 'webhook') return undefined;
  const [row] = await projections.changesById(repoId, [`pr/${number}`]);
  if (row?.mergeSha !== mergeSha) return undefined;
  for await (const page of ledger.readSealed('events', row.factSeq, row.factSeq + 1)) {
    const fact = shownFact(page[0]);
    if (fact?.event.type === factTypes.changeObserved) return { change: fact.event.data, landed: [mergeSha] };
  }
  return undefined;
}

function shasOf({ pullRequest, reviews }: ToldPullRequest): readonly string[] {
  const { head, mergeSha } = pullRequest.data;
  const shas = [head.sha, mergeSha, ...reviews.map(({ data }) => data.commitSha)];
  return [...new Set(shas.filter((sha) => sha !== null && isCommitId(sha)))] as string[];
}

function isCommitId(sha: string): boolean {
  return /^([0-9a-f]{40}|[0-9a-f]{64})$/.test(sha);
}

function captured({
  receivedAt,
  capture,
  data,
}: ToldPullRequest['reviews'][number] | ToldPullRequest['gates'][number]) {
  return { capture, occurredAt: data.occurredAt, receivedAt };
}

function protectionOf({
  rules,
  enforcement,
  bypass,
  sources,
  branch,
}: NonNullable<ToldPullRequest['protection']>['data']) {
  return { rules, enforcement, bypass, sources, branch };
}

/** From the branch that it goes into, as that stood: of a merged change before it. */
async function readPolicy(
  mirror: Mirror,
  pull: ObservedPullRequest,
  before: string | null,
): Promise<AppliedPolicy> {
  const none = (because: string, commit: string | null): AppliedPolicy => ({
    source: 'none',
    commit,
    path: policyPath,
    text: null,
    because,
  });
  const commit = pull.mergedAt === null ? await mirror.commitOf(`refs/heads/${pull.base.branch}`) : before;
  if (commit === null) return none(`The branch ${pull.base.branch} is not there.`, null);
  const bytes = await mirror.file(commit, policyPath, maxLivePolicyBytes);
  if (bytes === null)
    return none(
      `The branch ${pull.base.branch} has no policy (${policyPath}), or one of more than 64 KiB.`,
      commit,
    );
  const text = Buffer.from(bytes).toString('utf8');
  return { source: 'base-branch', commit, path: policyPath, text, because: null };
}

/** Where the branch stood when it landed: of a squash and a rebase that is not where the two parted. */
async function beforeLanding(mirror: Mirror, { change, landed }: ReadHead): Promise<string | null> {
  const first = landed.at(-1);
  const isMoved = change.landing === 'squash' || (change.landing === 'rebase' && landed.length > 1);
  if (!isMoved || first === undefined) return change.baseSha;
  const [oldest] = await mirror.firstParents(first, 1);
  return oldest?.parents[0] ?? null;
}

interface Landed {
  readonly before: string | null;
  readonly trees: ReadonlyMap<string, string>;
}

/** Whether what landed is what the head was: a merge that git makes alike by itself brings nothing that nobody saw. */
async function mergedContent(
  mirror: Mirror,
  { headSha, mergeTree }: ObservedChange,
  { before, trees }: Landed,
): Promise<Omit<MergedContent, 'landed'>> {
  const headTree = trees.get(headSha) ?? null;
  if (headTree !== null && headTree === mergeTree) return { is: 'same-tree', tree: headTree };
  if (headTree === null || before === null) return { is: 'unknown', tree: null };
  const tree = await mirror.mergeTree(before, headSha);
  if (tree === null) return { is: 'unknown', tree };
  return { is: tree === mergeTree ? 'clean-merge' : 'different', tree };
}

/** Everything that is worth a record of its own when it changes; a check that began to run is not. */
function stateDigest({ head, input, verdict }: JudgedHead): string {
  const isMerged = head.pullRequest.state === 'merged';
  const { draft, state, title } = head.pullRequest;
  const what = {
    state,
    draft,
    title,
    change: encodeHex(dataDigest(head.change)),
    labels: head.known.labels,
    policy: verdict.policyDigest,
    verdict: verdict.results.map(({ rule, requirement, subject, outcome, pending, override }) => [
      rule,
      requirement,
      subject,
      outcome,
      pending,
      override,
    ]),
    reviews: decidedReviews(input, verdict).items.map(({ hostId, state: given, weight }) => [
      hostId,
      given,
      weight,
    ]),
    gates: isMerged
      ? (head.known.outcomes ?? []).map(({ name, source, conclusion, headSha }) => [
          name,
          source,
          conclusion,
          headSha,
        ])
      : [],
    merged: head.merged,
  };
  return hash('sha256', JSON.stringify(what), 'hex');
}

function momentOf(before: PullRequestRow | undefined, head: AssessedHead): AssessedMoment | null {
  if (before === undefined) return head.pullRequest.state === 'merged' ? 'merged' : 'first-assessed';
  if (head.pullRequest.state === 'merged' && before.state !== 'merged') return 'merged';
  if (before.headSha !== head.change.headSha) return 'new-head';
  return before.stateDigest === head.state ? null : 'learned-later';
}

async function seal(archive: Archive, model: Scorecard, head: AssessedHead): Promise<void> {
  const at = archive.surroundings.now().toISOString();
  // A merge that was told long after it happened was not seen as it happened.
  const capture =
    head.captured.some((one) => one.capture === 'live') || isRecent(head, at) ? 'live' : 'backfilled';
  await recordFacts(archive, [changeAssessed(head, { at, capture })]);
  await deriveEvidence(archive, model);
}

const recentMs = 60 * 60_000;

function isRecent({ change }: AssessedHead, at: string): boolean {
  return Date.parse(at) - Date.parse(change.mergedAt) <= recentMs;
}

interface Verdicted extends Assembled {
  readonly evidenceSeq: number;
}

/** Says it where people look; the same verdict is said once. */
async function publish(
  { archive, checks, changeUrl }: AssessmentParts,
  connection: HostConnection,
  { head, judged, assessed, evidenceSeq }: Verdicted,
): Promise<boolean> {
  const { repositoryHostId, state } = head.pullRequest;
  if (state !== 'open') return false;
  const { attribution, risk } = assessed;
  const { verdict, input } = judged;
  const reviews = decidedReviews(input, verdict).items;
  const headSha = head.change.headSha;
  const said = checkSummary({ headSha, attribution, risk, verdict, reviews, evidenceSeq });
  const own = conclusionOf({ pending: verdict.pending, verdict: verdict.outcome });
  const blocked = own === 'success' ? await blockedBeside(archive, head) : undefined;
  const conclusion = blocked === undefined ? own : conclusionOf(blocked);
  const { title, summary } = blocked === undefined ? said : besideBlocked(said, blocked);
  const detailsUrl = changeUrl(head.change.repo.id, head.change.id);
  const digest = hash('sha256', JSON.stringify([conclusion, title, summary, detailsUrl]), 'hex');
  const before = await checks.find(repositoryHostId, headSha);
  if (before?.digest === digest) return false;
  const check: PublishedCheck = {
    headSha,
    conclusion,
    title,
    summary,
    detailsUrl,
    checkId: before?.checkId ?? null,
  };
  const repository = { hostId: repositoryHostId, ref: head.change.repo, defaultBranch: null };
  const checkId = await connection.publish(repository, check);
  await checks.put(repositoryHostId, headSha, { checkId, digest });
  return true;
}

/** A host knows one check run a head, whichever pull requests have it: it passes where each of them does. */
async function blockedBeside(
  { projections }: Archive,
  { change, pullRequest }: AssessedHead,
): Promise<PullRequestRow | undefined> {
  const numbers = await projections.pullRequestsAt(pullRequest.repositoryHostId, [change.headSha]);
  const rows = await projections.pullRequests(change.repo.id, numbers);
  return rows
    .filter(
      ({ number, state, headSha }) =>
        number !== pullRequest.number && state === 'open' && headSha === change.headSha,
    )
    .toSorted((a, b) => Number(a.pending) - Number(b.pending))
    .find(({ verdict, pending }) => pending || verdict !== 'satisfied');
}

function besideBlocked({ summary }: CheckSummary, { number }: PullRequestRow): CheckSummary {
  const title = `Pull request ${number} has the same head, and may not be merged yet.`;
  return { title, summary: `${title} By itself this one may.\n\n${summary}` };
}

function conclusionOf({ pending, verdict }: Pick<PullRequestRow, 'pending' | 'verdict'>) {
  if (pending) return 'pending';
  if (verdict === 'satisfied') return 'success';
  return verdict === 'violated' ? 'failure' : 'action-required';
}
