import { type PlacedSignal, placeSignals } from './commit-context.ts';
import { compareFound, type FoundSignal } from './found-signal.ts';
import { modelsAgree } from './model-name.ts';

/** A claim in the making: signals that speak of one agent, session and model. */
export interface ClaimDraft {
  readonly agent: string;
  readonly sessionId: string | null;
  /** Comparable spelling of its model, empty while nobody named one. */
  modelKey: string;
  /** As written beside a signal of this claim that names none itself. */
  besideModel: string | null;
  readonly signals: FoundSignal[];
  readonly commits: Set<string>;
}

export interface Grouping {
  readonly drafts: readonly ClaimDraft[];
  /** Signals that support no claim. */
  readonly others: readonly FoundSignal[];
}

/**
 * Groups signals of authorship into claims, one per agent, session and model. A signal without a session joins a
 * session's claim of its agent where the models agree, on its own commit first: a note and the trailer that the tool
 * wrote beside it are one claim. It never joins two. Deterministic for any order of the input.
 */
export function groupClaims(found: readonly FoundSignal[]): Grouping {
  const ordered = found.toSorted(compareFound);
  const placed = placeSignals(ordered.filter((one) => one.authorship));
  const drafts = new Drafts(placed);
  const withSession = placed.filter(({ sessionId }) => sessionId !== null);
  const without = placed.filter(({ sessionId }) => sessionId === null);
  for (const one of withSession) if (one.modelKey !== '') drafts.joinSession(one);
  for (const one of withSession) if (one.modelKey === '') drafts.joinSession(one);
  for (const one of without) if (one.modelKey !== '') drafts.joinModel(one);
  for (const one of without) if (one.modelKey === '') drafts.joinAgent(one);

  const others = ordered.filter((one) => !(one.authorship || drafts.support(one)));
  return { drafts: drafts.all, others };
}

class Drafts {
  readonly all: ClaimDraft[] = [];
  readonly #byAgent = new Map<string, ClaimDraft[]>();
  readonly #byCommit = new Map<string, ClaimDraft[]>();
  readonly #bySession = new Map<string, ClaimDraft[]>();
  /** Commit and agent → models that the commit's own text names. */
  readonly #said = new Map<string, Set<string>>();

  constructor(placed: readonly PlacedSignal[]) {
    for (const { found, agent, modelKey } of placed) {
      if (found.source !== 'commit' || modelKey === '') continue;
      const key = `${found.commit ?? ''}\0${agent}`;
      this.#said.set(key, (this.#said.get(key) ?? new Set()).add(modelKey));
    }
  }

  /** Same session, and a model that does not differ: one claim. */
  joinSession(one: PlacedSignal): void {
    const ofSession = this.#bySession.get(`${one.agent}\0${one.sessionId}`) ?? [];
    const same = ofSession.find((draft) => one.modelKey === '' || draft.modelKey === one.modelKey);
    this.#put(same ?? this.#open(one), one);
  }

  /** A model without a session: to its model's claim, else to the session of its own commit that it must belong to. */
  joinModel(one: PlacedSignal): void {
    const { agent, modelKey, found } = one;
    const ofAgent = this.#byAgent.get(agent) ?? [];
    const here = ofAgent.filter((draft) => draft.commits.has(found.commit ?? ''));
    const same =
      here.find((draft) => draft.modelKey === modelKey) ??
      here.find((draft) => draft.modelKey !== '' && modelsAgree(draft.modelKey, modelKey)) ??
      ofAgent.find((draft) => draft.modelKey === modelKey);
    this.#put(same ?? this.#onlySession(one, here) ?? this.#open(one), one);
  }

  /** An agent's name and no more: to the claim of its agent on its commit, else anywhere in the change. */
  joinAgent(one: PlacedSignal): void {
    const ofAgent = this.#byAgent.get(one.agent) ?? [];
    const here = ofAgent.find((draft) => draft.commits.has(one.found.commit ?? ''));
    this.#put(here ?? ofAgent[0] ?? this.#open(one), one);
  }

  /** Adds a requester or a bare model to a claim of its own commit; false where there is none, or it is neither. */
  support(found: FoundSignal): boolean {
    const here = this.#byCommit.get(found.commit ?? '') ?? [];
    const isRequester = found.signal.role === 'requester';
    if (!isRequester && found.supporting !== true) return false;
    const asked = here.find(({ signals }) => signals.some(({ signal }) => signal.kind === 'session-url'));
    const target = (isRequester ? asked : undefined) ?? here[0];
    target?.signals.push(found);
    return target !== undefined;
  }

  /**
   * The session on the signal's commit that it must belong to: one whose model nobody named, or, where the record
   * contradicts everything the message says of the model, the record's (both are kept, and found as a contradiction).
   */
  #onlySession({ agent, found }: PlacedSignal, here: readonly ClaimDraft[]): ClaimDraft | undefined {
    const said = [...(this.#said.get(`${found.commit ?? ''}\0${agent}`) ?? [])];
    const unnamed = here.filter((draft) => draft.modelKey === '');
    if (said.length === 1 && unnamed.length === 1) return unnamed[0];
    const recorded = here.filter(({ signals }) => signals.some(({ source }) => source !== 'commit'));
    const agreed = recorded.some((draft) => said.some((model) => modelsAgree(draft.modelKey, model)));
    return agreed ? undefined : recorded[0];
  }

  #open({ agent, sessionId, modelKey }: PlacedSignal): ClaimDraft {
    const draft: ClaimDraft = {
      agent,
      sessionId,
      modelKey,
      besideModel: null,
      signals: [],
      commits: new Set(),
    };
    this.all.push(draft);
    pushTo(this.#byAgent, agent, draft);
    if (sessionId !== null) pushTo(this.#bySession, `${agent}\0${sessionId}`, draft);
    return draft;
  }

  #put(draft: ClaimDraft, { found, model, modelKey }: PlacedSignal): void {
    draft.signals.push(found);
    if (draft.modelKey === '') draft.modelKey = modelKey;
    if (found.signal.model === undefined && model !== null) draft.besideModel ??= model;
    if (found.commit === null || draft.commits.has(found.commit)) return;
    draft.commits.add(found.commit);
    pushTo(this.#byCommit, found.commit, draft);
  }
}

function pushTo<Key, Value>(map: Map<Key, Value[]>, key: Key, value: Value): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}
