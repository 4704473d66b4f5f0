/**
 * `node import-driver.ts <data folder> <repository>`: an import that says what it was told is durable, as soon as it was told:
 * `ack <log> <seq> <entry in hex>`, at the end `done`; then it waits to be killed. It works in many small steps where the
 * product takes few large ones, so that a kill finds it between any two of them.
 */
import { writeSync } from 'node:fs';
import process from 'node:process';
import type { AppendOutcome, LogName, NewEntry } from '../../src/app/ports.ts';
import { openArchive } from '../../src/archive.ts';
import type { OpenArchive } from '../../src/cli/world.ts';
import { commitmentTo, encodeEntry } from '../../src/core/tlog/entry.ts';
import { hmacSha256 } from '../../src/core/tlog/node-primitives.ts';
import { openDataFolder } from '../../src/store/data-folder.ts';
import { importFrom } from './archive.ts';

const [dataFolder = '', repository = ''] = process.argv.slice(2);
const entriesAtOnce = 16;

/** Written when it returns: nothing of it waits in this process. */
function say(lines: readonly string[]): void {
  if (lines.length > 0) writeSync(1, `${lines.join('\n')}\n`);
}

function acknowledgements(
  log: LogName,
  entries: readonly NewEntry[],
  outcome: AppendOutcome,
): readonly string[] {
  return entries.flatMap(({ kind, timeMs, id, salt, payload }, at) => {
    const { seq, duplicate } = outcome.entries[at] ?? { seq: -1, duplicate: false };
    if (duplicate) return [];
    const entry = encodeEntry({ kind, timeMs, id, commitment: commitmentTo(hmacSha256, salt, payload) });
    return [`ack ${log} ${seq} ${Buffer.from(entry).toString('hex')}`];
  });
}

function acknowledging(archive: OpenArchive): OpenArchive {
  const { ledger, projections } = archive;
  return {
    ...archive,
    ledger: {
      ...ledger,
      append: async (log, entries) => {
        const all: AppendOutcome['entries'][number][] = [];
        let size = await ledger.size(log);
        for (let at = 0; at < entries.length; at += entriesAtOnce) {
          const some = entries.slice(at, at + entriesAtOnce);
          const outcome = await ledger.append(log, some);
          say(acknowledgements(log, some, outcome));
          all.push(...outcome.entries);
          ({ size } = outcome);
        }
        return { entries: all, size };
      },
      async *readSealed(log, from, to) {
        for await (const page of ledger.readSealed(log, from, to)) {
          for (let at = 0; at < page.length; at += entriesAtOnce) yield page.slice(at, at + entriesAtOnce);
        }
      },
    },
    projections: {
      ...projections,
      transaction: async (work) => {
        const lines: string[] = [];
        const result = await projections.transaction((tx) =>
          work({
            ...tx,
            append: async (log, entries) => {
              const outcome = await tx.append(log, entries);
              lines.push(...acknowledgements(log, entries, outcome));
              return outcome;
            },
          }),
        );
        say(lines);
        return result;
      },
    },
  };
}

const archive = await openArchive(await openDataFolder(dataFolder));
await importFrom(acknowledging(archive), repository);
say(['done']);
process.stdin.resume();
