import { continuesRebase, type LandingSigns } from '../../core/change/landing.ts';
import type { Gap, ObservedCommit, Person } from '../../core/change/observed-change.ts';
import type { UnitStart } from '../../core/risk/change-replay.ts';
import type { CommitGraph } from './commit-graph.ts';
import { type LineCommit, ownDiff } from './landing-line.ts';
import { LandingUnit, type MentionsAgent, signsOf } from './landing-unit.ts';
import type { ObjectReader } from './object-reader.ts';
import type { OwnDiffRequest } from './own-diff-reader.ts';
import { readAhead } from './read-ahead.ts';
import { type ReadCommit, readCommit, tryReadCommit } from './read-commit.ts';

/** A change as far as commits tell: everything but its files. */
export interface PlannedChange {
  readonly id: string;
  readonly signs: LandingSigns;
  readonly baseSha: string | null;
  readonly headSha: string;
  readonly landing: ReadCommit;
  readonly commits: readonly ObservedCommit[];
  readonly author: Person;
  readonly start: UnitStart;
  readonly gaps: readonly Gap[];
  /** Null where the parent's tree is not here to compare with. */
  readonly diff: OwnDiffRequest | null;
  /** How many commits of the line are done with this one. */
  readonly position: number;
}

export interface PlanOptions {
  readonly graph: CommitGraph;
  readonly reader: ObjectReader;
  readonly shallow: ReadonlySet<string>;
  readonly mentionsAgent: MentionsAgent;
}

const commitsAhead = 400;

/**
 * The changes of what landed, oldest first: one per commit, but consecutive commits of one rebased pull request
 * together. Ids stay when history grows: the first change with a number has `pr/<number>`, each later one adds its
 * first commit.
 */
export async function* planChanges(options: PlanOptions): AsyncGenerator<PlannedChange, void, undefined> {
  const numbers = new Set<number>();
  let open: OpenChange | undefined;
  for await (const step of readLine(options)) {
    if (open !== undefined && !continuesChange(open.last, step)) {
      yield finish(open, numbers, options);
      open = undefined;
    }
    open = open === undefined ? begin(step) : extend(open, step);
  }
  if (open !== undefined) yield finish(open, numbers, options);
}

/** A commit that landed, read, with what it brought in. */
interface Step {
  readonly line: LineCommit;
  readonly position: number;
  readonly landing: ReadCommit;
  readonly signs: LandingSigns;
  readonly unit: LandingUnit;
  // What `continuesRebase` looks at:
  readonly message: string;
  readonly parents: number;
  readonly committerEmail: string;
  readonly committedAt: number;
}

interface OpenChange {
  readonly first: Step;
  readonly last: Step;
  readonly unit: LandingUnit;
}

async function* readLine({
  graph,
  reader,
  mentionsAgent,
}: PlanOptions): AsyncGenerator<Step, void, undefined> {
  const commits = readAhead(commitOrder(graph), commitsAhead, (sha) => tryReadCommit(reader, sha));
  for (const [index, line] of graph.line.entries()) {
    const unit = new LandingUnit(mentionsAgent);
    for (const sha of line.inner) {
      const commit = (await commits.next()).value ?? undefined;
      if (commit === undefined) unit.addUnreadable(sha);
      else unit.addInner(commit);
    }
    const read = (await commits.next()).value ?? undefined;
    if (read === undefined) unit.addUnreadable(line.sha);
    const landing = read ?? readCommit(line.sha, Buffer.alloc(0));
    const { observed, committedAt } = landing;
    yield {
      line,
      position: index + 1,
      landing,
      signs: signsOf(observed),
      unit,
      message: observed.message,
      parents: observed.parents.length,
      committerEmail: observed.committer.email,
      committedAt,
    };
  }
}

function* commitOrder({ line }: CommitGraph): Generator<string, void, undefined> {
  for (const { sha, inner } of line) {
    yield* inner;
    yield sha;
  }
}

/** Where the line of an opened merge begins, the commit before is another line's. */
function continuesChange(previous: Step, next: Step): boolean {
  return next.line.firstParent === previous.line.sha && continuesRebase(previous, next);
}

function begin(step: Step): OpenChange {
  return { first: step, last: step, unit: step.unit };
}

function extend({ first, last, unit }: OpenChange, step: Step): OpenChange {
  unit.addInner(last.landing);
  return { first, last: step, unit };
}

function finish(open: OpenChange, numbers: Set<number>, { graph, shallow }: PlanOptions): PlannedChange {
  const { first, last, unit } = open;
  const signs: LandingSigns = first === last ? last.signs : { ...first.signs, landing: 'rebase' };
  const closed = unit.close(last.landing, signs);
  const { sha, parents } = last.landing.observed;
  const [baseSha = null] = first.landing.observed.parents;
  const parentIsHere = first.line.firstParent !== null || baseSha === null;
  return {
    id: changeId(signs, first.line.sha, numbers),
    signs,
    baseSha,
    // What lies behind an opened merge is no part of it.
    headSha: last.line.openedParents.length > 0 ? sha : (parents[1] ?? sha),
    landing: last.landing,
    commits: closed.commits,
    author: closed.author,
    start: closed.start,
    gaps: [...closed.gaps, ...boundaryGaps(closed.commits, graph, shallow)],
    diff: parentIsHere ? { ...ownDiff(last.line), oldId: first.line.firstParent } : null,
    position: last.position,
  };
}

function changeId(signs: LandingSigns, firstSha: string, numbers: Set<number>): string {
  if (signs.number === undefined) return `push/${firstSha}`;
  if (numbers.has(signs.number)) return `pr/${signs.number}@${firstSha}`;
  numbers.add(signs.number);
  return `pr/${signs.number}`;
}

function boundaryGaps(
  commits: readonly ObservedCommit[],
  graph: CommitGraph,
  shallow: ReadonlySet<string>,
): readonly Gap[] {
  return commits.flatMap(({ sha, parents }): readonly Gap[] => {
    if (shallow.has(sha) && parents.length > 0) {
      return [{ code: 'shallow-boundary', detail: `The parents of ${sha} are not in this shallow clone.` }];
    }
    if (!graph.broken.has(sha)) return [];
    return [{ code: 'unreadable-object', detail: `A parent of ${sha} could not be read.` }];
  });
}
