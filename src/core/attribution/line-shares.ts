import type { ObservedChange } from '../change/observed-change.ts';
import type { ActorClass, FileAttribution } from './attribution.ts';
import type { RecordedSession } from './attribution-record.ts';
import { compareText } from './found-signal.ts';
import type { ClaimDraft } from './group-claims.ts';
import {
  countLines,
  intersectRanges,
  type LineRanges,
  normaliseRanges,
  subtractRanges,
  uniteRanges,
} from './line-ranges.ts';

/** Lines that records give to a person and to an agent at once. */
export interface OverlappingLines {
  readonly path: string;
  readonly lines: number;
  /** Locators of the two sayings. */
  readonly human: string;
  readonly agent: string;
  readonly draft: ClaimDraft;
}

export interface LineShares {
  readonly files: readonly (Omit<FileAttribution, 'ranges'> & { readonly parts: readonly FilePart[] })[];
  /** Added lines of the change that records give to agents (mixed ones too), and to people alone. */
  readonly agentLines: number;
  readonly humanLines: number;
  readonly mixedLines: number;
  readonly linesOf: ReadonlyMap<ClaimDraft, number>;
  readonly overlaps: readonly OverlappingLines[];
}

interface FilePart {
  readonly ranges: LineRanges;
  readonly class: ActorClass;
  readonly draft: ClaimDraft | null;
}

interface SaidOfFile {
  readonly commit: string;
  readonly contributor: RecordedSession['contributor'];
  readonly draft: ClaimDraft | null;
  readonly locator: string;
  readonly ranges: LineRanges;
}

const maxOverlaps = 20;

/**
 * Who the records give the added lines of each file to. Lines that no record speaks of belong to nobody known; lines of
 * a person and an agent at once count as the agent's and are reported as overlapping.
 */
export function shareLines(change: ObservedChange, drafts: readonly ClaimDraft[]): LineShares {
  const byFile = sayingsByFile(change, drafts);
  const files: LineShares['files'][number][] = [];
  const totals = { agentLines: 0, humanLines: 0, mixedLines: 0 };
  const linesOf = new Map<ClaimDraft, number>();
  const overlaps: OverlappingLines[] = [];
  for (const file of change.files.toSorted((a, b) => compareText(a.path, b.path))) {
    const said = byFile.get(file.path);
    if (said === undefined || file.binary === true || file.submodule === true) continue;
    const parts = partsOf(said);
    const agent = uniteRanges(...parts.flatMap(({ draft, ranges }) => (draft === null ? [] : [ranges])));
    const human = uniteRanges(...parts.flatMap((part) => (part.class === 'human' ? [part.ranges] : [])));
    const declaredMixed = parts.flatMap((part) => (part.class === 'mixed' ? [part.ranges] : []));
    const mixed = uniteRanges(...declaredMixed, intersectRanges(human, agent));
    const count = {
      agent: Math.min(countLines(agent), file.additions),
      human: Math.min(countLines(subtractRanges(human, agent)), file.additions),
      mixed: Math.min(countLines(mixed), file.additions),
    };
    totals.agentLines += count.agent;
    totals.humanLines += count.human;
    totals.mixedLines += count.mixed;
    for (const { draft, ranges } of parts) {
      if (draft !== null) linesOf.set(draft, (linesOf.get(draft) ?? 0) + countLines(ranges));
    }
    overlaps.push(...overlapsOf(file.path, said));
    files.push({ path: file.path, additions: file.additions, parts, ...classOfFile(count, file.additions) });
  }
  return { files, ...totals, linesOf, overlaps };
}

function sayingsByFile(
  change: ObservedChange,
  drafts: readonly ClaimDraft[],
): ReadonlyMap<string, readonly SaidOfFile[]> {
  const owner = new Map(
    drafts.flatMap((draft) =>
      draft.signals.flatMap(({ session }) => (session === undefined ? [] : [[session, draft] as const])),
    ),
  );
  const sayings = change.records
    .flatMap(({ commit, locator, sessions }) =>
      sessions.map((session) => ({ commit, session, locator: `${locator} ${session.key}` })),
    )
    .flatMap(({ commit, session, locator }) =>
      session.coverage.map(({ path, ranges }) => ({
        path,
        commit,
        contributor: session.contributor,
        draft: owner.get(session) ?? null,
        locator,
        ranges: normaliseRanges(ranges),
      })),
    );
  return Map.groupBy(sayings.toSorted(compareSayings), ({ path }) => path);
}

function compareSayings(left: SaidOfFile, right: SaidOfFile): number {
  return (
    compareText(left.locator, right.locator) ||
    (left.ranges[0]?.[0] ?? 0) - (right.ranges[0]?.[0] ?? 0) ||
    countLines(left.ranges) - countLines(right.ranges)
  );
}

/** One part per claim and contributor, in the order in which the records speak of them. */
function partsOf(said: readonly SaidOfFile[]): readonly FilePart[] {
  return [...Map.groupBy(said, ({ draft }) => draft)].flatMap(([draft, ofDraft]) =>
    [...Map.groupBy(ofDraft, ({ contributor }) => contributor)].map(([contributor, same]) => ({
      draft,
      class: contributor,
      ranges: uniteRanges(...same.map(({ ranges }) => ranges)),
    })),
  );
}

/**
 * Lines that records of one commit give twice; a later commit may well rewrite an earlier one's. The first of them, each
 * with one person's saying: enough to show, whatever a record made to be costly claims.
 */
function overlapsOf(path: string, said: readonly SaidOfFile[]): readonly OverlappingLines[] {
  const overlaps: OverlappingLines[] = [];
  for (const ofCommit of Map.groupBy(said, ({ commit }) => commit).values()) {
    const people = ofCommit.filter(({ contributor }) => contributor === 'human');
    const human = uniteRanges(...people.map(({ ranges }) => ranges));
    for (const { draft, locator, ranges } of ofCommit) {
      const common = draft === null ? [] : intersectRanges(human, ranges);
      if (draft === null || common.length === 0) continue;
      const person = people.find((one) => intersectRanges(one.ranges, common).length > 0);
      overlaps.push({ path, lines: countLines(common), human: person?.locator ?? '', agent: locator, draft });
      if (overlaps.length >= maxOverlaps) return overlaps;
    }
  }
  return overlaps;
}

function classOfFile(
  count: { readonly agent: number; readonly human: number; readonly mixed: number },
  additions: number,
): Pick<FileAttribution, 'class' | 'aiShare'> {
  if (count.agent > 0) {
    const whole = count.agent === additions && count.mixed === 0;
    return { class: whole ? 'ai' : 'mixed', aiShare: count.agent / additions };
  }
  return additions > 0 && count.human === additions
    ? { class: 'human', aiShare: 0 }
    : { class: 'unknown', aiShare: null };
}
