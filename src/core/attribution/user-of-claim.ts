import type { ObservedChange, ObservedCommit, Person } from '../change/observed-change.ts';
import { commitsAsUser, hasAiderSuffix, identityOfEmail } from './agent-registry.ts';
import { otherCoAuthors } from './co-authors.ts';
import { samePerson } from './find-contradictions.ts';
import type { FoundSignal } from './found-signal.ts';
import type { ClaimDraft } from './group-claims.ts';
import { tidy } from './lenient-json.ts';

/**
 * Per claim, who ran the agent where no signal names a person: the author of its commits, declared and no more. Only for
 * agents that commit under their user's own identity (attribution-signals 0.6 and 4.4), and only where every commit of
 * the claim names one and the same person and nobody else: a bot's commits, and a squash of several people's, say
 * nothing.
 */
export function usersFromAuthors(
  change: ObservedChange,
  drafts: readonly ClaimDraft[],
): ReadonlyMap<ClaimDraft, FoundSignal> {
  const authored = change.commits.flatMap((commit, order) =>
    commit.parents.length < 2 ? [{ commit, order, person: solePerson(commit) }] : [],
  );
  return new Map(
    drafts.flatMap((draft) => {
      if (!commitsAsUser(draft.agent) || draft.signals.some(({ signal }) => signal.user !== undefined))
        return [];
      const [first, ...rest] = authored.filter(({ commit }) => draft.commits.has(commit.sha));
      const person = first?.person;
      if (first === undefined || person === undefined) return [];
      const same = rest.every((other) => other.person !== undefined && samePerson(other.person, person));
      return same ? [[draft, authorSignal(first.commit, first.order, person)] as const] : [];
    }),
  );
}

function authorSignal(commit: ObservedCommit, order: number, user: string): FoundSignal {
  return {
    signal: {
      kind: 'author-identity',
      role: 'requester',
      locator: `commit ${commit.sha} author`,
      value: tidy(written(commit.author), 500),
      level: 1,
      user: tidy(user, 500),
    },
    commit: commit.sha,
    order,
    source: 'commit',
    authorship: false,
  };
}

function solePerson({ author, message }: ObservedCommit): string | undefined {
  if (identityOfEmail(author.email) !== undefined || author.name.endsWith('[bot]')) return undefined;
  const name = hasAiderSuffix(author.name) ? author.name.slice(0, -' (aider)'.length) : author.name;
  const person = written({ name, email: author.email });
  const others = otherCoAuthors(message).filter((named) => !samePerson(named, person));
  return others.length === 0 ? person : undefined;
}

function written({ name, email }: Person): string {
  return `${name} <${email}>`;
}
