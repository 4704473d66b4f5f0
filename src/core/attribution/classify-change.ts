import type { ObservedChange } from '../change/observed-change.ts';
import { messageMentionsAgent } from './agent-mention.ts';
import type { Attribution } from './attribution.ts';
import type { FoundSignal } from './found-signal.ts';
import type { LineShares } from './line-shares.ts';
import { listedCommits } from './squash-message.ts';

export type Classification = Pick<Attribution, 'class' | 'aiShare' | 'aiShareBasis'>;

/**
 * Class and share of a change. The first rule that holds decides:
 *
 * 1. No signal of authorship above a heuristic: `human` where a record gives every added line to a person, else
 *    `unknown`. A branch name alone, an accepted suggestion or a review bot never makes a change `ai`.
 * 2. Share by lines, where records with lines speak for every commit that names an agent: the agents' added lines over
 *    all added lines. Untracked lines count as nobody's.
 * 3. Share by commits otherwise: commits that name an agent over all commits, merges left out. A squash counts the
 *    commits that its message lists; without such a list it counts as one commit where an agent is its author, and has
 *    no share where an agent is only its co-author, for then the message says that an agent took part and not in what.
 *
 * `ai`: the share is 1 and no record gives an added line to a person. `mixed`: every other change with such a signal; what
 * the agent did not write is a person's or nobody's known.
 */
export function classifyChange(
  change: ObservedChange,
  found: readonly FoundSignal[],
  lines: LineShares,
): Classification {
  const authorship = found.filter((one) => one.authorship && one.signal.level > 0);
  if (authorship.length === 0) return withoutAgent(change, lines);
  const named = new Set(authorship.flatMap(({ commit }) => commit ?? []));
  const share = shareByLines(change, named, lines) ?? shareByCommits(change, authorship, named);
  if (share === undefined) return { class: 'mixed', aiShare: null, aiShareBasis: 'none' };
  const whole = share.aiShare === 1 && lines.humanLines === 0 && lines.mixedLines === 0;
  return { class: whole ? 'ai' : 'mixed', ...share };
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
  authorship: readonly FoundSignal[],
  named: ReadonlySet<string>,
): Share | undefined {
  const commits = change.commits.filter(({ parents }) => parents.length < 2);
  const [only] = commits;
  const hasAgentAuthor = authorship.some(
    ({ signal }) => signal.kind === 'author-identity' && signal.role === 'author',
  );
  if (change.landing === 'squash' && commits.length === 1 && only !== undefined && !hasAgentAuthor) {
    const listed = only.messageCut === true ? [] : listedCommits(only.message);
    return byCommits(listed.filter(messageMentionsAgent).length, listed.length);
  }
  return byCommits(commits.filter(({ sha }) => named.has(sha)).length, commits.length);
}

function byCommits(byAgents: number, all: number): Share | undefined {
  return byAgents === 0 ? undefined : { aiShare: byAgents / all, aiShareBasis: 'commits' };
}
