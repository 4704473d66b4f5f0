import type { FoundSignal } from './found-signal.ts';
import { modelKey } from './model-name.ts';

/** A signal of authorship with the parts that its own commit lends it; the signal itself stays as it was written. */
export interface PlacedSignal {
  readonly found: FoundSignal;
  readonly agent: string;
  readonly sessionId: string | null;
  /** Comparable spelling, empty where nobody named one. */
  readonly modelKey: string;
  /** As written, by the signal or beside it. */
  readonly model: string | null;
}

interface CommitContext {
  /** Agents that signals of this commit name. */
  readonly agents: Set<string>;
  /** Agent → comparable model → as written, from the commit's own text. */
  readonly models: Map<string, Map<string, string>>;
  readonly checkpoints: FoundSignal[];
}

/**
 * Lends each signal what its commit says elsewhere and only once: the agent to a session or a model that names none
 * (`Entire-Checkpoint`, `Assisted-by: Claude Opus 5`), the model to a session line. Where a commit names two, nothing is
 * lent. A recorded session whose tool nobody named is the agent's that another signal gives the same session id.
 */
export function placeSignals(authorship: readonly FoundSignal[]): readonly PlacedSignal[] {
  const commits = new Map<string | null, CommitContext>();
  for (const found of authorship) note(commits, found);
  const owners = ownersOfSessions(authorship);
  return authorship.map((found) => {
    const placed = place(found, commits.get(found.commit));
    const id = bareSession(placed.sessionId ?? '');
    const owner = placed.agent === 'unknown' && id !== '' ? owners.get(id) : undefined;
    return owner === undefined ? placed : { ...placed, agent: owner, sessionId: `${owner}:${id}` };
  });
}

/** A session's own id, without the namespace: `claude-code:abc` → `abc`. */
export function bareSession(sessionId: string): string {
  return sessionId.slice(sessionId.indexOf(':') + 1);
}

/** Session id → the one agent that signals give it. */
function ownersOfSessions(authorship: readonly FoundSignal[]): ReadonlyMap<string, string> {
  const agents = new Map<string, Set<string>>();
  for (const { signal } of authorship) {
    if (signal.sessionId === undefined || !isNamed(signal.agent)) continue;
    const id = bareSession(signal.sessionId);
    agents.set(id, (agents.get(id) ?? new Set()).add(signal.agent));
  }
  return new Map(
    [...agents].flatMap(([id, owners]) => (owners.size === 1 ? [...owners].map((agent) => [id, agent]) : [])),
  );
}

function note(commits: Map<string | null, CommitContext>, found: FoundSignal): void {
  const context: CommitContext = commits.get(found.commit) ?? {
    agents: new Set(),
    models: new Map(),
    checkpoints: [],
  };
  commits.set(found.commit, context);
  const { agent, model } = found.signal;
  if (found.source === 'entire-checkpoint') context.checkpoints.push(found);
  if (!isNamed(agent)) return;
  context.agents.add(agent);
  const key = modelKey(model ?? '');
  if (model === undefined || key === '' || found.source !== 'commit') return;
  const ofAgent = context.models.get(agent) ?? new Map<string, string>();
  context.models.set(agent, ofAgent);
  if (!ofAgent.has(key)) ofAgent.set(key, model);
}

function place(found: FoundSignal, context: CommitContext | undefined): PlacedSignal {
  const { signal, source } = found;
  const checkpoint = recordOfCheckpoint(found, context);
  const lent = context?.agents.size === 1 ? [...context.agents][0] : undefined;
  const ownAgent = signal.agent ?? 'unknown';
  const mayBorrow = !isNamed(signal.agent) && source === 'commit';
  const agent = checkpoint?.signal.agent ?? (mayBorrow ? (lent ?? 'unknown') : ownAgent);
  const sessionId = checkpoint === undefined ? signal.sessionId : checkpoint.signal.sessionId;
  const models = context?.models.get(agent);
  const beside =
    signal.model === undefined && signal.sessionId !== undefined && source === 'commit'
      ? (found.besideModel ?? (models?.size === 1 ? [...models.values()][0] : undefined))
      : undefined;
  const model = checkpoint?.signal.model ?? signal.model ?? beside ?? null;
  return { found, agent, sessionId: sessionId ?? null, modelKey: modelKey(model ?? ''), model };
}

/** The session of the Entire checkpoint that a trailer points to, if its record was read. */
function recordOfCheckpoint(found: FoundSignal, context: CommitContext | undefined): FoundSignal | undefined {
  const { sessionId } = found.signal;
  if (found.source !== 'commit' || !sessionId?.startsWith('entire:')) return undefined;
  const prefix = `${sessionId.slice('entire:'.length)}/`;
  return context?.checkpoints.find(({ session }) => session?.key.startsWith(prefix));
}

function isNamed(agent: string | undefined): agent is string {
  return agent !== undefined && agent !== 'unknown';
}
