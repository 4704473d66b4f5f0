/** What the use cases ask of the world. Implemented in store/, ledger/, intake/; joined in main.ts. */

import type { Gap, ObservedChange, RepositoryRef } from '../core/change/observed-change.ts';
import type { RollUps } from '../core/change/roll-ups.ts';
import type { HostProjections, HostTransaction } from './host-row-ports.ts';

export type LogName = 'events' | 'evidence';

/** One payload to be sealed. */
export interface NewEntry {
  /** What kind of entry (entry byte 2): 1 fact, 2 evidence record, 3 erasure. */
  readonly kind: number;
  /** Unix milliseconds, taken when it was accepted. */
  readonly timeMs: number;
  /** 16 random bytes; never derived from the payload. */
  readonly id: Uint8Array;
  /** 32 random bytes: key of the commitment. */
  readonly salt: Uint8Array;
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

/** With the size of the one that it was made from; the first one's is -1. */
export interface LinkedCheckpoint extends StoredCheckpoint {
  readonly previousSize: number;
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
  /** Entries with salt and payload of [from, to), in order, in pages of at most 512 entries and about 8 MB. */
  readSealed(log: LogName, from: number, to: number): AsyncIterable<readonly SealedEntry[]>;
  latestCheckpoint(log: LogName): Promise<StoredCheckpoint | undefined>;
  /** Compare-and-swap: false where a checkpoint of the same or a larger size is already stored. Durable on true. */
  insertCheckpoint(log: LogName, checkpoint: StoredCheckpoint, previousSize: number): Promise<boolean>;
  /** All of them, by ascending size. */
  checkpoints(log: LogName): AsyncIterable<readonly LinkedCheckpoint[]>;
}

/** Appends in one durable transaction: lock the head row, insert entries and payloads, advance, commit. */
export interface LedgerWriter extends LedgerStore {
  /**
   * At most 1,024 entries. Resolves once committed. On rejection none was added, unless the connection broke during the
   * commit itself: then nobody can tell, and repeating with the same keys is safe.
   */
  append(log: LogName, entries: readonly NewEntry[]): Promise<AppendOutcome>;
}

export interface ChangeRow {
  readonly repoId: string;
  readonly changeId: string;
  /** Position on the first-parent line, oldest first. */
  readonly ordinal: number;
  readonly kind: string;
  readonly number: number | null;
  readonly landing: string;
  readonly title: string;
  readonly authorName: string;
  readonly authorEmail: string;
  readonly baseSha: string | null;
  readonly headSha: string;
  readonly mergeSha: string;
  /** RFC 3339 in UTC, whole seconds, like every time of these rows. */
  readonly mergedAt: string;
  /** See `dayOf`; null where the time is none. */
  readonly mergedDay: number | null;
  readonly files: number;
  readonly additions: number;
  readonly deletions: number;
  readonly class: string;
  readonly aiShare: number | null;
  readonly attributionLevel: number | null;
  readonly riskScore: number;
  readonly riskProbability: number;
  readonly riskBand: string;
  readonly riskLogOdds: number;
  readonly modelVersion: string;
  readonly capture: string;
  readonly gaps: number;
  readonly contradictions: number;
  /** Distinct pairs of claimed agent and model, see `claimedPairs`. */
  readonly agents: readonly string[];
  readonly models: readonly (string | null)[];
  /** Distinct sessions that are claimed. */
  readonly sessions: number;
  /** Added and deleted: the size that lists sort by. */
  readonly lines: number;
  /** What a search looks at, see `searchText`. */
  readonly search: string;
  /** Of its values that are filtered and counted by, see `cellOf`. */
  readonly cell: Uint8Array;
  /** SHA-256 of the observed change as JSON: tells whether a later import saw anything new. */
  readonly observedDigest: Uint8Array;
  readonly factSeq: number;
  readonly evidenceSeq: number;
  /** SHA-256 of the statement. */
  readonly statementDigest: Uint8Array;
}

export interface ClaimRow {
  readonly repoId: string;
  readonly changeId: string;
  readonly ordinal: number;
  readonly agent: string;
  readonly model: string | null;
  readonly sessionId: string | null;
  readonly userName: string | null;
  readonly role: string;
  readonly level: number;
}

export interface EvidenceRecordRow {
  readonly evidenceSeq: number;
  readonly repoId: string;
  readonly changeId: string;
  readonly factSeq: number;
  readonly reason: string;
  readonly statementDigest: Uint8Array;
}

export interface RepositoryRow {
  readonly repoId: string;
  readonly name: string;
  readonly url: string | null;
  readonly targetBranch: string;
  readonly headSha: string;
  readonly refsDigest: string;
  readonly changes: number;
  /** Events log index of the import fact that this row comes from. */
  readonly factSeq: number;
  readonly importedAt: string;
}

/** Counts for the summary of one repository. */
export interface ChangeCounts {
  readonly changes: number;
  readonly byClass: Readonly<Record<string, number>>;
  readonly byBand: Readonly<Record<string, number>>;
  readonly byKind: Readonly<Record<string, number>>;
  /** Changes per agent and per agent's model, most first. */
  readonly agents: readonly { readonly agent: string; readonly changes: number }[];
  readonly models: readonly { readonly agent: string; readonly model: string; readonly changes: number }[];
  readonly sessions: number;
  readonly withGaps: number;
  readonly withContradictions: number;
  readonly oldest: string | null;
  readonly newest: string | null;
}

/** Writes that belong together: all of them are durable when the transaction resolves, or none. */
export interface StoreTransaction extends HostTransaction {
  append(log: LogName, entries: readonly NewEntry[]): Promise<AppendOutcome>;
  /** The roll-ups with them. Other transactions that write changes wait until this one ends. */
  upsertChanges(rows: readonly ChangeRow[]): Promise<void>;
  /** Replaces all claims of the named changes by `rows`. */
  replaceClaims(
    changes: readonly { readonly repoId: string; readonly changeId: string }[],
    rows: readonly ClaimRow[],
  ): Promise<void>;
  insertEvidenceRecords(rows: readonly EvidenceRecordRow[]): Promise<void>;
  upsertRepository(row: RepositoryRow): Promise<void>;
  /** Events log index up to which projections are derived. */
  setCursor(nextSeq: number): Promise<void>;
}

/** The projections: tables that can be dropped and rebuilt from the logs. */
export interface ProjectionStore extends HostProjections {
  transaction<Result>(work: (tx: StoreTransaction) => Promise<Result>): Promise<Result>;
  /** Events log index up to which projections are derived. */
  cursor(): Promise<number>;
  /** Highest evidence log index that a row was written for, -1 if none. */
  lastEvidenceSeq(): Promise<number>;
  repository(repoId: string): Promise<RepositoryRow | undefined>;
  repositories(): Promise<readonly RepositoryRow[]>;
  /** Merge commits of the first and the last change of a repository; empty before there is one. */
  landmarks(repoId: string): Promise<readonly string[]>;
  /** Change id → what is known of it, for a whole repository (about 100 bytes a change). */
  knownChanges(
    repoId: string,
  ): Promise<
    ReadonlyMap<
      string,
      { readonly ordinal: number; readonly observedDigest: Uint8Array; readonly evidenceSeq: number }
    >
  >;
  changesById(repoId: string, changeIds: readonly string[]): Promise<readonly ChangeRow[]>;
  counts(repoId: string): Promise<ChangeCounts>;
  riskiest(repoId: string, limit: number): Promise<readonly ChangeRow[]>;
  /** Every row in (repo, change) order, in pages. */
  allChanges(): AsyncIterable<readonly ChangeRow[]>;
  allClaims(): AsyncIterable<readonly ClaimRow[]>;
  allEvidenceRecords(): AsyncIterable<readonly EvidenceRecordRow[]>;
  /** As they are stored, whether or not they agree with the rows. */
  rollUps(): Promise<RollUps>;
  /** Empties every projection and resets the cursor; ledger tables stay as they are. */
  dropProjections(): Promise<void>;
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
  /** Whether one of these commits at least is here. */
  hasCommit(shas: readonly string[]): Promise<boolean>;
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

/** Time and randomness, handed in so that tests decide them. */
export interface Surroundings {
  now(): Date;
  /** Cryptographically secure. */
  randomBytes(size: number): Uint8Array;
}

/** An opened data folder (or database) with both logs, held by this process alone. */
export interface Archive {
  /** The data folder: where logs, keys and (if embedded) the database lie. */
  readonly path: string;
  readonly ledger: LedgerWriter;
  readonly projections: ProjectionStore;
  readonly events: LogPublisher;
  readonly evidence: LogPublisher;
  readonly signer: StatementSigner;
  readonly surroundings: Surroundings;
  /** Evidence follows from facts one after the other: whoever derives waits for whoever does. */
  readonly derivation: Turns;
}

/** Work that must not overlap, in the order in which it was asked for. */
export interface Turns {
  take<Result>(work: () => Promise<Result>): Promise<Result>;
}

/** Something that a verification found wrong; `code` is from a closed list of whoever found it. */
export interface VerificationFinding {
  readonly code: string;
  readonly log: LogName;
  /** Index of the entry, where it is about one. */
  readonly index?: number;
  /** Tile path or file, where it is about one. */
  readonly tile?: string;
  readonly detail: string;
}

/** What checking one log ended with. */
export interface LogVerification {
  readonly log: LogName;
  /** Null where the log's key is unusable. */
  readonly origin: string | null;
  /** The largest tree head whose signature holds; null where there is none. */
  readonly checkpoint: { readonly size: number; readonly root: Uint8Array } | null;
  /** Entries that were walked. */
  readonly entries: number;
  /** Entries of the database that no checkpoint covers yet: normal after a crash. */
  readonly unpublished: number;
  /** The first hundred, and at least one of each code. */
  readonly findings: readonly VerificationFinding[];
  /** How many there are of each code. */
  readonly counts: ReadonlyMap<string, number>;
}

export interface VerifyLogOptions {
  /**
   * Every entry whose leaf, row and payload agree, in order, unpublished ones too. Where it gives a promise, the next one
   * comes when that is fulfilled.
   */
  readonly onEntry?: (sealed: SealedEntry) => Promise<void> | undefined;
  readonly onProgress?: (done: number, total: number) => void;
}

/** Walks payload → commitment → entry → tile → root → signature; tampered data never makes it throw. */
export interface LogVerifier {
  verify(log: LogName, options: VerifyLogOptions): Promise<LogVerification>;
}

/** The payload's bytes of an envelope whose signature is good, else why it is not. */
export type OpenedStatement = { readonly payload: Uint8Array } | { readonly reason: string };

/** Checks DSSE envelopes against the key that this data folder signs with. */
export interface StatementVerifier {
  /** Many may be under way at once. */
  open(envelope: Uint8Array): Promise<OpenedStatement>;
}
