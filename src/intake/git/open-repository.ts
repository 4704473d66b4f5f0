import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { ReadChangesOptions, RepositoryReader, RepositoryState } from '../../app/ports.ts';
import type { Gap, ObservedChange, RepositoryRef } from '../../core/change/observed-change.ts';
import { AppError } from '../../core/errors.ts';
import type { ChangeReplay } from '../../core/risk/change-replay.ts';
import { type CommitGraph, readCommitGraph } from './commit-graph.ts';
import { type GitContext, runGit } from './git-child.ts';
import type { MentionsAgent } from './landing-unit.ts';
import { locateRepository, type RepositoryPlace } from './locate-repository.ts';
import { listNotes, type Notes, noNotes } from './notes.ts';
import { ObjectReader } from './object-reader.ts';
import { observeChanges } from './observe-changes.ts';
import { openPrivateView, type PrivateView } from './private-view.ts';
import { type References, readReferences, resolveRevision } from './references.ts';
import { repositoryRef } from './repository-ref.ts';

export interface OpenRepositoryOptions {
  /** Is told the whole history, so it serves one reading of it; without one changes have no features. */
  readonly replay: ChangeReplay | undefined;
  readonly mentionsAgent: MentionsAgent;
  /** Where `git` is looked for (`PATH`); the system's default if left out. */
  readonly searchPath?: string;
}

/**
 * Opens the repository that `path` is or lies in; references are read now, once. Fails with GIT_NOT_FOUND, GIT_TOO_OLD,
 * NOT_A_REPOSITORY or REPOSITORY_UNREADABLE. `close` ends every git that is still running.
 */
export async function openRepository(
  path: string,
  options: OpenRepositoryOptions,
): Promise<RepositoryReader> {
  const place = await locateRepository(path);
  const closing = new AbortController();
  const view = await openPrivateView(place, { searchPath: options.searchPath, signal: closing.signal });
  try {
    const [references] = await Promise.all([readReferences(view, place), requireVersion(view.refs)]);
    return new GitRepository({ place, view, references, closing, options });
  } catch (error) {
    await view.close();
    throw error;
  }
}

interface Opened {
  readonly place: RepositoryPlace;
  readonly view: PrivateView;
  readonly references: References;
  readonly closing: AbortController;
  readonly options: OpenRepositoryOptions;
}

class GitRepository implements RepositoryReader {
  readonly #opened: Opened;
  readonly #ref: RepositoryRef;
  #graph: Promise<CommitGraph> | undefined;
  #notes: Promise<Notes> | undefined;
  #replayUsed = false;

  constructor(opened: Opened) {
    this.#opened = opened;
    this.#ref = repositoryRef(opened.view.settings.get('remote.origin.url'), opened.place.folderName);
  }

  async describe(): Promise<RepositoryState> {
    const { targetBranch, headSha, digest } = this.#opened.references;
    return { ref: this.#ref, targetBranch, headSha, refsDigest: digest, gaps: await this.#gaps() };
  }

  async hasCommit(shas: readonly string[]): Promise<boolean> {
    const objects = new ObjectReader(this.#opened.view.refs);
    try {
      const found = await Promise.all(shas.map((sha) => objects.read(sha, 0)));
      return found.some((object) => object.found && object.type === 'commit');
    } finally {
      await objects.close();
    }
  }

  async *changes(options: ReadChangesOptions): AsyncGenerator<ObservedChange, void, undefined> {
    const { place, closing, references } = this.#opened;
    if (this.#replayUsed)
      throw new AppError('INTERNAL', { detail: 'the history was read twice with one replay' });
    this.#replayUsed = this.#opened.options.replay !== undefined;
    const signal = options.signal ? AbortSignal.any([closing.signal, options.signal]) : closing.signal;
    const view = withSignal(this.#opened.view, signal);
    const resolve = (revision: string) => resolveRevision(view.refs, place, revision);
    const head = options.head === undefined ? references.headSha : await resolve(options.head);
    if (head === null) return;
    const base = options.base === undefined ? undefined : await resolve(options.base);
    const mergeBase = base === undefined ? undefined : await findMergeBase(view.refs, base, head);
    yield* observeChanges({
      view,
      references,
      repo: this.#ref,
      graph: await this.#history(view, mergeBase ?? head),
      notes: await this.#readNotes(view),
      replay: this.#opened.options.replay,
      mentionsAgent: this.#opened.options.mentionsAgent,
      ...(mergeBase === undefined ? {} : { range: { mergeBase, head } }),
      ...(options.since === undefined ? {} : { since: options.since }),
      onProgress: options.onProgress ?? (() => undefined),
    });
  }

  async close(): Promise<void> {
    this.#opened.closing.abort();
    await this.#opened.view.close();
  }

  /** The graph of the default branch is kept: `describe` and `changes` both need it. */
  #history(view: PrivateView, head: string): Promise<CommitGraph> {
    if (head !== this.#opened.references.headSha) return readCommitGraph(view, head);
    this.#graph ??= readCommitGraph(view, head);
    return this.#graph;
  }

  #readNotes(view: PrivateView): Promise<Notes> {
    const { notes } = this.#opened.references;
    this.#notes ??= notes === undefined ? Promise.resolve(noNotes) : listNotes(view.refs, notes);
    return this.#notes;
  }

  async #gaps(): Promise<readonly Gap[]> {
    const { place, view, references } = this.#opened;
    return [...(await placeGaps(place, view, references)), ...(await this.#noteGaps())];
  }

  async #noteGaps(): Promise<readonly Gap[]> {
    const { view, references } = this.#opened;
    const { blobs, complete } = await this.#readNotes(view);
    const gaps: Gap[] = complete
      ? []
      : [{ code: 'note-unreadable', detail: 'refs/notes/ai could not be read to its end.' }];
    if (blobs.size === 0 || references.headSha === null) return gaps;
    const graph = await this.#history(view, references.headSha);
    const dangling = [...blobs.keys()].filter((sha) => !graph.has(sha)).length;
    if (dangling === 0) return gaps;
    const detail = `${dangling} of ${blobs.size} notes in refs/notes/ai speak of commits that are not in this history.`;
    return [...gaps, { code: 'notes-dangling', detail }];
  }
}

async function placeGaps(
  place: RepositoryPlace,
  view: PrivateView,
  references: References,
): Promise<readonly Gap[]> {
  const gaps: Gap[] = [];
  if (view.shallow.size > 0) {
    const detail = 'This is a shallow clone: older history is missing (`git fetch --unshallow` gets it).';
    gaps.push({ code: 'shallow-boundary', detail });
  }
  const packs = await readdir(join(place.commonDir, 'objects', 'pack')).catch(() => []);
  if (packs.some((name) => name.endsWith('.promisor'))) {
    const detail = 'This is a partial clone: contents that were not fetched are reported as unreadable.';
    gaps.push({ code: 'missing-blob', detail });
  }
  if (references.replaced) {
    const detail = 'refs/replace is ignored: commits are read as they were made.';
    gaps.push({ code: 'replaced-objects-ignored', detail });
  }
  const grafts = await stat(join(place.commonDir, 'info', 'grafts')).catch(() => undefined);
  if (grafts !== undefined && grafts.size > 0) {
    gaps.push({
      code: 'grafts-ignored',
      detail: 'info/grafts is ignored: parents are those that commits name.',
    });
  }
  return gaps;
}

async function findMergeBase(context: GitContext, base: string, head: string): Promise<string> {
  const { status, output } = await runGit(context, {
    args: ['merge-base', base, head],
    doing: 'comparing base and head',
  });
  const [mergeBase = ''] = output.toString('latin1').split('\n');
  if (status !== 0 || mergeBase === '') {
    throw new AppError('USAGE', { detail: 'Base and head have no history in common.' });
  }
  return mergeBase;
}

function withSignal(view: PrivateView, signal: AbortSignal): PrivateView {
  return { ...view, refs: { ...view.refs, signal }, diffs: { ...view.diffs, signal } };
}

/** `--diff-merges`, `-z` of `ls-tree` and the rest behave alike from here on. */
const oldestVersion = [2, 30] as const;

async function requireVersion(context: GitContext): Promise<void> {
  const { output } = await runGit(context, { args: ['version'], doing: 'asking for its version' });
  const version = /\d+(?:\.\d+)+/.exec(output.toString('latin1'))?.[0] ?? '0';
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [oldestMajor, oldestMinor] = oldestVersion;
  if (major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)) return;
  throw new AppError('GIT_TOO_OLD', { version });
}
