/** What the use cases ask of the world. Implemented in store/, ledger/, intake/; joined in main.ts. */

import type { Gap, ObservedChange, RepositoryRef } from '../core/change/observed-change.ts';

export type LogName = 'events' | 'evidence';

/** One payload to be sealed. */
export interface NewEntry {
  /** What kind of entry (entry byte 2): 1 fact, 2 evidence record, 3 erasure. */
  readonly kind: number;
  /** Unix milliseconds, taken when it was accepted. */
  readonly timeMs: number;
  /** Stored and hashed byte for byte. */
  readonly payload: Uint8Array;
  /** 32 bytes: SHA-256 of the sender's identity for this item. A second entry with the same key is not added. */
  readonly idempotencyKey: Uint8Array;
}

export interface SealedEntry {
  readonly seq: number;
  /** 58 bytes (design section 6). */
  readonly entry: Uint8Array;
  /** 32 bytes, or null once erased. */
  readonly salt: Uint8Array | null;
  readonly payload: Uint8Array | null;
}

export interface StoredCheckpoint {
  readonly size: number;
  readonly root: Uint8Array;
  /** The signed note, byte for byte. */
  readonly note: string;
}

/** Appended = durable in PostgreSQL (synchronous commit) when the promise resolves. */
export interface AppendOutcome {
  /** Per given entry: its sequence number, and whether it was already there. */
  readonly entries: readonly { readonly seq: number; readonly duplicate: boolean }[];
  readonly size: number;
}

/**
 * The ledger's tables. Rows are only ever inserted; the log's head row serialises writers, so any process may append
 * and the loser of a race waits.
 */
export interface LedgerStore {
  size(log: LogName): Promise<number>;
  /** Entry bytes of [from, to), in order, in pages; memory stays flat. */
  readEntries(
    log: LogName,
    from: number,
    to: number,
  ): AsyncIterable<readonly { readonly seq: number; readonly entry: Uint8Array }[]>;
  /** Entries with salt and payload of [from, to), in order, in pages. */
  readSealed(log: LogName, from: number, to: number): AsyncIterable<readonly SealedEntry[]>;
  latestCheckpoint(log: LogName): Promise<StoredCheckpoint | undefined>;
  /** Compare-and-swap: false where a checkpoint of the same or a larger size is already stored. Durable on true. */
  insertCheckpoint(log: LogName, checkpoint: StoredCheckpoint, previousSize: number): Promise<boolean>;
  checkpoints(log: LogName): AsyncIterable<readonly StoredCheckpoint[]>;
}

/** What a repository is and holds right now; `refsDigest` changes when there is something new to read. */
export interface RepositoryState {
  readonly ref: RepositoryRef;
  readonly targetBranch: string;
  /** Null for an empty repository. */
  readonly headSha: string | null;
  /** SHA-256, hex, over the head and every ref that carries attribution records. */
  readonly refsDigest: string;
  readonly gaps: readonly Gap[];
}

export interface ReadChangesOptions {
  readonly head?: string;
  readonly base?: string;
  readonly since?: Date;
  readonly onProgress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

/** A git repository, read and never written. */
export interface RepositoryReader {
  describe(): Promise<RepositoryState>;
  /** Oldest first; streamed, so that memory stays flat on long histories. */
  changes(options: ReadChangesOptions): AsyncIterable<ObservedChange>;
  close(): Promise<void>;
}

/** Signs statements as DSSE envelopes (Ed25519); deterministic, so the same payload gives the same envelope. */
export interface StatementSigner {
  readonly keyId: string;
  /** The envelope's JSON text. */
  sign(payloadType: string, payload: Uint8Array): string;
}

/** The files of one log: tiles and checkpoint. */
export interface LogPublisher {
  readonly origin: string;
  /** Integrates everything that is sequenced and publishes a signed checkpoint over it; durable when it resolves. */
  publish(): Promise<StoredCheckpoint>;
}
