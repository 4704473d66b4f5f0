import type { ObservedChange, ObservedCommit } from '../change/observed-change.ts';
import { messageMentionsAgent } from './agent-mention.ts';
import type { Attribution } from './attribution.ts';
import { otherCoAuthors } from './co-authors.ts';
import { samePerson } from './find-contradictions.ts';
import { type FoundSignal, landedNowhere } from './found-signal.ts';
import type { LineShares } from './line-shares.ts';
import { listedCommits } from './squash-message.ts';

export type Classification = Pick<Attribution, 'class' | 'aiShare' | 'aiShareBasis'>;

/**
 * Class and share of a change. The first rule that holds decides:
 *
 * 1. No signal of authorship above a heuristic: `human` where a record gives every added line to a person, else
 *    `unknown`. A branch name alone, an accepted suggestion or a review bot never makes a change `ai`, and neither does a
 *    record all of whose lines are elsewhere: notes of work that never landed are carried from commit to commit.
 * 2. Share by lines, where records with lines speak for every commit that names an agent: the agents' added lines over
 *    all added lines. Untracked lines count as nobody's.
 * 3. Share by commits otherwise: commits that name an agent over all commits, merges left out. There is none where it is
 *    only said that an agent took part, and not in what: by a note without a line; by a checkpoint that reports people's
 *    lines too; by a squash. A squash counts the commits that its message lists; without such a list it counts as one
 *    commit where an agent is its author and nobody but who asked for it is named beside (of 152 such squashes whose
 *    branches are public, 66 % with somebody else had people's commits inside, 3 % of the others).
 *
 * `ai`: the share is 1 and no record gives an added line to a person. `mixed`: every other change with such a signal; what
 * the agent did not write is a person's or nobody's known.
 */
export function classifyChange(
  change: ObservedChange,
  found: readonly FoundSignal[],
  lines: LineShares,
): Classification {
  const authorship = found.filter((one) => one.authorship && one.signal.level > 0 && !landedNowhere(one));
  if (authorship.length === 0) return withoutAgent(change, lines);
  const speaking = authorship.filter((one) => !isWithoutLines(one));
  const named = new Set(speaking.flatMap(({ commit }) => commit ?? []));
  const share = shareByLines(change, named, lines) ?? shareByCommits(change, found, named);
  if (share === undefined) return { class: 'mixed', aiShare: null, aiShareBasis: 'none' };
  const whole = share.aiShare === 1 && lines.humanLines === 0 && lines.mixedLines === 0;
  return { class: whole ? 'ai' : 'mixed', ...share };
}

/** A record of a kind that tells lines, which tells none. */
function isWithoutLines({ source, session }: FoundSignal): boolean {
  return session?.claimedLines === 0 && (source === 'git-ai-note' || source === 'agent-trace');
}

function withoutAgent(change: ObservedChange, { humanLines }: LineShares): Classification {
  const seesAll =
    change.files.length >= change.size.files && !change.files.some(({ unreadable }) => unreadable === true);
  const isHuman = seesAll && change.size.additions > 0 && humanLines >= change.size.additions;
  return isHuman
    ? { class: 'human', aiShare: 0, aiShareBasis: 'lines' }
    : { class: 'unknown', aiShare: null, aiShareBasis: 'none' };
}

type Share = Pick<Attribution, 'aiShareBasis'> & { readonly aiShare: number };

function shareByLines(
  change: ObservedChange,
  named: ReadonlySet<string>,
  { agentLines }: LineShares,
): Share | undefined {
  const tracked = new Set(change.records.flatMap(({ hasLines, commit }) => (hasLines ? [commit] : [])));
  const untracked = change.commits.some(
    ({ sha, parents }) => parents.length < 2 && named.has(sha) && !tracked.has(sha),
  );
  if (untracked || agentLines === 0 || change.size.additions === 0) return undefined;
  return { aiShare: Math.min(1, agentLines / change.size.additions), aiShareBasis: 'lines' };
}

function shareByCommits(
  change: ObservedChange,
  found: readonly FoundSignal[],
  named: ReadonlySet<string>,
): Share | undefined {
  if (reportsPeople(change)) return undefined;
  const commits = change.commits.filter(({ parents }) => parents.length < 2);
  const [only] = commits;
  if (change.landing === 'squash' && commits.length === 1 && only !== undefined) {
    const hasAgentAuthor = found.some(
      ({ signal }) => signal.kind === 'author-identity' && signal.role === 'author',
    );
    if (!hasAgentAuthor) return shareByList(only);
    if (namesSomebodyElse(only, found)) return undefined;
  }
  return byCommits(commits.filter(({ sha }) => named.has(sha)).length, commits.length);
}

function shareByList({ message, messageCut }: ObservedCommit): Share | undefined {
  const listed = messageCut === true ? [] : listedCommits(message);
  return byCommits(listed.filter(messageMentionsAgent).length, listed.length);
}

/** Somebody beside the agents is named as co-author, and not only because they asked for the work. */
function namesSomebodyElse({ message }: ObservedCommit, found: readonly FoundSignal[]): boolean {
  const asked = found.flatMap(({ signal }) => (signal.kind === 'requester' ? (signal.user ?? []) : []));
  return otherCoAuthors(message).some((named) => !asked.some((user) => samePerson(user, named)));
}

/** The sessions recorded for one commit report fewer lines of agents than the commit has. */
function reportsPeople({ records }: ObservedChange): boolean {
  const reports = records.flatMap(({ commit, sessions }) =>
    sessions.flatMap(({ reportedLines }) =>
      reportedLines === undefined ? [] : [{ commit, ...reportedLines }],
    ),
  );
  return [...Map.groupBy(reports, ({ commit }) => commit).values()].some((ofCommit) => {
    const byAgents = ofCommit.reduce((sum, { agent }) => sum + agent, 0);
    return ofCommit.some(({ total }) => byAgents < total);
  });
}

function byCommits(byAgents: number, all: number): Share | undefined {
  return byAgents === 0 ? undefined : { aiShare: byAgents / all, aiShareBasis: 'commits' };
}
