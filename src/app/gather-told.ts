import { hostObserved } from '../core/evidence/fact.ts';
import { checkName } from '../core/gate/check-summary.ts';
import { accountSubject, branchSubject, pullRequestSubject } from '../core/host/host-item.ts';
import type { HostObservation, HostRepository, ObservedPullRequest } from '../core/host/observation.ts';
import type { ToldPullRequest } from '../core/host/told.ts';
import type { Scorecard } from '../core/risk/scorecard.ts';
import { deriveEvidence } from './derive-evidence.ts';
import type { HostConnection, PublishedChecks } from './host-ports.ts';
import type { HostRepositoryRow } from './host-row-ports.ts';
import type { Archive } from './ports.ts';
import { recordFacts } from './record-facts.ts';

export interface ToldSource {
  readonly archive: Archive;
  readonly model: Scorecard;
  readonly connection: HostConnection | undefined;
  readonly repository: HostRepositoryRow;
  /** What we published: everything of whoever published it is our own word. */
  readonly checks: Pick<PublishedChecks, 'find'>;
}

/** The rules of a branch are asked for again after this time, and at each merge. */
const protectionAgeMs = 10 * 60_000;

/**
 * Everything that the host told of a pull request. What no event tells (accounts of the commits, what reviewers may do, the rules
 * of the branch) is asked for where it is missing, and sealed like all the rest. Undefined where it was never told of.
 */
export async function gatherTold(
  source: ToldSource,
  number: number,
  refresh: boolean,
): Promise<ToldPullRequest | undefined> {
  const { repository, connection } = source;
  let told = await readTold(source, number);
  if (connection === undefined) return told;
  const ref = {
    id: repository.repoId,
    name: repository.name,
    ...(repository.url === null ? {} : { url: repository.url }),
  };
  const asked: HostRepository = { hostId: repository.hostId, ref, defaultBranch: repository.defaultBranch };
  // What ended long ago is taken as it was read back: what somebody may do today says nothing of then.
  if (!refresh && told !== undefined && isPast(told, source.archive.surroundings.now())) return told;
  if (refresh || told === undefined || told.commits === null || told.pushes.length === 0) {
    await record(source, await connection.readPullRequest(asked, number));
    told = await readTold(source, number);
  }
  if (told === undefined) return undefined;
  const more: HostObservation[] = [];
  for (const login of reviewersUnknown(told)) more.push(await connection.readAccess(asked, login));
  if (isOutdated(told, source.archive.surroundings.now()))
    more.push(await connection.readProtection(asked, told.pullRequest.data.base.branch));
  if (more.length === 0) return told;
  await record(source, more);
  return readTold(source, number);
}

async function readTold(
  { archive, repository, checks }: ToldSource,
  number: number,
): Promise<ToldPullRequest | undefined> {
  const { projections } = archive;
  const at = repository.hostId;
  const subject = pullRequestSubject(number);
  const [pullRequest] = await projections.hostItems(at, 'reentry.pull-request/1', [subject]);
  if (pullRequest === undefined) return undefined;
  const { head, base, mergeSha } = pullRequest.data;
  const [published, commits, reviews, pushes, gates, protection, deployments] = await Promise.all([
    checks.find(at, head.sha),
    projections.hostItems(at, 'reentry.commit-accounts/1', [subject]),
    projections.hostItems(at, 'reentry.review/1', [subject]),
    projections.hostItems(at, 'reentry.push/1', [head.sha]),
    projections.hostItems(at, 'reentry.gate-outcome/1', [head.sha]),
    projections.hostItems(at, 'reentry.protection/1', [branchSubject(base.branch)]),
    mergeSha === null ? [] : projections.hostItems(at, 'reentry.deployment/1', [mergeSha]),
  ]);
  const reviewers = [...new Set(reviews.flatMap(({ data }) => data.reviewer?.id ?? []))];
  return {
    pullRequest,
    commits: commits.find(({ data }) => data.headSha === head.sha) ?? null,
    reviews,
    access: await projections.hostItems(at, 'reentry.access/1', reviewers.map(accountSubject)),
    pushes: pushes.toReversed(),
    gates: withoutOurs(gates, published?.checkId),
    protection: protection.findLast(({ data }) => data.source === null) ?? null,
    deployments,
  };
}

/** What we say ourselves decides nothing: our check run, and the suite that the host makes around it. */
function withoutOurs(gates: ToldPullRequest['gates'], checkId: string | undefined): ToldPullRequest['gates'] {
  // By the run that we made, not by its name: anybody's job may be called like that, and its app reports other checks too.
  const ours = gates.find(({ data }) => data.kind === 'check-run' && data.hostId === checkId)?.data.source;
  return gates.filter(
    ({ data: { name, source } }) => name !== checkName && (!ours || source?.appId !== ours.appId),
  );
}

const pastMs = 86_400_000;

function isPast({ pullRequest: { data } }: ToldPullRequest, now: Date): boolean {
  const ended = data.mergedAt ?? data.closedAt;
  return ended !== null && now.getTime() - Date.parse(ended) > pastMs;
}

/** Logins of those who decided something after their rights were looked at. */
function reviewersUnknown({ reviews, access }: ToldPullRequest): readonly string[] {
  const logins = reviews.flatMap(({ data: { reviewer, permission, submittedAt, state } }) => {
    if (reviewer === null || permission !== null || state === 'commented') return [];
    const known = access.find(({ data }) => data.account.id === reviewer.id);
    return known === undefined || known.data.occurredAt < submittedAt ? [reviewer.login] : [];
  });
  return [...new Set(logins)];
}

function isOutdated({ protection, pullRequest }: ToldPullRequest, now: Date): boolean {
  if (protection === null) return true;
  const readAt = Date.parse(protection.receivedAt);
  return now.getTime() - readAt > protectionAgeMs || endedAfter(pullRequest.data, readAt);
}

function endedAfter({ mergedAt }: ObservedPullRequest, readAt: number): boolean {
  return mergedAt !== null && Date.parse(mergedAt) > readAt;
}

async function record(
  { archive, model }: ToldSource,
  observations: readonly HostObservation[],
): Promise<void> {
  const at = archive.surroundings.now().toISOString();
  const facts = observations.map((data, index) => factOfReading(data, at, index));
  await recordFacts(archive, facts);
  await deriveEvidence(archive, model);
}

/** Read at our asking: what states how things stand is as of now, what tells of the past is not seen as it happened. */
export function factOfReading(data: HostObservation, at: string, index: number) {
  const capture = data.occurredAtFrom === 'receipt' ? 'live' : 'backfilled';
  return hostObserved(data, { at, capture, index });
}
