import type { ActorClass } from '../core/attribution/attribution.ts';
import type { ObservedChange } from '../core/change/observed-change.ts';
import { AppError } from '../core/errors.ts';
import { factTypes, parseFact } from '../core/evidence/fact.ts';
import { evaluatePolicy } from '../core/gate/evaluate-policy.ts';
import { historyInput } from '../core/gate/history-input.ts';
import type { Policy } from '../core/gate/policy.ts';
import type { Verdict } from '../core/gate/verdict.ts';
import type { RiskBand } from '../core/risk/risk-assessment.ts';
import { breathing } from './breathe.ts';
import type { LedgerStore, ProjectionStore, SealedEntry } from './ports.ts';
import { intactPayload, sealedStatements } from './sealed-statements.ts';

/** What a policy would have said of one change. */
export interface SimulatedChange {
  readonly repo: string;
  readonly id: string;
  readonly title: string;
  readonly mergedAt: string;
  readonly headSha: string;
  readonly class: ActorClass;
  readonly band: RiskBand;
  readonly score: number;
  readonly verdict: Verdict;
}

export interface SimulationOptions {
  readonly repoId?: string;
  /** Only changes that were merged then or later. */
  readonly since?: Date;
  readonly onProgress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

interface Sources {
  readonly ledger: LedgerStore;
  readonly projections: Pick<ProjectionStore, 'allChanges'>;
}

/**
 * Judges the newest sealed record of every change under a policy, in the order in which they were sealed; memory holds an
 * index a change. Nothing is written. Errors: NOT_FOUND where `repoId` has no change, LOG_DIVERGED where a payload is not the
 * sealed one.
 */
export async function* simulatePolicy(
  { ledger, projections }: Sources,
  policy: Policy,
  { repoId, since, onProgress = () => undefined, signal }: SimulationOptions = {},
): AsyncGenerator<SimulatedChange> {
  const newest = await newestRecords(projections, repoId);
  const facts = new FactReader(ledger);
  const breathe = breathing();
  let done = 0;
  try {
    for await (const { evidenceSeq, statement } of sealedStatements(ledger, 0)) {
      signal?.throwIfAborted();
      if (!newest.has(evidenceSeq)) continue;
      const { predicate } = statement;
      const { change, attribution, risk, derivedFrom } = predicate;
      done += 1;
      onProgress(done, newest.size);
      await breathe();
      const { mergedAt } = change;
      // The newest record of a change that landed names when; one that is open is judged as it is, not replayed.
      if (mergedAt === null || (since !== undefined && Date.parse(mergedAt) < since.getTime())) continue;
      const observed = await facts.changeAt(derivedFrom.entries[0]?.index);
      yield {
        repo: change.repo,
        id: change.id,
        title: change.title,
        mergedAt,
        headSha: change.headSha,
        class: attribution.class,
        band: risk.band,
        score: risk.score,
        verdict: evaluatePolicy(historyInput(predicate, observed), policy),
      };
    }
  } finally {
    await facts.close();
  }
}

async function newestRecords(
  projections: Sources['projections'],
  repoId: string | undefined,
): Promise<ReadonlySet<number>> {
  const newest = new Set<number>();
  for await (const page of projections.allChanges())
    for (const row of page) if (repoId === undefined || row.repoId === repoId) newest.add(row.evidenceSeq);
  if (repoId !== undefined && newest.size === 0)
    throw new AppError('NOT_FOUND', { what: `change of a repository ${repoId} in this data folder` });
  return newest;
}

/** Reads facts by index, going forward through the events log as the records do, so that each page is read once. */
class FactReader {
  readonly #ledger: LedgerStore;
  #pages: AsyncIterator<readonly SealedEntry[]> | undefined;
  #page: readonly SealedEntry[] = [];

  constructor(ledger: LedgerStore) {
    this.#ledger = ledger;
  }

  /** Null where the fact is erased, or is not of a change. */
  async changeAt(seq: number | undefined): Promise<ObservedChange | null> {
    const sealed = seq === undefined ? undefined : await this.#entry(seq);
    if (!sealed?.payload) return null;
    const { event } = parseFact(intactPayload('events', sealed));
    if (event.type === factTypes.changeAssessed) return event.data.change;
    return event.type === factTypes.changeObserved ? event.data : null;
  }

  async close(): Promise<void> {
    await this.#pages?.return?.();
  }

  async #entry(seq: number): Promise<SealedEntry | undefined> {
    const first = this.#page[0]?.seq;
    if (this.#pages === undefined || (first !== undefined && seq < first)) await this.#readFrom(seq);
    while ((this.#page.at(-1)?.seq ?? Number.POSITIVE_INFINITY) < seq) {
      const next = await this.#pages?.next();
      this.#page = next?.done === false ? next.value : [];
    }
    return this.#page.find((sealed) => sealed.seq === seq);
  }

  async #readFrom(seq: number): Promise<void> {
    await this.close();
    this.#pages = this.#ledger
      .readSealed('events', seq, await this.#ledger.size('events'))
      [Symbol.asyncIterator]();
    const next = await this.#pages.next();
    this.#page = next.done === true ? [] : next.value;
  }
}
