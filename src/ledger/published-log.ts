import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { LogName } from '../app/ports.ts';
import type { PublishedLog } from '../app/serving-ports.ts';
import { AppError } from '../core/errors.ts';
import { parseCheckpoint } from '../core/tlog/checkpoint.ts';
import { sha256 } from '../core/tlog/node-primitives.ts';
import { parseNote } from '../core/tlog/note.ts';
import { parseVkey } from '../core/tlog/note-key.ts';
import { DurableFolder } from './durable-folder.ts';
import { type LogReader, readText } from './log-tiles.ts';
import { tileReader } from './tile-reader.ts';

/**
 * A log as its files show it to everyone; nothing of the database. The key is that of the log's own folder, read once. Error:
 * LOG_FORMAT where `vkey` is missing or damaged, later where another file is.
 */
export async function publishedLog(folder: string, log: LogName): Promise<PublishedLog> {
  const files = new DurableFolder(folder, { log });
  const text = await readUtf8(files, 'vkey');
  const vkey = text?.trimEnd() ?? '';
  const parsed = parseVkey(sha256, vkey);
  if (!parsed.ok) throw malformed('vkey', text === undefined ? 'it is missing' : parsed.reason);
  const checkpoint = () => readUtf8(files, 'checkpoint');
  return {
    origin: parsed.key.name,
    vkey,
    publicKey: parsed.key.publicKey,
    checkpoint,
    publishedAt: () =>
      stat(join(folder, 'checkpoint')).then(
        ({ mtime }) => mtime,
        () => undefined,
      ),
    tlogProof: async (index) => {
      const note = await checkpoint();
      if (note === undefined || !(index < sizeOf(note))) return undefined;
      // It reads the checkpoint again, which may have grown since: the proof is under one of the two, and whole.
      return tileReader(files).tlogProof(index);
    },
  };
}

async function readUtf8(files: LogReader, path: string): Promise<string | undefined> {
  const bytes = await readText(files, path);
  return bytes && Buffer.from(bytes).toString('utf8');
}

function sizeOf(text: string): bigint {
  const note = parseNote(text);
  if (!note.ok) throw malformed('checkpoint', note.reason);
  const parsed = parseCheckpoint(note.note.text);
  if (!parsed.ok) throw malformed('checkpoint', parsed.reason);
  return parsed.checkpoint.size;
}

function malformed(what: string, detail: string): AppError {
  return new AppError('LOG_FORMAT', { what, detail });
}
