import type { LogName } from '../app/ports.ts';

/** What can be wrong with a log. */
export type FindingCode =
  /** The public key of the log is missing or unreadable, so no signature can be checked. */
  | 'vkey-unusable'
  /** The public key that is served with the log is missing, or not the one that this log's signatures are checked with. */
  | 'vkey-changed'
  /** The log has no checkpoint file. */
  | 'checkpoint-missing'
  /** The checkpoint file is not a checkpoint. */
  | 'checkpoint-malformed'
  /** The checkpoint was not signed by the key of this log. */
  | 'checkpoint-forged'
  /** Two signed trees of the same size have different roots. */
  | 'checkpoint-fork'
  /** A checkpoint in the database was edited, or signed by another key. */
  | 'stored-checkpoint-forged'
  /** A checkpoint in the database is gone: the next one was made from it. */
  | 'stored-checkpoint-missing'
  /** The log no longer is what this earlier checkpoint signed. */
  | 'stored-checkpoint-inconsistent'
  /** The database holds less than what was signed: it was rolled back or rows were deleted. */
  | 'database-behind'
  /** The entries do not hash to the signed root. */
  | 'root-mismatch'
  /** Signed entries are gone from the files and from the database. */
  | 'log-truncated'
  /** A file of hashes is missing. */
  | 'tile-missing'
  /** A file of hashes was changed. */
  | 'tile-changed'
  /** A file of entries is missing. */
  | 'bundle-missing'
  /** A file of entries was changed. */
  | 'bundle-changed'
  /** The database lacks an entry. */
  | 'row-missing'
  /** The database holds another entry than the log. */
  | 'row-changed'
  /** The database holds an entry of the log in the place of another. */
  | 'row-swapped'
  /** The database holds an entry beyond the end of the log. */
  | 'row-extra'
  /** The payload of an entry is gone, and no erasure says why. */
  | 'payload-missing'
  /** The payload is not what the entry commits to. */
  | 'payload-changed';

export interface Finding {
  readonly code: FindingCode;
  readonly log: LogName;
  /** Index of the entry, where it is about one. */
  readonly index?: number;
  /** Path of the tile or bundle, where it is about one. */
  readonly tile?: string;
  readonly detail: string;
}

const maxKept = 100;

/** Keeps the first hundred findings, and of every code at least one; counts them all. */
export class Findings {
  readonly #log: LogName;
  readonly #kept: Finding[] = [];
  readonly #counts = new Map<FindingCode, number>();

  constructor(log: LogName) {
    this.#log = log;
  }

  add(code: FindingCode, detail: string, where: Pick<Finding, 'index' | 'tile'> = {}): void {
    const count = this.#counts.get(code) ?? 0;
    this.#counts.set(code, count + 1);
    if (count === 0 || this.#kept.length < maxKept)
      this.#kept.push({ code, log: this.#log, ...where, detail });
  }

  get kept(): readonly Finding[] {
    return this.#kept;
  }

  get counts(): ReadonlyMap<FindingCode, number> {
    return this.#counts;
  }
}
