import type { ChangeReplay, DiffFile, UnitStart } from '../change-replay.ts';

export interface PlayedHunk {
  readonly oldStart: number;
  readonly newStart?: number;
  readonly removed?: readonly string[];
  readonly added?: readonly string[];
}

export type PlayedFile = Partial<DiffFile> & {
  readonly path: string;
  readonly hunks?: readonly PlayedHunk[];
};

const someUnit: UnitStart = {
  sha: '0'.repeat(40),
  committedAt: 1_700_000_000,
  firstAuthoredAt: 1_700_000_000,
  parents: 1,
  author: 'ann@example.org',
  title: 'Add a thing',
  body: '',
  innerCommits: 0,
  innerAuthors: 1,
  innerAiCommits: 0,
  ai: false,
};

/** Gives one whole unit to the replay, but for its end. */
export function feed(replay: ChangeReplay, unit: Partial<UnitStart>, files: readonly PlayedFile[]): void {
  replay.begin({ ...someUnit, ...unit });
  for (const { hunks = [], ...file } of files) {
    replay.file({
      status: 'modified',
      binary: false,
      submodule: false,
      unreadable: false,
      declaredGenerated: false,
      ...file,
    });
    for (const { oldStart, newStart = 1, removed = [], added = [] } of hunks) {
      replay.hunk(oldStart, removed.length, newStart, added.length);
      for (const line of removed) replay.removed(line);
      for (const line of added) replay.added(line);
    }
  }
}

/** Plays one unit to its end and returns its features. */
export function play(
  replay: ChangeReplay,
  unit: Partial<UnitStart>,
  files: readonly PlayedFile[],
): Readonly<Record<string, number>> {
  feed(replay, unit, files);
  return replay.finish().features;
}

/** A file that comes new with these lines. */
export function addedFile(path: string, added: readonly string[]): PlayedFile {
  return { path, status: 'added', hunks: [{ oldStart: 0, added }] };
}
