import { randomBytes } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { OneByOne } from '../../src/app/one-by-one.ts';
import type { Archive } from '../../src/app/ports.ts';
import { priorModel } from '../../src/core/risk/prior-model.ts';
import { logFolder } from '../../src/evidence.ts';
import { lookAtRepository } from '../../src/intake/git/look-at-repository.ts';
import { openRepositoryInThread } from '../../src/intake/git/thread-reader.ts';
import { installQueue } from '../../src/jobs/install-queue.ts';
import { openWorkBoard, type RunningWorkBoard, type WorkBoardOptions } from '../../src/jobs/work-board.ts';
import { openKeys } from '../../src/ledger/keys.ts';
import { openLog } from '../../src/ledger/open-log.ts';
import { statementSigner } from '../../src/ledger/statement-signer.ts';
import { openStore, type Store } from '../../src/store/open-store.ts';
import { verifyInThread } from '../../src/verify-in-thread.ts';

export interface BoardPlace {
  readonly dataFolder: string;
  readonly databaseUrl: string;
}

export interface OpenBoard {
  readonly board: RunningWorkBoard;
  readonly archive: Archive;
  readonly store: Store;
  /** Stops the board and closes the store. */
  close(): Promise<void>;
}

/** A board on a data folder, joined as the server joins it, with short intervals. */
export async function openBoard(
  place: BoardPlace,
  options: Partial<WorkBoardOptions> = {},
): Promise<OpenBoard> {
  const store = await openStore({ ...place, prepare: installQueue });
  try {
    const archive = await archiveOf(place.dataFolder, store);
    const board = await openWorkBoard({
      archive,
      work: store.work,
      queue: store.queue,
      model: priorModel,
      openRepository: openRepositoryInThread,
      lookAt: lookAtRepository,
      verify: (verifying) =>
        verifyInThread({ dataFolder: place.dataFolder, connection: store.connection }, verifying),
      followEveryMs: 50,
      publishEveryMs: { events: 50, evidence: 50 },
      ...options,
    });
    const close = async () => {
      await board.stop();
      await store.close();
    };
    return { board, archive, store, close };
  } catch (error) {
    await store.close();
    throw error;
  }
}

async function archiveOf(path: string, store: Store): Promise<Archive> {
  const keys = await openKeys({
    dataFolder: path,
    randomBytes,
    sealed: (await store.ledger.size('events')) > 0,
  });
  const log = (name: 'events' | 'evidence') =>
    openLog({ folder: logFolder(path, name), log: name, key: keys[name], store: store.ledger });
  return {
    path,
    ledger: store.ledger,
    projections: store.projections,
    events: await log('events'),
    evidence: await log('evidence'),
    signer: statementSigner(keys.statements),
    derivation: new OneByOne(),
    surroundings: { now: () => new Date(), randomBytes },
  };
}

/** Asks until the answer holds, for a minute at most. */
export async function until<Answer>(
  ask: () => Promise<Answer>,
  holds: (answer: Answer) => boolean,
): Promise<Answer> {
  const deadline = performance.now() + 60_000;
  for (;;) {
    const answer = await ask();
    if (holds(answer)) return answer;
    if (performance.now() > deadline) throw new Error(`still ${JSON.stringify(answer).slice(0, 2_000)}`);
    await wait(20);
  }
}
