import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LogPublisher, NewEntry } from '../../app/ports.ts';
import type { DurableFiles } from '../durable-folder.ts';
import { type Keys, openKeys } from '../keys.ts';
import { openLog } from '../open-log.ts';
import { type LogReport, verifyLog } from '../verify-log.ts';
import { MemoryLedger } from './memory-ledger.ts';

/** A data folder with keys, and the `events` log over a ledger in memory. */
export interface LogFixture extends AsyncDisposable {
  readonly dataFolder: string;
  readonly folder: string;
  readonly keys: Keys;
  readonly ledger: MemoryLedger;
  open(files?: DurableFiles): Promise<LogPublisher>;
  append(count: number): Promise<void>;
  /** Publishes once for each size, so that there are checkpoints and partial tiles of each. */
  grow(publisher: LogPublisher, ...sizes: readonly number[]): Promise<void>;
  verify(): Promise<LogReport>;
  /** Paths of the log's files, sorted. */
  files(): Promise<readonly string[]>;
  /** Text of the checkpoint file, empty where there is none. */
  checkpoint(): Promise<string>;
}

export async function logFixture(): Promise<LogFixture> {
  const dataFolder = await mkdtemp(join(tmpdir(), 'reentry-ledger-'));
  const folder = join(dataFolder, 'logs', 'events');
  const keys = await openKeys({ dataFolder, randomBytes, sealed: false });
  const ledger = new MemoryLedger();
  const append = async (count: number) => {
    const size = await ledger.size('events');
    await ledger.append(
      'events',
      Array.from({ length: count }, (_, at) => newEntry(size + at)),
    );
  };
  return {
    dataFolder,
    folder,
    keys,
    ledger,
    append,
    open: (files) =>
      openLog({ folder, log: 'events', key: keys.events, store: ledger, ...(files ? { files } : {}) }),
    grow: async (publisher, ...sizes) => {
      for (const size of sizes) {
        await append(size - (await ledger.size('events')));
        await publisher.publish();
      }
    },
    verify: () => verifyLog({ folder, log: 'events', store: ledger }),
    files: async () => {
      const found = await readdir(folder, { recursive: true, withFileTypes: true });
      const files = found.filter((entry) => entry.isFile());
      return files.map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1)).sort();
    },
    checkpoint: () => readFile(join(folder, 'checkpoint'), 'utf8').catch(() => ''),
    [Symbol.asyncDispose]: () => rm(dataFolder, { recursive: true, force: true }),
  };
}

/** An entry that differs from every other; the number alone decides what it is. */
export function newEntry(number: number): NewEntry {
  return {
    kind: 1,
    timeMs: 1_700_000_000_000 + number,
    id: numbered(16, number),
    salt: numbered(32, number),
    payload: Buffer.from(`payload ${number}`, 'utf8'),
    idempotencyKey: numbered(32, number),
  };
}

function numbered(size: number, number: number): Uint8Array {
  const bytes = Buffer.alloc(size);
  bytes.writeUInt32BE(number);
  return bytes;
}
