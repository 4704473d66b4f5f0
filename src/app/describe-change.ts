import type { ChangeDetail } from '../contract/changes.ts';
import type { ObservedChange, ObservedCommit, ObservedFile } from '../core/change/observed-change.ts';
import { AppError } from '../core/errors.ts';
import { type Fact, factTypes } from '../core/evidence/fact.ts';
import { encodeHex } from '../core/tlog/bytes.ts';
import { acceptedAt, shownFact, shownStatement } from './read-payload.ts';
import type { ChangeReader, EntryReader } from './serving-ports.ts';
import { landedChange, unlandedChange } from './shown-change.ts';

export interface ChangeSources {
  readonly changes: Pick<ChangeReader, 'find' | 'findPullRequest' | 'records' | 'neighbours'>;
  readonly entries: Pick<EntryReader, 'sealed' | 'firstCovering'>;
}

/** Newest first; a change with more of them shows these. Each costs a read of its entry. */
const shownRecords = 50;

/** One change with its sealed record; `statement` is null where that was erased or is damaged. Error: NOT_FOUND. */
export async function describeChange(
  { changes, entries }: ChangeSources,
  repoId: string,
  changeId: string,
): Promise<ChangeDetail> {
  const known = (await changes.find(repoId, changeId)) ?? (await changes.findPullRequest(repoId, changeId));
  if (!known) throw new AppError('NOT_FOUND', { what: `change ${changeId} in ${repoId}` });
  const { evidenceSeq } = known;
  const [records, neighbours, sealed, covering] = await Promise.all([
    changes.records(repoId, changeId),
    changes.neighbours(repoId, changeId),
    entries.sealed('evidence', evidenceSeq),
    entries.firstCovering('evidence', evidenceSeq),
  ]);
  const newest = records.find((record) => record.evidenceSeq === evidenceSeq);
  const fact = newest && shownFact(await entries.sealed('events', newest.factSeq));
  const observed = observedIn(fact);
  const statement = shownStatement(sealed);
  return {
    item: 'mergeSha' in known ? landedChange(known, statement) : unlandedChange(known, statement),
    statement: statement ?? null,
    sealed: {
      log: 'evidence',
      index: evidenceSeq,
      at: acceptedAt(sealed) ?? '',
      checkpointSize: covering?.size ?? null,
    },
    statementDigest: newest ? encodeHex(newest.statementDigest) : '',
    ...shownCode(observed),
    records: await describeRecords(entries, records.slice(0, shownRecords)),
    ...neighbours,
  };
}

function observedIn(fact: Fact | undefined): ObservedChange | undefined {
  switch (fact?.event.type) {
    case factTypes.changeObserved:
      return fact.event.data;
    case factTypes.changeAssessed:
      return fact.event.data.change;
    default:
      return undefined;
  }
}

function shownCode(observed: ObservedChange | undefined): Pick<ChangeDetail, 'commits' | 'files'> {
  return {
    commits: observed?.commits.map(shownCommit) ?? [],
    files: observed?.files.map(shownFile) ?? [],
  };
}

function shownCommit(commit: ObservedCommit): ChangeDetail['commits'][number] {
  const { sha, message, author, committer, authoredAt, committedAt, signature } = commit;
  return {
    sha,
    subject: message.split('\n', 1)[0] ?? '',
    message,
    authorName: author.name,
    authorEmail: author.email,
    committerName: committer.name,
    authoredAt,
    committedAt,
    signature: signature ?? null,
  };
}

function shownFile(file: ObservedFile): ChangeDetail['files'][number] {
  const { path, oldPath, status, role, additions, deletions, binary, unreadable } = file;
  return {
    path,
    oldPath: oldPath ?? null,
    status,
    role,
    additions,
    deletions,
    binary: binary ?? false,
    unreadable: unreadable ?? false,
  };
}

async function describeRecords(
  entries: ChangeSources['entries'],
  records: Awaited<ReturnType<ChangeReader['records']>>,
): Promise<ChangeDetail['records']> {
  const described: ChangeDetail['records'] = [];
  for (const { evidenceSeq, factSeq, reason, statementDigest } of records) {
    const at = acceptedAt(await entries.sealed('evidence', evidenceSeq)) ?? '';
    described.push({ evidenceSeq, factSeq, reason, statementDigest: encodeHex(statementDigest), at });
  }
  return described;
}
