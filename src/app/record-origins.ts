import type { LedgerStore, ProjectionStore, VerificationFinding } from './ports.ts';
import { rowsAhead } from './rows-ahead.ts';
import type { SealedStatement } from './sealed-statements.ts';

/**
 * What the sealed records were derived from, collected while the evidence log is walked. Records outlive the events log
 * that they name: one that was cut off together with its checkpoints, or signed anew, is found out here.
 */
export class RecordOrigins {
  /** Events checkpoint, as size and root in hex → the first record that names it. */
  readonly #checkpoints = new Map<string, number>();
  /** Facts up to the last one that a record comes from. */
  #facts = 0;

  add({ evidenceSeq, statement }: SealedStatement): void {
    const { checkpoint, entries } = statement.predicate.derivedFrom;
    const key = checkpointKey(checkpoint.size, checkpoint.root);
    if (!this.#checkpoints.has(key)) this.#checkpoints.set(key, evidenceSeq);
    for (const { index } of entries) this.#facts = Math.max(this.#facts, index + 1);
  }

  /** Holds them against the checkpoints of the database, and against what its rows were derived from. */
  async compare(
    database: { readonly ledger: LedgerStore; readonly projections: ProjectionStore },
    report: (finding: VerificationFinding) => void,
  ): Promise<void> {
    const unknown = new Map(this.#checkpoints);
    for await (const page of database.ledger.checkpoints('events')) {
      for (const { size, root } of page)
        unknown.delete(checkpointKey(size, Buffer.from(root).toString('hex')));
    }
    for (const [key, index] of unknown) {
      const [size] = key.split(' ');
      const detail = `record ${index} comes from an events log of ${size} entries, of which no such checkpoint is kept`;
      report({ code: 'record-origin-unknown', log: 'evidence', index, detail });
    }
    for (const { log, held, derived } of await rowsAhead(database)) {
      const detail = `rows are derived from ${derived} entries, and the log holds ${held}: it was cut off, or rows were added`;
      report({ code: 'rows-ahead-of-log', log, index: held, detail });
    }
    const cursor = await database.projections.cursor();
    if (cursor >= this.#facts) return;
    const detail = `the cursor says that rows are derived from ${cursor} facts, and there are records of ${this.#facts}`;
    report({ code: 'cursor-edited', log: 'events', detail });
  }
}

function checkpointKey(size: number, root: string): string {
  return `${size} ${root}`;
}
