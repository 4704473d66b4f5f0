import type { ObservedCommit } from '../change/observed-change.ts';
import { agentInIdentity } from './agent-identity-line.ts';
import { scanMessage } from './trailers.ts';

/**
 * True where the commit names a coding agent as author, committer or in its message, by a signal of authorship: an
 * accepted suggestion or a review bot does not count. The same rules as `attributeChange`, without branch and records;
 * quick enough for every commit of a long history.
 */
export function mentionsAgent(commit: Pick<ObservedCommit, 'author' | 'committer' | 'message'>): boolean {
  const identities = [
    agentInIdentity('author-identity', commit.author),
    agentInIdentity('committer-identity', commit.committer),
  ];
  return identities.some((found) => isAuthorship(found?.role)) || messageMentionsAgent(commit.message);
}

/** True where the message carries a signal of an agent's authorship. */
export function messageMentionsAgent(message: string): boolean {
  return scanMessage(message).some(({ role, supporting }) => isAuthorship(role) && supporting !== true);
}

function isAuthorship(role: string | undefined): boolean {
  return role === 'author' || role === 'co-author';
}
