import type { FileStatus } from '../../core/change/observed-change.ts';
import { AppError } from '../../core/errors.ts';
import { readPath } from './path-name.ts';

/** One file of a diff, from git's raw line. Paths as in `ObservedFile`. */
export interface DiffEntry {
  readonly path: string;
  readonly oldPath?: string;
  readonly status: FileStatus;
  readonly submodule: boolean;
  /** Object ids, all zero where there is no such side. */
  readonly oldId: string;
  readonly newId: string;
  /** Of the further sides, where it is compared with several. */
  readonly otherIds?: readonly string[];
  readonly modeChanged?: true;
}

/** Is told a diff in git's own order: each file, and after it its hunks, each followed by its lines. */
export interface DiffSink {
  /** Returns whether the text of its lines is wanted; otherwise they come as empty texts. */
  file(entry: DiffEntry, binary: boolean): boolean;
  /** As in `@@ -oldStart,oldLines +newStart,newLines @@`; hunks of one file come in rising order. */
  hunk(oldStart: number, oldLines: number, newStart: number, newLines: number): void;
  /** Bytes as latin1 characters, without sign and line end, cut at the parser's text limit. */
  removed(text: string): void;
  added(text: string): void;
}

/** Written into git's input between two diffs; git repeats it and empties its buffer. */
export const endMark = '=';

const newline = 0x0a;
const plus = 0x2b;
const minus = 0x2d;
const backslash = 0x5c;
const colon = 0x3a;
const at = 0x40;
const letterB = 0x42;
const letterD = 0x64;
const equals = 0x3d;
const nothing = Buffer.alloc(0);
/** Longest line outside of hunks: a raw line with two quoted paths. */
const headerLimitBytes = 128 * 1024;

interface Entry extends DiffEntry {
  /** What follows `diff --git ` where git shows the content of this entry. */
  readonly heading: string;
}

/**
 * Reads what `git diff-tree --stdin --always --raw -p -U0` writes for one commit after the other, from chunks cut anywhere.
 * Content cannot pass for structure: inside a hunk exactly as many lines are taken as its heading announces, and outside of
 * hunks every line begins with a word of git's own.
 */
export class DiffParser {
  readonly #textLimit: number;
  #sink: DiffSink | undefined;
  #ended = true;
  #sawCommit = false;
  #entries: Entry[] = [];
  /** Index of the entry whose content is being read; -1 before the first. */
  #current = -1;
  #announced = false;
  #wantsText = false;
  /** A type change is shown as a removal and an addition: the old lines that the first part removed. */
  #oldLinesBefore: number | undefined;
  #oldLinesSoFar = 0;
  /** Lines of the running hunk that are still to come. */
  #removedLeft = 0;
  #addedLeft = 0;
  /** Begin of a line outside of hunks whose end is in the next chunk. */
  #carry = nothing;
  /** Sign and begin of a line inside a hunk whose end is in a later chunk. */
  #cutSign = 0;
  #cutText = '';

  constructor(textLimit: number) {
    this.#textLimit = textLimit;
  }

  /** The next diff goes to `sink`. Forgets a diff that broke off. */
  begin(sink: DiffSink): void {
    this.#sink = sink;
    this.#sawCommit = false;
    this.#entries = [];
    this.#current = -1;
    this.#announced = false;
    this.#oldLinesBefore = undefined;
    this.#removedLeft = 0;
    this.#addedLeft = 0;
    this.#carry = nothing;
    this.#ended = false;
    this.#cutSign = 0;
  }

  /** Whether the diff is over. */
  get ended(): boolean {
    return this.#ended;
  }

  /** Whether git could read the commit; known once the diff is over. */
  get sawCommit(): boolean {
    return this.#sawCommit;
  }

  /** Reads from `position` until the diff or the chunk is over; returns where it stopped. */
  read(chunk: Buffer, position: number): number {
    let from = position;
    while (from < chunk.length && !this.#ended) {
      const inHunk = this.#removedLeft > 0 || this.#addedLeft > 0 || this.#cutSign !== 0;
      from = inHunk ? this.#lines(chunk, from) : this.#headerLine(chunk, from);
    }
    return from;
  }

  #headerLine(chunk: Buffer, from: number): number {
    const found = chunk.indexOf(newline, from);
    const end = found < 0 ? chunk.length : found;
    if (found < 0) {
      this.#carry = Buffer.concat([this.#carry, chunk.subarray(from)]);
      if (this.#carry.length > headerLimitBytes) throw unexpected('a line without end');
    } else if (this.#carry.length > 0) {
      const line = Buffer.concat([this.#carry, chunk.subarray(from, end)]);
      this.#carry = nothing;
      this.#header(line, 0, line.length);
    } else {
      this.#header(chunk, from, end);
    }
    return end + 1;
  }

  /** Reads lines of the running hunk; returns where it stopped. */
  #lines(chunk: Buffer, position: number): number {
    let from = this.#cutSign === 0 ? position : this.#cutLine(chunk, position);
    while (from < chunk.length && (this.#removedLeft > 0 || this.#addedLeft > 0)) {
      const sign = chunk[from] ?? 0;
      let end = from + 1;
      // A loop beats indexOf on lines as short as those of source code.
      while (end < chunk.length && chunk[end] !== newline) end += 1;
      const text = this.#wantsText
        ? chunk.toString('latin1', from + 1, Math.min(end, from + 1 + this.#textLimit))
        : '';
      if (end === chunk.length) {
        this.#cutSign = sign;
        this.#cutText = text;
        return end;
      }
      this.#line(sign, text);
      from = end + 1;
    }
    return from;
  }

  /** Goes on with a line that began in an earlier chunk. */
  #cutLine(chunk: Buffer, position: number): number {
    const found = chunk.indexOf(newline, position);
    const end = found < 0 ? chunk.length : found;
    const room = this.#textLimit - this.#cutText.length;
    if (this.#wantsText && room > 0) {
      this.#cutText += chunk.toString('latin1', position, Math.min(end, position + room));
    }
    if (found < 0) return end;
    const sign = this.#cutSign;
    this.#cutSign = 0;
    this.#line(sign, this.#cutText);
    return end + 1;
  }

  #line(sign: number, text: string): void {
    if (sign === plus) {
      this.#addedLeft -= 1;
      this.#sink?.added(text);
    } else if (sign === minus) {
      this.#removedLeft -= 1;
      this.#sink?.removed(text);
    } else if (sign !== backslash) {
      throw unexpected('a hunk that is shorter than announced');
    }
  }

  /** One line outside of hunks. */
  #header(chunk: Buffer, from: number, end: number): void {
    const first = chunk[from];
    if (first === equals) {
      this.#announceUpTo(this.#entries.length);
      this.#ended = true;
    } else if (!this.#sawCommit) {
      this.#sawCommit = true;
    } else if (first === colon) {
      this.#entries.push(readRawLine(chunk.toString('latin1', from, end)));
    } else if (first === at) {
      this.#hunk(chunk.toString('latin1', from, Math.min(end, from + 100)));
    } else if (first === letterD) {
      this.#section(chunk.toString('latin1', from, end));
    } else if (first === letterB && chunk.toString('latin1', from, from + 13) === 'Binary files ') {
      this.#announce(true);
    }
  }

  #section(line: string): void {
    if (!line.startsWith('diff --git ')) return;
    const heading = line.slice('diff --git '.length);
    const running = this.#entries[this.#current];
    if (
      running?.status === 'type-changed' &&
      running.heading === heading &&
      this.#oldLinesBefore === undefined
    ) {
      this.#oldLinesBefore = this.#oldLinesSoFar;
      return;
    }
    // Git shows nothing of an entry whose two sides turn out to be equal (both of them stubs, say).
    let next = this.#current + 1;
    while (next < this.#entries.length && this.#entries[next]?.heading !== heading) next += 1;
    if (next === this.#entries.length) throw unexpected('content of a file that it did not list');
    this.#announceUpTo(next);
    this.#oldLinesBefore = undefined;
    this.#oldLinesSoFar = 0;
  }

  #hunk(line: string): void {
    const numbers = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/.exec(line);
    if (numbers === null) throw unexpected('a hunk without line numbers');
    this.#announce(false);
    const [oldStart, oldLines, newStart, newLines] = [1, 2, 3, 4].map((group) => Number(numbers[group] ?? 1));
    this.#removedLeft = oldLines ?? 0;
    this.#addedLeft = newLines ?? 0;
    this.#oldLinesSoFar += this.#removedLeft;
    this.#sink?.hunk(
      this.#oldLinesBefore ?? oldStart ?? 0,
      this.#removedLeft,
      newStart ?? 0,
      this.#addedLeft,
    );
  }

  /** Tells the sink of the current entry, once. */
  #announce(binary: boolean): void {
    const entry = this.#entries[this.#current];
    if (this.#announced || entry === undefined) return;
    this.#announced = true;
    this.#wantsText = this.#sink?.file(entry, binary) === true;
  }

  /** Ends the current entry and tells of those up to `next` as files without lines. */
  #announceUpTo(next: number): void {
    for (; this.#current < next; this.#current += 1, this.#announced = false) this.#announce(false);
  }
}

const statuses: Readonly<Record<string, FileStatus>> = {
  A: 'added',
  M: 'modified',
  D: 'deleted',
  R: 'renamed',
  C: 'copied',
  T: 'type-changed',
};

/** `:100644 100644 <old id> <new id> R086<tab>old<tab>new` */
function readRawLine(line: string): Entry {
  const [left = '', first = '', second = first] = line.split('\t');
  const [oldMode = '', newMode, oldId = '', newId = '', letter = ''] = left.split(' ');
  const status = statuses[letter.charAt(0)];
  if (status === undefined || first === '') throw unexpected(`the raw line ${line.slice(0, 200)}`);
  return {
    path: readPath(second),
    ...(second === first ? {} : { oldPath: readPath(first) }),
    status,
    submodule: oldMode === ':160000' || newMode === '160000',
    oldId,
    newId,
    ...(oldMode === `:${newMode}` ? {} : { modeChanged: true }),
    heading: `${prefixed('a', first)} ${prefixed('b', second)}`,
  };
}

/** Git quotes the prefix together with the path. */
function prefixed(side: string, printed: string): string {
  return printed.startsWith('"') ? `"${side}/${printed.slice(1)}` : `${side}/${printed}`;
}

function unexpected(what: string): AppError {
  return new AppError('GIT_FAILED', { doing: 'showing a diff', detail: `it wrote ${what}` });
}
