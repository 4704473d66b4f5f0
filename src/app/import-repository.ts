import { createHash } from 'node:crypto';
import type { ObservedChange } from '../core/change/observed-change.ts';
import { changeObserved, dataDigest, type Fact, importCompleted } from '../core/evidence/fact.ts';
import type { Scorecard } from '../core/risk/scorecard.ts';
import { type Derivation, deriveEvidence } from './derive-evidence.ts';
import type { Archive, RepositoryReader, RepositoryState } from './ports.ts';
import { recordFacts } from './record-facts.ts';
import { requireSameHistory } from './same-history.ts';

export interface ImportOutcome {
  readonly state: RepositoryState;
  /** Nothing had changed since the last import, so nothing was read. */
  readonly upToDate: boolean;
  /** Changes read from git. */
  readonly changes: number;
  /** Changes seen for the first time. */
  readonly added: number;
  /** Changes known before, of which git now says something else (a note was added, say). */
  readonly relearned: number;
  readonly derivation: Derivation;
}

export interface ImportOptions {
  readonly since?: Date;
  readonly onProgress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

const batchChanges = 512;
/** Characters of JSON; changes differ in size by four orders of magnitude. */
const batchCharacters = 4 * 1024 * 1024;

/**
 * Reads the repository and seals what is new: facts first, then the evidence derived from them. Importing twice adds
 * nothing; importing after new commits adds only them. What was acknowledged stays if it is interrupted anywhere.
 * Errors: REPOSITORY_NAME_TAKEN, those of reading and of the archive.
 */
export async function importRepository(
  archive: Archive,
  reader: RepositoryReader,
  model: Scorecard,
  options: ImportOptions = {},
): Promise<ImportOutcome> {
  const state = await reader.describe();
  let derivation = await deriveEvidence(archive, model, options.signal ? { signal: options.signal } : {});
  const refsDigest = scopedDigest(state, options.since);
  const before = await archive.projections.repository(state.ref.id);
  if (state.headSha === null || before?.refsDigest === refsDigest) {
    return {
      state,
      upToDate: state.headSha !== null,
      changes: before?.changes ?? 0,
      added: 0,
      relearned: 0,
      derivation,
    };
  }
  await requireSameHistory(reader, state.ref, await archive.projections.landmarks(state.ref.id));
  const known = await archive.projections.knownChanges(state.ref.id);
  const assessed = await archive.projections.landedCommits(state.ref.id);
  const intake = new Intake(archive, model, options.signal);
  const counted = { changes: 0, added: 0, relearned: 0 };
  try {
    for await (const change of reader.changes(options)) {
      counted.changes += 1;
      // The code host told of it, with reviews and gates, and the record says more than git alone could.
      if (assessed.has(change.mergeSha)) continue;
      const earlier = known.get(change.id);
      if (earlier && Buffer.compare(earlier.observedDigest, dataDigest(change)) === 0) continue;
      counted[earlier ? 'relearned' : 'added'] += 1;
      const received = {
        at: archive.surroundings.now().toISOString(),
        capture: 'backfilled',
        after: earlier?.evidenceSeq ?? null,
      } as const;
      await intake.add(changeObserved(change, received), change);
    }
  } catch (error) {
    await intake.settled();
    throw error;
  }
  const completed = {
    schema: 'reentry.completed-import/1',
    repo: state.ref,
    targetBranch: state.targetBranch,
    headSha: state.headSha,
    refsDigest,
    changes: counted.changes,
    added: counted.added,
    gaps: state.gaps,
  } as const;
  await intake.add(importCompleted(completed, archive.surroundings.now().toISOString()));
  derivation = sum(derivation, await intake.end());
  return { state, upToDate: false, ...counted, derivation };
}

/** Collects facts into batches; one batch is sealed while the next one is read. */
class Intake {
  readonly #archive: Archive;
  readonly #model: Scorecard;
  readonly #signal: AbortSignal | undefined;
  #batch: Fact[] = [];
  #characters = 0;
  #sealing: Promise<Derivation> = Promise.resolve({ sealed: 0, restored: 0, differing: [] });

  constructor(archive: Archive, model: Scorecard, signal: AbortSignal | undefined) {
    this.#archive = archive;
    this.#model = model;
    this.#signal = signal;
  }

  async add(fact: Fact, change?: ObservedChange): Promise<void> {
    this.#batch.push(fact);
    this.#characters += change ? roughSize(change) : 0;
    if (this.#batch.length >= batchChanges || this.#characters >= batchCharacters) await this.#flush();
  }

  async end(): Promise<Derivation> {
    await this.#flush();
    return this.#sealing;
  }

  /** Whoever gives up closes the archive next: by then no batch may still be writing to it. */
  async settled(): Promise<void> {
    await this.#sealing.catch(() => undefined);
  }

  async #flush(): Promise<void> {
    const before = await this.#sealing;
    this.#signal?.throwIfAborted();
    const facts = this.#batch;
    this.#batch = [];
    this.#characters = 0;
    this.#sealing = this.#seal(facts, before);
    // The rejection is met by whoever awaits `#sealing` next; this keeps Node from ending the process before.
    this.#sealing.catch(() => undefined);
  }

  async #seal(facts: readonly Fact[], before: Derivation): Promise<Derivation> {
    await recordFacts(this.#archive, facts);
    return sum(before, await deriveEvidence(this.#archive, this.#model));
  }
}

/** A partial import must not look complete to a later whole one. */
function scopedDigest(state: RepositoryState, since: Date | undefined): string {
  if (since === undefined) return state.refsDigest;
  return createHash('sha256').update(`${state.refsDigest} since ${since.toISOString()}`).digest('hex');
}

function roughSize(change: ObservedChange): number {
  const messages = change.commits.reduce((size, commit) => size + commit.message.length + 500, 0);
  return messages + change.files.length * 120 + change.records.length * 1_000;
}

function sum(a: Derivation, b: Derivation): Derivation {
  return {
    sealed: a.sealed + b.sealed,
    restored: a.restored + b.restored,
    differing: [...a.differing, ...b.differing],
  };
}
