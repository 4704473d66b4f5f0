import type { CopyRow } from './copy-rows.ts';

/** Signature and flags, then the length of an extension that no version of PostgreSQL sends. */
const headerBytes = 19;

/** The counterpart of `encodeRows` (PostgreSQL documentation, COPY, "Binary Format"), for bytes that come in chunks. */
export class RowDecoder {
  readonly rows: CopyRow[] = [];
  /** What is not decoded yet, and how much there must be of it to go on. */
  #parts: Buffer[] = [];
  #size = 0;
  #needed = headerBytes;
  #skip = headerBytes;

  /** Joins a chunk only with what was left of those before: one buffer for all of them takes longer than all the rest. */
  push(chunk: Buffer): void {
    this.#parts.push(chunk);
    this.#size += chunk.length;
    if (this.#size < this.#needed) return;
    const bytes = this.#parts.length === 1 ? chunk : Buffer.concat(this.#parts, this.#size);
    let at = this.#skip;
    let end = rowEnd(bytes, at);
    for (; end <= bytes.length; end = rowEnd(bytes, at)) {
      if (bytes.readInt16BE(at) > 0) this.rows.push(cutRow(bytes, at));
      at = end;
    }
    this.#parts = [bytes.subarray(at)];
    this.#size = bytes.length - at;
    this.#needed = end - at;
    this.#skip = 0;
  }
}

/** Where the row at `at` ends; where its bytes have not all come, a place beyond them that it reaches at least. */
function rowEnd(bytes: Buffer, at: number): number {
  let end = at + 2;
  if (end > bytes.length) return end;
  for (let fields = bytes.readInt16BE(at); fields > 0; fields -= 1) {
    if (end + 4 > bytes.length) return end + 4;
    end += 4 + Math.max(0, bytes.readInt32BE(end));
  }
  return end;
}

function cutRow(bytes: Buffer, at: number): CopyRow {
  let next = at + 2;
  return Array.from({ length: bytes.readInt16BE(at) }, () => {
    const start = next + 4;
    const length = bytes.readInt32BE(next);
    next = start + Math.max(0, length);
    return length < 0 ? null : bytes.subarray(start, next);
  });
}
