import type { ObservedChange, ObservedCommit } from '../change/observed-change.ts';
import { agentInIdentity } from './agent-identity-line.ts';
import { agentOfBranch, agentOfSubject, agentOfTool } from './agent-registry.ts';
import type { Level, Signal } from './attribution.ts';
import type { AttributionRecord, RecordedSession } from './attribution-record.ts';
import { compareFound, type FoundSignal } from './found-signal.ts';
import { tidy } from './lenient-json.ts';
import { countLines, uniteRanges } from './line-ranges.ts';
import type { LineMeaning } from './message-signal.ts';
import { scanMessage } from './trailers.ts';

const maxValue = 500;
const maxLocator = 500;

/** The ladder of attribution-signals section 10 as far as git reaches: nothing in it is authenticated. */
const levels = { heuristic: 0, declared: 1, record: 2 } as const satisfies Record<string, Level>;

/** Every signal of the change, raw, in an order that depends only on what was said and where. */
export function collectSignals(change: ObservedChange): readonly FoundSignal[] {
  const orders = new Map(change.commits.map(({ sha }, order) => [sha, order]));
  return [
    ...change.commits.flatMap((commit, order) => [
      ...identitySignals(commit, order),
      ...messageSignals(commit, order),
      ...subjectSignals(commit, order),
    ]),
    ...change.records.flatMap((record) => recordSignals(record, orders.get(record.commit) ?? orders.size)),
    ...branchSignals(change, orders.size),
  ].toSorted(compareFound);
}

function identitySignals(commit: ObservedCommit, order: number): readonly FoundSignal[] {
  const people = [
    ['author-identity', 'author', commit.author],
    ['committer-identity', 'committer', commit.committer],
  ] as const;
  return people.flatMap(([kind, field, person]) => {
    const meaning = agentInIdentity(kind, person);
    const value = `${person.name} <${person.email}>`;
    return meaning === undefined
      ? []
      : [declared(meaning, { commit, order, locator: `commit ${commit.sha} ${field}`, value })];
  });
}

function messageSignals(commit: ObservedCommit, order: number): readonly FoundSignal[] {
  return scanMessage(commit.message).map(({ line, value, besideModel, ...meaning }) => ({
    ...declared(meaning, {
      commit,
      order,
      value,
      locator: `commit ${commit.sha} ${placeOf(meaning)} line ${line}`,
    }),
    ...(besideModel === undefined ? {} : { besideModel }),
  }));
}

function placeOf({ kind }: LineMeaning): string {
  if (kind === 'footer') return 'footer';
  return kind === 'session-url' || kind === 'requester' ? 'message' : 'trailer';
}

interface Place {
  readonly commit: ObservedCommit;
  readonly order: number;
  readonly locator: string;
  readonly value: string;
}

function declared(meaning: LineMeaning, { commit, order, locator, value }: Place): FoundSignal {
  const { supporting, nameSays, ...parts } = meaning;
  return {
    signal: signal({ ...parts, locator, value, level: levels.declared }),
    commit: commit.sha,
    order,
    source: 'commit',
    authorship: (parts.role === 'author' || parts.role === 'co-author') && supporting !== true,
    ...(supporting === undefined ? {} : { supporting }),
    ...(nameSays === undefined ? {} : { nameSays }),
  };
}

function recordSignals(record: AttributionRecord, order: number): readonly FoundSignal[] {
  return record.sessions.map((session) => {
    const isAgent = session.contributor === 'ai' || session.contributor === 'mixed';
    const agent = agentOfTool(session.tool);
    const sessionId = isAgent ? namespacedSession(agent, session.sessionId) : undefined;
    return {
      signal: signal({
        kind: record.source,
        role: 'author',
        locator: `${record.locator} ${session.key}`,
        value: describeSession(session),
        level: levels.record,
        ...(isAgent ? { agent } : {}),
        ...(session.model === undefined ? {} : { model: session.model }),
        ...(sessionId === undefined ? {} : { sessionId }),
        ...(session.human === undefined || session.human === '' ? {} : { user: session.human }),
      }),
      commit: record.commit,
      order,
      source: record.source,
      // A session that a record with lines lists without a line took part in the work, not in this commit.
      authorship: isAgent && (session.claimedLines > 0 || !record.hasLines),
      session,
    };
  });
}

/** The record's own words, without anything of the conversation. */
function describeSession(session: RecordedSession): string {
  const landed = session.coverage.reduce((sum, { ranges }) => sum + countLines(uniteRanges(ranges)), 0);
  const { reportedLines } = session;
  const parts = [
    session.key,
    session.resolved ? session.contributor : 'not defined in the record',
    session.tool,
    session.model,
    session.human,
    session.claimedLines > 0 ? `${landed} of ${session.claimedLines} lines landed` : undefined,
    reportedLines && `reports ${reportedLines.agent} of ${reportedLines.total} lines`,
  ];
  return parts.filter((part) => part !== undefined && part !== '').join(' · ');
}

/** One spelling for one session: git-ai writes `devin-<hex>` where Devin's own link has only the hex. */
function namespacedSession(agent: string, id: string | undefined): string | undefined {
  const raw = id?.trim() ?? '';
  if (raw === '') return undefined;
  return `${agent}:${agent === 'devin' && raw.startsWith('devin-') ? raw.slice('devin-'.length) : raw}`;
}

function branchSignals(change: ObservedChange, order: number): readonly FoundSignal[] {
  const branch = change.sourceBranch;
  const agent = branch === undefined ? undefined : agentOfBranch(branch);
  if (branch === undefined || agent === undefined) return [];
  const raw: Signal = {
    kind: 'branch-prefix',
    role: 'co-author',
    locator: `source branch of ${change.mergeSha}`,
    value: branch,
    level: levels.heuristic,
    agent,
  };
  return [{ signal: signal(raw), commit: null, order, source: 'branch', authorship: true }];
}

function subjectSignals({ sha, message }: ObservedCommit, order: number): readonly FoundSignal[] {
  const [subject = ''] = message.split('\n', 1);
  const agent = agentOfSubject(subject);
  if (agent === undefined) return [];
  const raw: Signal = {
    kind: 'subject-prefix',
    role: 'co-author',
    locator: `commit ${sha} subject`,
    value: subject,
    level: levels.heuristic,
    agent,
  };
  return [{ signal: signal(raw), commit: null, order, source: 'commit', authorship: true }];
}

/** Text parts are cut and cleaned in one place, so that no later one has to think of it. */
function signal(raw: Signal): Signal {
  const { model, sessionId, user } = raw;
  return {
    ...raw,
    locator: tidy(raw.locator, maxLocator),
    value: tidy(raw.value, maxValue),
    ...(model === undefined ? {} : { model: tidy(model, maxValue) }),
    ...(sessionId === undefined ? {} : { sessionId: tidy(sessionId, maxValue) }),
    ...(user === undefined ? {} : { user: tidy(user, maxValue) }),
  };
}
