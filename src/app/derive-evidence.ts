import { createHash } from 'node:crypto';
import type { ObservedChange } from '../core/change/observed-change.ts';
import { AppError } from '../core/errors.ts';
import type { AssessedHead } from '../core/evidence/assessed-head.ts';
import { changeStatement, type DerivedFrom, payloadType } from '../core/evidence/change-evidence.ts';
import {
  type ChangeAssessed,
  type ChangeObserved,
  dataDigest,
  entryKind,
  type Fact,
  factTypes,
  parseFact,
} from '../core/evidence/fact.ts';
import { storedText } from '../core/evidence/stored-text.ts';
import type { Scorecard } from '../core/risk/scorecard.ts';
import { assessChange } from './assess-change.ts';
import { breathing } from './breathe.ts';
import { judgeHead } from './judge-head.ts';
import type { Archive, NewEntry, SealedEntry, StoreTransaction } from './ports.ts';
import {
  hasLanded,
  type NumberedHostFact,
  projectChange,
  projectClaims,
  projectHostItems,
  projectHostRepositories,
  projectPullRequest,
  projectRecord,
  projectRepository,
} from './project-evidence.ts';
import { newEntry } from './record-facts.ts';
import { rowsAhead } from './rows-ahead.ts';
import {
  intactPayload,
  type SealedStatement,
  sealedStatements,
  statementDigest,
} from './sealed-statements.ts';

export interface Derivation {
  /** Evidence records made and sealed now. */
  readonly sealed: number;
  /** Records sealed before (a rebuild, or a start after a crash): their rows were restored. */
  readonly restored: number;
  /** Restored records that the present rules would write differently, by evidence log index. */
  readonly differing: readonly number[];
}

interface NumberedFact {
  readonly seq: number;
  readonly fact: Fact;
}

/** One change's record, whether sealed long ago or about to be. */
interface Derived extends SealedStatement {
  readonly ordinal: number;
  /** Null where the evidence log already holds it. */
  readonly entry: NewEntry | null;
}

export interface DeriveOptions {
  readonly onProgress?: (done: number, total: number) => void;
  /** Looked at between pages: what was derived until then stays, and the next call goes on from there. */
  readonly signal?: AbortSignal;
}

/**
 * Turns facts of the events log into sealed evidence records and projection rows, from the cursor on. Evidence, rows and
 * the cursor advance in one transaction, so a crash at any point is made good by the next call. Where the evidence log
 * already holds the record of a fact, that record is the truth and its rows are restored from it.
 */
export async function deriveEvidence(
  archive: Archive,
  model: Scorecard,
  options: DeriveOptions = {},
): Promise<Derivation> {
  return archive.derivation.take(() => deriveInTurn(archive, model, options));
}

async function deriveInTurn(
  archive: Archive,
  model: Scorecard,
  { onProgress = () => undefined, signal }: DeriveOptions,
): Promise<Derivation> {
  await refuseCutLogs(archive);
  const { size, root } = await archive.events.publish();
  const from: Omit<DerivedFrom, 'entries'> = {
    log: archive.events.origin,
    checkpoint: { size, root: Buffer.from(root).toString('hex') },
  };
  const start = await archive.projections.cursor();
  const lastSealed = await archive.projections.lastEvidenceSeq();
  const sealed = sealedStatements(archive.ledger, lastSealed + 1);
  const run = new DerivationRun(archive, model, from, sealed, await archive.ledger.size('evidence'));
  for await (const page of archive.ledger.readSealed('events', start, size)) {
    signal?.throwIfAborted();
    for (const facts of splitAtRepeats(await numberedFacts(page))) await run.derive(facts);
    onProgress((page.at(-1)?.seq ?? start) + 1 - start, size - start);
  }
  await archive.evidence.publish();
  return run.outcome;
}

/** Going on would give the indexes of entries that are gone to new ones. */
async function refuseCutLogs(archive: Archive): Promise<void> {
  const [ahead] = await rowsAhead(archive);
  if (!ahead) return;
  const { log, held, derived } = ahead;
  const detail = `the log is behind: it holds ${held} entries, but rows are derived from ${derived}`;
  throw new AppError('LOG_DIVERGED', { log, detail });
}

class DerivationRun {
  readonly outcome = { sealed: 0, restored: 0, differing: [] as number[] };
  readonly #archive: Archive;
  readonly #model: Scorecard;
  readonly #from: Omit<DerivedFrom, 'entries'>;
  readonly #sealed: AsyncIterator<SealedStatement, undefined>;
  /** Index that the next new record gets; nobody else writes this log while we hold the data folder. */
  #nextSeq: number;

  constructor(
    archive: Archive,
    model: Scorecard,
    from: Omit<DerivedFrom, 'entries'>,
    sealed: AsyncIterator<SealedStatement, undefined>,
    nextSeq: number,
  ) {
    this.#archive = archive;
    this.#model = model;
    this.#from = from;
    this.#sealed = sealed;
    this.#nextSeq = nextSeq;
  }

  async derive(facts: readonly NumberedFact[]): Promise<void> {
    const changes = facts.filter(isChange);
    const previous = await this.#previousRecords(changes);
    const derived: Derived[] = [];
    const breathe = breathing();
    for (const { seq, fact } of changes) {
      const { value: before } = await this.#sealed.next();
      const earlier = previous.get(changeKey(fact));
      derived.push(before ? this.#restore(seq, fact, before, earlier) : this.#make(seq, fact, earlier));
      await breathe();
    }
    await this.#archive.projections.transaction(async (tx) => {
      await appendNew(tx, derived);
      const landed = await this.#uncovered(derived.filter(({ statement }) => hasLanded(statement)));
      await tx.upsertChanges(landed.map((one) => projectChange(one.statement, one)));
      await tx.replaceClaims(
        landed.map(({ statement }) => ({
          repoId: statement.predicate.change.repo,
          changeId: statement.predicate.change.id,
        })),
        landed.flatMap(({ statement }) => projectClaims(statement)),
      );
      const pullRequests = derived.flatMap((one) => projectPullRequest(one.statement, one) ?? []);
      await tx.upsertPullRequests(pullRequests);
      for (const one of pullRequests) await tx.removeCoveredChanges(one);
      const told = facts.filter(isTold);
      await tx.upsertHostRepositories(projectHostRepositories(told));
      await tx.upsertHostItems(projectHostItems(told));
      await tx.insertEvidenceRecords(derived.map((one) => projectRecord(one.statement, one)));
      for (const { seq, fact } of facts) {
        if (fact.event.type === factTypes.importCompleted) {
          await tx.upsertRepository(projectRepository(fact.event.data, seq, fact.receivedAt));
        }
      }
      const last = facts.at(-1);
      if (last) await tx.setCursor(last.seq + 1);
    });
  }

  /** Without what git alone told of commits that a pull request brought, whichever of the two came first. */
  async #uncovered(landed: readonly Derived[]): Promise<readonly Derived[]> {
    const { projections } = this.#archive;
    const byRepo = Map.groupBy(landed, ({ statement }) => statement.predicate.change.repo);
    const kept: Derived[] = [];
    for (const [repoId, ofRepo] of byRepo) {
      const shas = ofRepo.map(({ statement }) => statement.predicate.change.mergeSha ?? '');
      const covered = await projections.landedBy(repoId, shas);
      kept.push(
        ...ofRepo.filter(({ statement: { predicate } }) => {
          const by = covered.get(storedText(predicate.change.mergeSha ?? ''));
          return by === undefined || by === storedText(predicate.change.id);
        }),
      );
    }
    return kept;
  }

  #make(seq: number, fact: ChangeFact, earlier: EarlierRecord | undefined): Derived {
    const evidenceSeq = this.#nextSeq;
    this.#nextSeq += 1;
    this.outcome.sealed += 1;
    const statement = this.#statement(seq, fact, earlier, this.#from);
    const bytes = Buffer.from(JSON.stringify(statement), 'utf8');
    const entry = newEntry(this.#archive.surroundings, {
      kind: entryKind.evidenceRecord,
      payload: Buffer.from(this.#archive.signer.sign(payloadType, bytes), 'utf8'),
      idempotencyKey: createHash('sha256').update(`evidence of fact ${seq}`).digest(),
    });
    return {
      evidenceSeq,
      statement,
      digest: statementDigest(bytes),
      ordinal: earlier?.ordinal ?? seq,
      entry,
    };
  }

  /** The sealed record stands; what the present rules make of the same fact is only compared with it. */
  #restore(
    seq: number,
    fact: ChangeFact,
    before: SealedStatement,
    earlier: EarlierRecord | undefined,
  ): Derived {
    const { derivedFrom } = before.statement.predicate;
    const [from] = derivedFrom.entries;
    if (from?.index !== seq) {
      throw new AppError('LOG_DIVERGED', {
        log: 'evidence',
        detail: `record ${before.evidenceSeq} comes from fact ${from?.index}, expected fact ${seq}`,
      });
    }
    if (from.digest !== Buffer.from(dataDigest(fact.event.data)).toString('hex')) {
      throw new AppError('LOG_DIVERGED', {
        log: 'events',
        detail: `fact ${seq} is not the one that record ${before.evidenceSeq} was made from`,
      });
    }
    const again = this.#statement(seq, fact, earlier, derivedFrom);
    const digest = statementDigest(Buffer.from(JSON.stringify(again), 'utf8'));
    if (Buffer.compare(digest, before.digest) !== 0) this.outcome.differing.push(before.evidenceSeq);
    this.outcome.restored += 1;
    return { ...before, ordinal: earlier?.ordinal ?? seq, entry: null };
  }

  #statement(
    seq: number,
    fact: ChangeFact,
    earlier: EarlierRecord | undefined,
    from: Omit<DerivedFrom, 'entries'>,
  ) {
    const own = { index: seq, digest: Buffer.from(dataDigest(fact.event.data)).toString('hex') };
    const common = {
      receivedAt: fact.receivedAt,
      capture: fact.capture,
      supersedes: earlier?.evidenceSeq ?? null,
    };
    if (isAssessed(fact)) {
      const head = fact.event.data;
      return changeStatement({
        ...common,
        ...this.#judge(head),
        reason: head.moment,
        derivedFrom: { ...from, entries: [own, ...head.told] },
      });
    }
    return changeStatement({
      ...common,
      ...assessChange(fact.event.data, this.#model),
      reason: earlier ? 'learned-later' : 'merged',
      derivedFrom: { log: from.log, checkpoint: from.checkpoint, entries: [own] },
    });
  }

  #judge(head: AssessedHead) {
    const assessed = assessChange(head.change, this.#model);
    return { ...assessed, assessed: judgeHead(head, assessed) };
  }

  async #previousRecords(
    changes: readonly { readonly fact: ChangeFact }[],
  ): Promise<ReadonlyMap<string, EarlierRecord>> {
    const { projections } = this.#archive;
    const byRepo = Map.groupBy(changes, ({ fact }) => observedIn(fact).repo.id);
    const previous = new Map<string, EarlierRecord>();
    for (const [repoId, ofRepo] of byRepo) {
      const ids = ofRepo.map(({ fact }) => observedIn(fact).id);
      const numbers = ofRepo.flatMap(({ fact }) => observedIn(fact).number ?? []);
      const rows = [
        ...(await projections.changesById(repoId, ids)),
        ...(numbers.length > 0 ? await projections.pullRequests(repoId, numbers) : []),
      ];
      for (const { changeId, ordinal, evidenceSeq } of rows) {
        const key = `${repoId}\0${changeId}`;
        const other = previous.get(key);
        // One that is open has no row among the changes, one that git alone told of has none among the pull requests.
        if (other === undefined || other.evidenceSeq < evidenceSeq)
          previous.set(key, { ordinal: Math.min(ordinal, other?.ordinal ?? ordinal), evidenceSeq });
      }
    }
    return previous;
  }
}

interface EarlierRecord {
  readonly ordinal: number;
  readonly evidenceSeq: number;
}

/** Appends what is not sealed yet; the log must give exactly the indexes that the rows were written for. */
async function appendNew(tx: StoreTransaction, derived: readonly Derived[]): Promise<void> {
  const fresh = derived.filter((one) => one.entry !== null);
  if (fresh.length === 0) return;
  const { entries } = await tx.append(
    'evidence',
    fresh.flatMap(({ entry }) => (entry === null ? [] : [entry])),
  );
  fresh.forEach(({ evidenceSeq }, index) => {
    const given = entries[index];
    if (given?.seq !== evidenceSeq || given.duplicate) {
      throw new AppError('LOG_DIVERGED', {
        log: 'evidence',
        detail: `another process wrote entry ${evidenceSeq} at the same time`,
      });
    }
  });
}

/** Batches in which no change comes twice, so that a later fact can name the record it supersedes. */
function splitAtRepeats(facts: readonly NumberedFact[]): readonly (readonly NumberedFact[])[] {
  const batches: NumberedFact[][] = [];
  let seen = new Set<string>();
  let batch: NumberedFact[] = [];
  for (const numbered of facts) {
    const key = isChange(numbered) ? changeKey(numbered.fact) : '';
    if (seen.has(key)) {
      batches.push(batch);
      batch = [];
      seen = new Set();
    }
    if (key !== '') seen.add(key);
    batch.push(numbered);
  }
  if (batch.length > 0) batches.push(batch);
  return batches;
}

async function numberedFacts(page: readonly SealedEntry[]): Promise<readonly NumberedFact[]> {
  const facts: NumberedFact[] = [];
  const breathe = breathing();
  for (const sealed of page) {
    facts.push({ seq: sealed.seq, fact: parseFact(intactPayload('events', sealed)) });
    await breathe();
  }
  return facts;
}

type ChangeFact = ChangeObserved | ChangeAssessed;

function isChange(numbered: NumberedFact): numbered is NumberedFact & { readonly fact: ChangeFact } {
  const { type } = numbered.fact.event;
  return type === factTypes.changeObserved || type === factTypes.changeAssessed;
}

function isTold(numbered: NumberedFact): numbered is NumberedFact & NumberedHostFact {
  return numbered.fact.event.type === factTypes.hostObserved;
}

function isAssessed(fact: ChangeFact): fact is ChangeAssessed {
  return fact.event.type === factTypes.changeAssessed;
}

function observedIn(fact: ChangeFact): ObservedChange {
  return isAssessed(fact) ? fact.event.data.change : fact.event.data;
}

function changeKey(fact: ChangeFact): string {
  const { repo, id } = observedIn(fact);
  return `${repo.id}\0${id}`;
}
