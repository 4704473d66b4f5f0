import { signsOf } from './landing-unit.ts';
import type { ObjectReader } from './object-reader.ts';
import type { OwnDiffRequest } from './own-diff-reader.ts';
import { readAhead } from './read-ahead.ts';
import { tryReadCommit } from './read-commit.ts';

/** Commit → its parents, as far as they are here. */
export type Parents = ReadonlyMap<string, readonly string[]>;

/** A commit that landed, with what it brought in. */
export interface LineCommit {
  readonly sha: string;
  /** Null where it has none that is here: a root, the shallow boundary, damage. */
  readonly firstParent: string | null;
  /** Reachable from it and no part of what landed before it; parents before children. */
  readonly inner: readonly string[];
  /** The other parents of an opened merge: what came from there landed by itself. */
  readonly openedParents: readonly string[];
}

/**
 * What landed on the branch, oldest first: the commits of the first-parent line, and before each merge that is *opened*
 * the commits of the lines that it merged.
 *
 * A merge is opened where it names no pull request and where pull requests landed on what it merged. `git pull` makes such
 * merges: the branch's own history goes on behind the second parent, and the first one is what somebody had committed
 * beside it. So what it merged is a line like ours: its first-parent line down to what had landed before, with merges on it
 * opened by the same rule, becomes changes, one a commit. Whether a merge is opened depends on nothing but what lies behind it,
 * so a history that ends earlier on the line gives the same changes.
 */
export async function readLandingLine(
  head: string,
  parents: Parents,
  reader: ObjectReader,
): Promise<readonly LineCommit[]> {
  const landings = landingsOf(head, parents);
  const merges = landings.filter(({ inner }) => inner.length > 0);
  const named = await pullRequestsAmong(reader, merges.map(shaOf));
  const unnamed = merges.filter(({ sha }) => !named.has(sha));
  const within = await pullRequestsAmong(reader, innerOf(unnamed));
  const line = (landing: Landing, isOpened: boolean): LineCommit => {
    const [firstParent = null, ...others] = parents.get(landing.sha) ?? [];
    return { sha: landing.sha, firstParent, inner: landing.inner, openedParents: isOpened ? others : [] };
  };
  return landings.flatMap((landing) => {
    // Of a merge that names one nothing is in `within`.
    const landed = openMerge(landing, within);
    return landed?.map((one) => line(one, one.isOpened)) ?? [line(landing, false)];
  });
}

/** What the commit itself brought: an opened merge only what none of its parents has. */
export function ownDiff({ sha, firstParent, openedParents }: LineCommit): OwnDiffRequest {
  return { newId: sha, oldId: firstParent, otherIds: openedParents };
}

interface Landing {
  readonly sha: string;
  readonly inner: readonly string[];
  /**
   * For each of `inner`: the index at which what it merged itself begins; it ends before the commit. So the commit before it
   * on its line is the one before that index, and lines lie within each other like brackets.
   */
  readonly starts: readonly number[];
}

function shaOf({ sha }: Landing): string {
  return sha;
}

function* innerOf(landings: readonly Landing[]): Generator<string, void, undefined> {
  for (const { inner } of landings) yield* inner;
}

async function pullRequestsAmong(reader: ObjectReader, shas: Iterable<string>): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  const read = readAhead(shas, commitsAhead, (sha) => tryReadCommit(reader, sha));
  for await (const commit of read) {
    if (commit !== undefined && signsOf(commit.observed).kind === 'pull_request')
      found.add(commit.observed.sha);
  }
  return found;
}

const commitsAhead = 400;

interface OpenedLanding extends Landing {
  readonly isOpened: boolean;
}

/** Undefined where no pull request landed on any line that lies open in it. */
function openMerge({ sha, inner, starts }: Landing, pulls: ReadonlySet<string>): OpenedLanding[] | undefined {
  if (!inner.some((one) => pulls.has(one))) return undefined;
  const opened: boolean[] = [];
  const holdsPullRequest = (from: number, to: number): boolean => {
    for (let at = to - 1; at >= from; at = (starts[at] ?? 0) - 1) {
      if (opened[at] || pulls.has(inner[at] ?? '')) return true;
    }
    return false;
  };
  for (const [at, one] of inner.entries()) {
    opened.push(!pulls.has(one) && holdsPullRequest(starts[at] ?? at, at));
  }
  if (!holdsPullRequest(0, inner.length)) return undefined;
  const landed: OpenedLanding[] = [{ sha, inner: [], starts: [], isOpened: true }];
  for (let at = inner.length - 1; at >= 0; ) {
    const isOpened = opened[at] ?? false;
    const from = isOpened ? at : (starts[at] ?? at);
    landed.push({ sha: inner[at] ?? '', inner: inner.slice(from, at), starts: [], isOpened });
    at = from - 1;
  }
  return landed.reverse();
}

function landingsOf(head: string, parents: Parents): readonly Landing[] {
  const landed = new Set<string>();
  return firstParentLine(head, parents).map((sha) => {
    landed.add(sha);
    return { sha, ...takeInner(parents.get(sha)?.slice(1) ?? [], parents, landed) };
  });
}

function firstParentLine(head: string, parents: Parents): readonly string[] {
  const line: string[] = [];
  for (let sha: string | undefined = head; sha !== undefined; sha = parents.get(sha)?.[0]) line.push(sha);
  return line.reverse();
}

/** Everything reachable from `tips` that has not landed yet, parents first (depth first, without recursion). */
function takeInner(tips: readonly string[], parents: Parents, landed: Set<string>): Omit<Landing, 'sha'> {
  const inner: string[] = [];
  const starts: number[] = [];
  const stack: { readonly sha: string; next: number; start: number }[] = [];
  const enter = (sha: string) => {
    if (landed.has(sha)) return;
    landed.add(sha);
    stack.push({ sha, next: 0, start: 0 });
  };
  for (const tip of tips) {
    enter(tip);
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const parent = parents.get(top.sha)?.[top.next];
      // Its first parent's side is complete when the second one's turn comes.
      if (top.next <= 1) top.start = inner.length;
      top.next += 1;
      if (parent !== undefined) {
        enter(parent);
      } else {
        inner.push(top.sha);
        starts.push(top.start);
        stack.pop();
      }
    }
  }
  return { inner, starts };
}
