import type { Gap, ObservedChange, RepositoryRef } from '../../core/change/observed-change.ts';
import type { ChangeReplay } from '../../core/risk/change-replay.ts';
import { featureSpec } from '../../core/risk/replay.ts';
import { noTraces, readTraces, tracePath } from './agent-traces.ts';
import { type FoundRecords, findRecords, mayHaveLines, type RecordSources } from './attribution-records.ts';
import { ChangeDiff } from './change-diff.ts';
import type { CommitGraph } from './commit-graph.ts';
import { DiffReader, FileLister, withContent } from './diff-reader.ts';
import { attributesLimitBytes, type GeneratedPaths, readGeneratedPaths } from './generated-paths.ts';
import { ownDiff } from './landing-line.ts';
import type { MentionsAgent } from './landing-unit.ts';
import type { Notes } from './notes.ts';
import { ObjectReader } from './object-reader.ts';
import { OwnDiffReader, sideDiffs } from './own-diff-reader.ts';
import { type PlannedChange, planChanges } from './plan-changes.ts';
import { planRange } from './plan-range.ts';
import type { PrivateView } from './private-view.ts';
import type { References } from './references.ts';
import { UnreadableObjects } from './unreadable-objects.ts';

export interface ObserveOptions {
  readonly view: PrivateView;
  readonly references: References;
  readonly repo: RepositoryRef;
  /** Of the head, or of the merge base where a range is asked for. */
  readonly graph: CommitGraph;
  readonly notes: Notes;
  readonly replay: ChangeReplay | undefined;
  readonly mentionsAgent: MentionsAgent;
  /** One change that has not landed: everything from the merge base to the head. */
  readonly range?: { readonly mergeBase: string; readonly head: string };
  readonly since?: Date;
  readonly onProgress: (done: number, total: number) => void;
}

/** Changes of which git is asked ahead, and commits that these may hold in memory. */
const changesAhead = 256;
const commitsAhead = 2_000;
/** Changes whose records are sought while the next diffs are read. */
const composingAtOnce = 1;
/** The replay looks at the beginning of a line only; minified code has lines of megabytes. */
const textLimit = 1_024;

/**
 * The changes that were asked for, oldest first. Four gits at most run beside us: commits and records, the changes' diffs,
 * the diffs from commits inside of a change to its end, and what is started for a moment. With a replay the whole history is
 * read, whatever was asked for: a change's features rest on everything before it.
 */
export async function* observeChanges(
  options: ObserveOptions,
): AsyncGenerator<ObservedChange, void, undefined> {
  const { view, graph, range } = options;
  const reader = new ObjectReader(view.refs);
  const line = graph.line.flatMap((landed) => sideDiffs(ownDiff(landed)));
  const unreadable = new UnreadableObjects(
    view,
    range === undefined ? line : [...line, { newId: range.head, oldId: range.mergeBase }],
  );
  const diffs = new OwnDiffReader(
    new DiffReader(view.diffs, { show: withContent, textLimit, standIns: unreadable }),
  );
  const listing = new DiffReader(view.diffs, { show: ['-M'], textLimit: 0, standIns: unreadable });
  const tip = range?.head ?? graph.line.at(-1)?.sha ?? '';
  try {
    const traced = (await reader.read(`${tip}:${tracePath}`, 0)).found;
    const observer = new ChangeObserver({
      ...options,
      diffs,
      unreadable,
      isGenerated: await generatedPaths(reader, tip),
      sources: {
        reader,
        references: options.references,
        notes: options.notes,
        traces: traced ? await readTraces(view.diffs, graph) : noTraces,
        lister: new FileLister(listing),
      },
    });
    yield* observer.observe(plan(options, reader));
  } finally {
    await Promise.all([reader.close(), diffs.close(), listing.close()]);
  }
}

async function* plan(
  options: ObserveOptions,
  reader: ObjectReader,
): AsyncGenerator<PlannedChange, void, undefined> {
  const { view, graph, mentionsAgent, range } = options;
  yield* planChanges({ graph, reader, shallow: view.shallow, mentionsAgent });
  if (range === undefined || range.mergeBase === range.head) return;
  yield await planRange({ ...range, reader, view, mentionsAgent, position: graph.line.length });
}

async function generatedPaths(reader: ObjectReader, commit: string): Promise<GeneratedPaths> {
  const attributes = await reader.read(`${commit}:.gitattributes`, attributesLimitBytes);
  return readGeneratedPaths(
    attributes.found && attributes.type === 'blob' ? attributes.bytes.toString('utf8') : '',
  );
}

interface ObserverOptions extends ObserveOptions {
  readonly diffs: OwnDiffReader;
  readonly unreadable: UnreadableObjects;
  readonly isGenerated: GeneratedPaths;
  readonly sources: RecordSources;
}

class ChangeObserver {
  readonly #options: ObserverOptions;
  readonly #sinceSeconds: number;

  constructor(options: ObserverOptions) {
    this.#options = options;
    this.#sinceSeconds =
      options.since === undefined ? Number.NEGATIVE_INFINITY : options.since.getTime() / 1_000;
  }

  /**
   * The changes that were asked for. Three stages overlap: diffs are asked for ahead, read one after the other (the replay
   * needs them so), and the records of some changes are sought while the next diffs are read.
   */
  async *observe(
    planned: AsyncGenerator<PlannedChange, void, undefined>,
  ): AsyncGenerator<ObservedChange, void, undefined> {
    const { graph, onProgress, view } = this.#options;
    const composing: Promise<ObservedChange | undefined>[] = [];
    for await (const change of this.#askAhead(planned)) {
      view.refs.signal?.throwIfAborted();
      const composed = this.#observeOne(change, await this.#readDiff(change));
      // Its failure is met when its turn comes.
      composed.catch(() => undefined);
      composing.push(composed);
      onProgress(change.position, graph.line.length);
      const done = composing.length > composingAtOnce ? await composing.shift() : undefined;
      if (done !== undefined) yield done;
    }
    for (const composed of composing) {
      const done = await composed;
      if (done !== undefined) yield done;
    }
  }

  /** Gives planned changes on, having asked for the diffs of those that follow. */
  async *#askAhead(
    planned: AsyncGenerator<PlannedChange, void, undefined>,
  ): AsyncGenerator<PlannedChange, void, undefined> {
    const waiting: PlannedChange[] = [];
    let commits = 0;
    for await (const change of planned) {
      if (change.diff !== null && this.#isRead(change)) this.#options.diffs.request(change.diff);
      waiting.push(change);
      commits += change.commits.length;
      while (waiting.length > changesAhead || (commits > commitsAhead && waiting.length > 1)) {
        const next = waiting.shift();
        if (next === undefined) break;
        commits -= next.commits.length;
        yield next;
      }
    }
    yield* waiting;
  }

  /** Undefined where the change was not asked for: then it was read for the replay's sake alone. */
  async #observeOne(planned: PlannedChange, read: ReadDiff): Promise<ObservedChange | undefined> {
    if (!this.#isWanted(planned)) return undefined;
    const found = await findRecords(this.#options.sources, planned.commits, read.diff.addedLines);
    return this.#compose(planned, read, found);
  }

  #isWanted({ id, landing }: PlannedChange): boolean {
    return (
      landing.committedAt >= this.#sinceSeconds &&
      (this.#options.range === undefined || id.startsWith('range/'))
    );
  }

  #isRead(planned: PlannedChange): boolean {
    return this.#options.replay !== undefined || this.#isWanted(planned);
  }

  async #readDiff(planned: PlannedChange): Promise<ReadDiff> {
    const { replay, isGenerated, unreadable, sources, diffs } = this.#options;
    const options = {
      replay,
      isGenerated,
      faultOf: (blob: string) => unreadable.faultOf(blob),
      keepsRanges: this.#isWanted(planned) && mayHaveLines(sources, planned.commits),
    };
    let diff = new ChangeDiff(options);
    if (planned.diff === null || !this.#isRead(planned)) return { diff, features: {}, gaps: [] };
    const outcome = await diffs.read(() => {
      // Begins anew where an attempt broke off in the middle.
      replay?.abandon();
      replay?.begin(planned.start);
      diff = new ChangeDiff(options);
      return diff;
    });
    if (outcome === 'read') return { diff, features: replay?.finish().features ?? {}, gaps: diff.gaps };
    replay?.abandon();
    const detail = `The files of ${planned.landing.observed.sha} could not be listed: a tree is missing or damaged.`;
    return { diff: new ChangeDiff(options), features: {}, gaps: [{ code: 'unreadable-object', detail }] };
  }

  #compose(planned: PlannedChange, read: ReadDiff, found: FoundRecords): ObservedChange {
    const { signs, landing } = planned;
    return {
      schema: 'reentry.observed-change/1',
      repo: this.#options.repo,
      id: planned.id,
      kind: signs.kind,
      ...(signs.number === undefined ? {} : { number: signs.number }),
      landing: signs.landing,
      ...(signs.forge === undefined ? {} : { forge: signs.forge }),
      title: signs.title,
      ...(signs.sourceBranch === undefined ? {} : { sourceBranch: signs.sourceBranch }),
      targetBranch: this.#options.references.targetBranch,
      baseSha: planned.baseSha,
      headSha: planned.headSha,
      mergeSha: landing.observed.sha,
      mergeTree: landing.observed.tree,
      mergedAt: landing.observed.committedAt,
      author: planned.author,
      size: read.diff.size,
      commits: planned.commits,
      files: read.diff.files,
      records: found.records,
      features: read.features,
      featureSpec,
      gaps: [...planned.gaps, ...read.gaps, ...found.gaps],
    };
  }
}

interface ReadDiff {
  readonly diff: ChangeDiff;
  readonly features: Readonly<Record<string, number>>;
  readonly gaps: readonly Gap[];
}
