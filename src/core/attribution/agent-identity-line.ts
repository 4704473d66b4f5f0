import { agentOfName, hasAiderSuffix, identityOfEmail } from './agent-registry.ts';
import type { SignalKind } from './attribution.ts';
import type { LineMeaning } from './message-signal.ts';
import { isModelName, modelInName } from './model-name.ts';

/** A name with its address, as git and trailers write it. */
export interface NamedAddress {
  readonly name: string;
  readonly email: string;
}

const maxIdentities = 10;

/** Every `Name <address>` of a trailer's value; several on one line are rare but legal. Linear. */
export function namedAddresses(value: string): readonly NamedAddress[] {
  const found: NamedAddress[] = [];
  let at = 0;
  while (found.length < maxIdentities) {
    const open = value.indexOf('<', at);
    const close = open === -1 ? -1 : value.indexOf('>', open);
    if (close === -1) break;
    found.push({
      name: value
        .slice(at, open)
        .replace(/^[,;\s]+/, '')
        .trim(),
      email: value.slice(open + 1, close).trim(),
    });
    at = close + 1;
  }
  return found;
}

/**
 * What a named address in a trailer says: the agent by its whole address or numeric id, the model by the name. Also
 * `Claude Sonnet 5 <jane+claude-code@example.com>`: a person's own address whose local part or tag is exactly a tool's
 * name, under the name of a model; neither half alone would count.
 */
export function agentInTrailer(kind: SignalKind, named: NamedAddress): LineMeaning | undefined {
  const identity = identityOfEmail(named.email);
  if (identity !== undefined) {
    const role = identity.trailerRole === 'author' ? 'co-author' : identity.trailerRole;
    return { kind, role, agent: identity.agent, ...whatNameSays(named.name, identity.agent) };
  }
  if (hasAiderSuffix(named.name)) return { kind, role: 'co-author', agent: 'aider' };
  const tagged = agentOfTag(named.email);
  return tagged !== undefined && isModelName(named.name)
    ? { kind, role: 'co-author', agent: tagged, model: named.name }
    : undefined;
}

/** What a commit's author or committer says; a name with ` (aider)` is a person who ran aider, hence `co-author`. */
export function agentInIdentity(
  kind: 'author-identity' | 'committer-identity',
  named: NamedAddress,
): LineMeaning | undefined {
  const identity = identityOfEmail(named.email);
  if (identity !== undefined) {
    const authorRole = kind === 'author-identity' ? 'author' : 'co-author';
    const role = identity.role === 'author' ? authorRole : identity.role;
    return { kind, role, agent: identity.agent, ...whatNameSays(named.name, identity.agent) };
  }
  return hasAiderSuffix(named.name) ? { kind, role: 'co-author', agent: 'aider' } : undefined;
}

/** The model that the display name carries, and the other agent that it claims to be, if it does. */
function whatNameSays(name: string, agent: string): Pick<LineMeaning, 'model' | 'nameSays'> {
  const first = /^[A-Za-z]+/.exec(name)?.[0].toLowerCase() ?? '';
  const said = agentOfName(first);
  const model = modelInName(name, said === agent ? first : '');
  return {
    ...(model === undefined ? {} : { model }),
    ...(contradicts(first, said, agent) ? { nameSays: said } : {}),
  };
}

/** `Claude Opus 5` and `Gemini 3` name models, under whichever tool; the Copilot identities share one name. */
function contradicts(first: string, said: string | undefined, agent: string): said is string {
  if (said === undefined || said === agent || first === 'claude' || first === 'gemini') return false;
  return !(said.startsWith('copilot') && agent.startsWith('copilot'));
}

function agentOfTag(email: string): string | undefined {
  const at = email.lastIndexOf('@');
  if (at < 1 || email.toLowerCase().endsWith('@users.noreply.github.com')) return undefined;
  const local = email.slice(0, at);
  return agentOfName(local.slice(local.lastIndexOf('+') + 1));
}
