import type { ObservedChange } from '../change/observed-change.ts';
import type { Contradiction } from './attribution.ts';
import type { AttributionRecord } from './attribution-record.ts';
import { bareSession } from './commit-context.ts';
import { compareText, type FoundSignal } from './found-signal.ts';
import type { ClaimDraft } from './group-claims.ts';
import type { OverlappingLines } from './line-shares.ts';
import { modelKey, modelsAgree } from './model-name.ts';

/** A contradiction and the claims whose part it makes doubtful. */
export interface FoundContradiction {
  readonly contradiction: Contradiction;
  readonly drafts: readonly ClaimDraft[];
}

const maxContradictions = 100;

/**
 * Everything that two signals say and that cannot both be right. A placeholder model contradicts nothing; two agents in
 * one commit contradict nothing (both may have worked on it); two models in one message neither.
 */
export function findContradictions(
  change: ObservedChange,
  drafts: readonly ClaimDraft[],
  overlaps: readonly OverlappingLines[],
): readonly FoundContradiction[] {
  return [
    ...drafts.flatMap(nameAgainstAddress),
    ...modelAgainstModel(drafts),
    ...drafts.flatMap(userAgainstUser),
    ...sessionOfTwoAgents(drafts),
    ...change.records
      .toSorted((a, b) => compareText(a.locator, b.locator))
      .flatMap((record) => humanRecordAgainstAgent(record, drafts)),
    ...overlaps.map((overlap) => sameLines(overlap)),
  ].slice(0, maxContradictions);
}

function nameAgainstAddress(draft: ClaimDraft): readonly FoundContradiction[] {
  return draft.signals.flatMap(({ signal, nameSays }) =>
    nameSays === undefined
      ? []
      : [
          {
            contradiction: {
              about: 'agent',
              locators: [signal.locator],
              values: [nameSays, draft.agent],
              because: `The name says ${nameSays}, the address belongs to ${draft.agent}; the address counts.`,
            },
            drafts: [draft],
          },
        ],
  );
}

interface Said {
  readonly draft: ClaimDraft;
  readonly found: FoundSignal;
  readonly model: string;
}

/** On one commit, for one agent: two independent sources whose models have nothing in common. */
function modelAgainstModel(drafts: readonly ClaimDraft[]): readonly FoundContradiction[] {
  const said = drafts.flatMap((draft) =>
    draft.signals.flatMap((found): readonly Said[] => {
      const { model } = found.signal;
      return model === undefined || modelKey(model) === '' ? [] : [{ draft, found, model }];
    }),
  );
  const places = Map.groupBy(said, ({ draft, found }) => `${found.commit}\0${draft.agent}`);
  return [...places.values()].flatMap((place) => {
    const [first, ...rest] = [...Map.groupBy(place, ({ found }) => found.source).values()];
    return first === undefined ? [] : rest.flatMap((other) => disjointModels(first, other));
  });
}

function disjointModels(left: readonly Said[], right: readonly Said[]): readonly FoundContradiction[] {
  const [a] = left;
  const [b] = right;
  const agrees = left.some(({ model }) => right.some((other) => modelsAgree(model, other.model)));
  if (agrees || a === undefined || b === undefined) return [];
  return [
    {
      contradiction: {
        about: 'model',
        locators: [a.found.signal.locator, b.found.signal.locator],
        values: [a.model, b.model],
        because: `Two sources name different models of ${a.draft.agent} for the same commit.`,
      },
      drafts: [...new Set([...left, ...right].map(({ draft }) => draft))],
    },
  ];
}

/** One session has one person who asked for it. */
function userAgainstUser(draft: ClaimDraft): readonly FoundContradiction[] {
  if (draft.sessionId === null) return [];
  const named = draft.signals.flatMap(({ signal }) =>
    signal.user === undefined ? [] : [{ locator: signal.locator, user: signal.user }],
  );
  const [first] = named;
  const other = named.find(({ user }) => first !== undefined && !samePerson(user, first.user));
  if (first === undefined || other === undefined) return [];
  return [
    {
      contradiction: {
        about: 'user',
        locators: [first.locator, other.locator],
        values: [first.user, other.user],
        because: 'Two signals name different people for the same session.',
      },
      drafts: [draft],
    },
  ];
}

/** By address where both have one, else by name; letter case aside. */
export function samePerson(left: string, right: string): boolean {
  const [a, b] = [split(left), split(right)];
  if (a.email !== '' && a.email === b.email) return true;
  return a.name !== '' && a.name === b.name;
}

function split(person: string): { readonly name: string; readonly email: string } {
  const text = person.trim().toLowerCase();
  const open = text.lastIndexOf('<');
  if (open === -1) return { name: text, email: '' };
  return {
    name: text.slice(0, open).trim(),
    email: text
      .slice(open + 1)
      .replace('>', '')
      .trim(),
  };
}

/** Cursor also runs Claude's hooks, so one run may be recorded under two tools. */
function sessionOfTwoAgents(drafts: readonly ClaimDraft[]): readonly FoundContradiction[] {
  const bare = Map.groupBy(
    drafts.filter(({ agent, sessionId }) => sessionId !== null && agent !== 'unknown'),
    ({ sessionId }) => bareSession(sessionId ?? ''),
  );
  return [...bare].flatMap(([id, sharing]) => {
    const agents = [...new Set(sharing.map(({ agent }) => agent))].toSorted(compareText);
    if (agents.length < 2 || id.length < 8) return [];
    return [
      {
        contradiction: {
          about: 'session',
          locators: sharing.flatMap(({ signals }) => signals.slice(0, 1).map(({ signal }) => signal.locator)),
          values: agents.map((agent) => `${agent}:${id}`),
          because: 'One session id is recorded under more than one agent.',
        },
        drafts: sharing,
      },
    ];
  });
}

/** A record that tracks lines and knows only people, on a commit whose own text names an agent. */
function humanRecordAgainstAgent(
  record: AttributionRecord,
  drafts: readonly ClaimDraft[],
): readonly FoundContradiction[] {
  const lines = record.sessions.filter(({ claimedLines }) => claimedLines > 0);
  const [human] = lines.toSorted((a, b) => compareText(a.key, b.key));
  if (human === undefined || lines.some(({ contributor }) => contributor !== 'human')) return [];
  const against = drafts.flatMap((draft) => {
    const found = draft.signals.find(
      (one) => one.authorship && one.source === 'commit' && one.commit === record.commit,
    );
    return found === undefined ? [] : [{ draft, found }];
  });
  const [first] = against;
  if (first === undefined) return [];
  return [
    {
      contradiction: {
        about: 'lines',
        locators: [`${record.locator} ${human.key}`, first.found.signal.locator],
        values: [human.human ?? human.key, first.found.signal.value],
        because: 'The record gives every line that it tracks to a person; the commit itself names an agent.',
      },
      drafts: against.map(({ draft }) => draft),
    },
  ];
}

function sameLines({ path, lines, human, agent, draft }: OverlappingLines): FoundContradiction {
  return {
    contradiction: {
      about: 'lines',
      locators: [human, agent],
      values: [`${path}: ${lines} lines by a person`, `${path}: ${lines} lines by ${draft.agent}`],
      because: 'The same added lines are given to a person and to an agent; they count as the agent’s.',
    },
    drafts: [draft],
  };
}
