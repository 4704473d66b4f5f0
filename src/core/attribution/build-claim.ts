import type { Claim, Contradiction, Level, Signal } from './attribution.ts';
import { bareSession } from './commit-context.ts';
import { compareFound, type FoundSignal } from './found-signal.ts';
import type { ClaimDraft } from './group-claims.ts';
import { isPlaceholderModel, modelsAgree } from './model-name.ts';

type Part = 'agent' | 'model' | 'session' | 'user';

/** Which part a contradiction makes doubtful: lines given to two sides put in doubt that the agent wrote them. */
const doubtfulPart: Readonly<Record<Contradiction['about'], Part>> = {
  agent: 'agent',
  model: 'model',
  session: 'session',
  user: 'user',
  lines: 'agent',
};

interface Named {
  readonly text: string;
  readonly level: Level;
}

/**
 * The claim of a draft. Each part has the level of the best signal that says it: two declared signals stay declared. A
 * contradiction takes one level from the part that it is about, once, and never below 0.
 */
export function buildClaim(
  draft: ClaimDraft,
  contradictions: readonly Contradiction[],
  lines: number | null,
): Claim {
  const found = draft.signals.toSorted(compareFound);
  const doubtful = new Set(contradictions.map(({ about }) => doubtfulPart[about]));
  const lower = (part: Part, level: Level): Level => (doubtful.has(part) ? below(level) : level);
  const authorship = found.filter((one) => one.authorship);
  const agentLevel = lower('agent', highest(authorship.map(({ signal }) => signal)));
  const model = modelOf(draft, found);
  const user = best(found, ({ user }) => user);
  const session = sessionLevel(draft, found);
  return {
    agent: draft.agent,
    model: model?.text ?? null,
    modelIsPlaceholder: model !== undefined && isPlaceholderModel(model.text),
    sessionId: draft.sessionId,
    user: user?.text ?? null,
    role: authorship.some(({ signal }) => signal.role === 'author') ? 'author' : 'co-author',
    level: agentLevel,
    levels: {
      agent: agentLevel,
      model: model === undefined || isPlaceholderModel(model.text) ? null : lower('model', model.level),
      session: session === null ? null : lower('session', session),
      user: user === undefined ? null : lower('user', user.level),
    },
    lines,
    signals: found.map(({ signal }) => signal),
  };
}

/** A model that somebody named, else the placeholder as written. */
function modelOf(draft: ClaimDraft, found: readonly FoundSignal[]): Named | undefined {
  const named = best(found, ({ model }) =>
    model !== undefined && !isPlaceholderModel(model) && modelsAgree(model, draft.modelKey)
      ? model
      : undefined,
  );
  const beside: Named | undefined =
    draft.besideModel === null ? undefined : { text: draft.besideModel, level: 1 };
  return (
    named ??
    (beside && !isPlaceholderModel(beside.text) ? beside : undefined) ??
    best(found, ({ model }) => model)
  );
}

/** The first of the highest level: signals are in order. */
function best(
  found: readonly FoundSignal[],
  part: (signal: Signal) => string | undefined,
): Named | undefined {
  let chosen: Named | undefined;
  for (const { signal } of found) {
    const text = part(signal);
    if (text !== undefined && (chosen === undefined || signal.level > chosen.level))
      chosen = { text, level: signal.level };
  }
  return chosen;
}

function sessionLevel(draft: ClaimDraft, found: readonly FoundSignal[]): Level | null {
  if (draft.sessionId === null) return null;
  const id = bareSession(draft.sessionId);
  return highest(found.flatMap(({ signal }) => (bareSession(signal.sessionId ?? '') === id ? [signal] : [])));
}

function highest(signals: readonly Signal[]): Level {
  return signals.map(({ level }) => level).toSorted((a, b) => b - a)[0] ?? 0;
}

function below(level: Level): Level {
  return level === 0 ? 0 : ((level - 1) as Level);
}
