import type { SealedEntry, VerifyLogOptions } from '../app/ports.ts';
import { encodeHex } from '../core/tlog/bytes.ts';
import { commitmentOffset } from '../core/tlog/entry.ts';
import { hmacSha256 } from '../core/tlog/node-primitives.ts';
import type { Findings } from './log-findings.ts';

/** Entry kind 3 (`NewEntry.kind`): says that another entry's payload was erased. */
const erasureKind = 3;
/** Beyond so many, changed rows are told one by one and not matched with each other. */
const maxMatched = 10_000;

export interface RowCheckOptions {
  /** Index of the entry that an erasure's payload names; without it no payload may be missing. */
  readonly readErasure?: (payload: Uint8Array) => number | undefined;
  /** Called in order for every entry whose leaf, row and payload agree; unpublished ones have no leaf yet. */
  readonly onEntry?: VerifyLogOptions['onEntry'];
}

/** Compares database rows with the log's entries, and payloads with both. */
export class RowCheck {
  readonly #findings: Findings;
  readonly #options: RowCheckOptions;
  readonly #changed: { readonly index: number; readonly found: string }[] = [];
  /** Entries, hex, whose row holds something else. */
  readonly #displaced = new Map<string, number>();
  readonly #withoutPayload = new Set<number>();
  #taken: Promise<void> | undefined;

  constructor(findings: Findings, options: RowCheckOptions) {
    this.#findings = findings;
    this.#options = options;
  }

  /** `entry` is what the log holds at the row's index; undefined where nothing that is left hashes to its leaf. */
  published(row: SealedEntry, entry: Uint8Array | undefined): void {
    const intact = entry !== undefined && Buffer.compare(row.entry, entry) === 0;
    if (!intact) this.#rowChanged(row, entry);
    const sound = this.#payload(row, entry ?? row.entry);
    if (intact && sound) this.#sound(row);
  }

  /** A row that no checkpoint covers yet: only its own commitment can be checked. */
  unpublished(row: SealedEntry): void {
    if (this.#payload(row, row.entry)) this.#sound(row);
  }

  /** What `onEntry` gave last: fulfilled when whoever takes the entries has room for more. */
  get ready(): Promise<void> | undefined {
    return this.#taken;
  }

  missing(index: number): void {
    this.#findings.add('row-missing', 'the database has no row for it', { index });
  }

  /** Tells what could only be known at the end: which rows changed places, and which payloads nobody erased. */
  finish(): void {
    for (const { index, found } of this.#changed) {
      const from = this.#displaced.get(found);
      if (from === undefined)
        this.#findings.add('row-changed', 'the row holds an entry that is not in the log', { index });
      else this.#findings.add('row-swapped', `the row holds entry ${from}`, { index });
    }
    for (const index of this.#withoutPayload) {
      this.#findings.add('payload-missing', 'salt or payload is gone', { index });
    }
  }

  #sound(row: SealedEntry): void {
    if (row.entry[1] === erasureKind) this.#erase(row);
    this.#taken = this.#options.onEntry?.(row);
  }

  #rowChanged(row: SealedEntry, entry: Uint8Array | undefined): void {
    const index = row.seq;
    if (this.#changed.length >= maxMatched) {
      this.#findings.add('row-changed', 'the row holds another entry', { index });
      return;
    }
    this.#changed.push({ index, found: encodeHex(row.entry) });
    if (entry) this.#displaced.set(encodeHex(entry), index);
  }

  #payload(row: SealedEntry, entry: Uint8Array): boolean {
    const { seq: index, salt, payload } = row;
    if (salt === null || payload === null) {
      this.#withoutPayload.add(index);
      return false;
    }
    const made = hmacSha256(salt, payload);
    if (commits(entry, made)) return true;
    // A row that was exchanged whole agrees with itself: that is one finding, not two.
    if (!commits(row.entry, made)) {
      this.#findings.add('payload-changed', `${payload.length} bytes that the entry does not commit to`, {
        index,
      });
    }
    return false;
  }

  #erase({ payload }: SealedEntry): void {
    const target = payload === null ? undefined : this.#options.readErasure?.(payload);
    if (target !== undefined) this.#withoutPayload.delete(target);
  }
}

function commits(entry: Uint8Array, made: Uint8Array): boolean {
  return Buffer.compare(entry.subarray(commitmentOffset), made) === 0;
}
