import type { LineRange } from '../../core/attribution/attribution-record.ts';
import { fileRole } from '../../core/change/file-role.ts';
import { type Gap, maxFiles, type ObservedFile } from '../../core/change/observed-change.ts';
import type { ChangeReplay } from '../../core/risk/change-replay.ts';
import type { DiffEntry, DiffSink } from './diff-parser.ts';
import type { GeneratedPaths } from './generated-paths.ts';
import type { BlobFault } from './unreadable-objects.ts';

export interface ChangeDiffOptions {
  readonly replay: ChangeReplay | undefined;
  readonly isGenerated: GeneratedPaths;
  readonly faultOf: (blob: string) => BlobFault | undefined;
  /** Keep which lines each file gained. */
  readonly keepsRanges: boolean;
}

/** Takes one change's diff: the observed files, the added lines, and the replay that is told everything as it comes. */
export class ChangeDiff implements DiffSink {
  readonly #options: ChangeDiffOptions;
  readonly #files: ObservedFile[] = [];
  readonly #ranges = new Map<string, LineRange[]>();
  readonly #faults: { readonly path: string; readonly fault: BlobFault }[] = [];
  #open: { -readonly [Key in keyof ObservedFile]: ObservedFile[Key] } | undefined;
  #takesLines = false;
  #fileCount = 0;
  #additions = 0;
  #deletions = 0;

  constructor(options: ChangeDiffOptions) {
    this.#options = options;
  }

  file(entry: DiffEntry, binary: boolean): boolean {
    const { replay, isGenerated, faultOf } = this.#options;
    const { path, oldPath, status, submodule } = entry;
    const blobs = submodule ? [] : [entry.oldId, ...(entry.otherIds ?? []), entry.newId];
    const fault = blobs.map(faultOf).find((found) => found !== undefined);
    const unreadable = fault !== undefined;
    if (fault !== undefined) this.#faults.push({ path, fault });
    const declaredGenerated = isGenerated(path);
    this.#open = {
      path,
      ...(oldPath === undefined ? {} : { oldPath }),
      status,
      role: fileRole(path, declaredGenerated),
      additions: 0,
      deletions: 0,
      ...(binary && !unreadable ? { binary } : {}),
      ...(submodule ? { submodule } : {}),
      ...(unreadable ? { unreadable } : {}),
    };
    this.#fileCount += 1;
    if (this.#files.length < maxFiles) this.#files.push(this.#open);
    this.#takesLines = !(submodule || unreadable);
    const wanted = replay?.file({
      path,
      ...(oldPath === undefined ? {} : { oldPath }),
      status,
      binary: binary && !unreadable,
      submodule,
      unreadable,
      declaredGenerated,
    });
    return this.#takesLines && wanted === true;
  }

  hunk(oldStart: number, oldLines: number, newStart: number, newLines: number): void {
    if (!this.#takesLines || this.#open === undefined) return;
    this.#open.additions += newLines;
    this.#open.deletions += oldLines;
    this.#additions += newLines;
    this.#deletions += oldLines;
    if (this.#options.keepsRanges && newLines > 0)
      this.#keep(this.#open.path, [newStart, newStart + newLines - 1]);
    this.#options.replay?.hunk(oldStart, oldLines, newStart, newLines);
  }

  removed(text: string): void {
    if (this.#takesLines) this.#options.replay?.removed(text);
  }

  added(text: string): void {
    if (this.#takesLines) this.#options.replay?.added(text);
  }

  get files(): readonly ObservedFile[] {
    return this.#files;
  }

  get size(): { readonly files: number; readonly additions: number; readonly deletions: number } {
    return { files: this.#fileCount, additions: this.#additions, deletions: this.#deletions };
  }

  /** Path → the lines that it gained, normalised. */
  get addedLines(): ReadonlyMap<string, readonly LineRange[]> {
    return this.#ranges;
  }

  get gaps(): readonly Gap[] {
    const gaps: Gap[] = this.#faults.slice(0, 20).map(({ path, fault }) => ({
      code: fault === 'missing' ? 'missing-blob' : 'unreadable-object',
      detail: `The content of ${path} is ${fault}.`,
    }));
    const unnamed = this.#faults.length - gaps.length;
    if (unnamed > 0) gaps.push({ code: 'missing-blob', detail: `So is that of ${unnamed} more files.` });
    const omitted = this.#fileCount - this.#files.length;
    if (omitted > 0) {
      gaps.push({
        code: 'files-omitted',
        detail: `${omitted} more files are counted but not listed; at most ${maxFiles} are.`,
      });
    }
    return gaps;
  }

  #keep(path: string, range: LineRange): void {
    const ranges = this.#ranges.get(path);
    if (ranges === undefined) this.#ranges.set(path, [range]);
    else ranges.push(range);
  }
}
