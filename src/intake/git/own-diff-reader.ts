import type { DiffSink } from './diff-parser.ts';
import type { DiffReader, DiffRequest } from './diff-reader.ts';
import { SideDiff, tellOwnChanges } from './own-changes.ts';

/** From `oldId` to `newId`, and of that only what `newId` has in none of `otherIds` either. */
export interface OwnDiffRequest extends DiffRequest {
  readonly otherIds?: readonly string[];
}

/** The diffs that git shows for it; the first parent's, which a pull makes the largest, comes last. */
export function sideDiffs({ newId, oldId, otherIds = [] }: OwnDiffRequest): readonly DiffRequest[] {
  return [...otherIds.map((id) => ({ newId, oldId: id })), { newId, oldId }];
}

/** Reads through a `DiffReader`, in the same way, diffs that may begin at several commits. */
export class OwnDiffReader {
  readonly #reader: DiffReader;
  readonly #requests: OwnDiffRequest[] = [];

  constructor(reader: DiffReader) {
    this.#reader = reader;
  }

  request(request: OwnDiffRequest): void {
    this.#requests.push(request);
    for (const side of sideDiffs(request)) this.#reader.request(side);
  }

  async read(open: () => DiffSink): Promise<'read' | 'unreadable'> {
    const request = this.#requests.shift();
    if (request === undefined) throw new RangeError('no diff was asked for');
    const requests = sideDiffs(request);
    if (requests.length === 1) return this.#reader.read(open);
    const sides: SideDiff[] = [];
    let outcome: 'read' | 'unreadable' = 'read';
    for (const at of requests.keys()) {
      const before = sides.slice();
      const side = at === requests.length - 1 ? 'last' : 'further';
      const read = await this.#reader.read(() => {
        sides[at] = new SideDiff(before, side);
        return sides[at];
      });
      if (read === 'unreadable') outcome = 'unreadable';
    }
    if (outcome === 'read') tellOwnChanges(sides, open());
    return outcome;
  }

  close(): Promise<void> {
    return this.#reader.close();
  }
}
