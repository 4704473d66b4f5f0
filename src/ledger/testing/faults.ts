import type { LedgerStore } from '../../app/ports.ts';
import type { DurableFiles } from '../durable-folder.ts';

/** How a write fails: before anything is stored, after all of it is, or with only the first part of it stored. */
export type Fault = 'not stored' | 'stored' | 'half stored';

/** Lets the writes of a run pass, but for one that fails: number `at`, counted from 0, over all that share the object. */
export class FaultPlan {
  readonly #at: number;
  readonly #fault: Fault;
  #writes = 0;

  constructor(at: number, fault: Fault) {
    this.#at = at;
    this.#fault = fault;
  }

  get writes(): number {
    return this.#writes;
  }

  async write<Result>(whole: () => Promise<Result>, half: () => Promise<unknown>): Promise<Result> {
    const failing = this.#writes === this.#at;
    this.#writes += 1;
    if (!failing) return whole();
    switch (this.#fault) {
      case 'not stored':
        break;
      case 'stored':
        await whole();
        break;
      case 'half stored':
        await half();
        break;
    }
    throw new Error(`planned fault: ${this.#fault}`);
  }
}

/** The same files, whose writes fail by plan. A replacement is never half stored: it is one rename. */
export function faultyFiles(files: DurableFiles, plan: FaultPlan): DurableFiles {
  return {
    read: (path, maxBytes) => files.read(path, maxBytes),
    remove: (paths) => files.remove(paths),
    create: (given) =>
      plan.write(
        () => files.create(given),
        () => files.create(given.slice(0, Math.ceil(given.length / 2))),
      ),
    replace: (path, bytes) =>
      plan.write(
        () => files.replace(path, bytes),
        async () => undefined,
      ),
  };
}

/** The same store, whose checkpoints fail by plan. */
export function faultyStore(store: LedgerStore, plan: FaultPlan): LedgerStore {
  return {
    size: (log) => store.size(log),
    readEntries: (log, from, to) => store.readEntries(log, from, to),
    readSealed: (log, from, to) => store.readSealed(log, from, to),
    latestCheckpoint: (log) => store.latestCheckpoint(log),
    checkpoints: (log) => store.checkpoints(log),
    insertCheckpoint: (log, checkpoint, previousSize) =>
      plan.write(
        () => store.insertCheckpoint(log, checkpoint, previousSize),
        async () => undefined,
      ),
  };
}
