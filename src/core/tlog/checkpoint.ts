import { decodeBase64, encodeBase64, parseDecimal } from './bytes.ts';
import { type NoteVerifier, type OpenedNote, openNote } from './note.ts';
import { hashBytes } from './tree-hash.ts';

/** What a log states of itself (C2SP tlog-checkpoint v1.0.0): at this size, my root is this. */
export interface Checkpoint {
  readonly origin: string;
  readonly size: bigint;
  /** 32 bytes. */
  readonly root: Uint8Array;
  /** Further lines; ours have none. */
  readonly extensions: readonly string[];
}

type CheckpointReason = 'lines' | 'origin' | 'size' | 'root' | 'root-length' | 'extension';

export type ParsedCheckpoint =
  | { readonly ok: true; readonly checkpoint: Checkpoint }
  | { readonly ok: false; readonly reason: CheckpointReason };

export type OpenedCheckpoint =
  | { readonly ok: true; readonly checkpoint: Checkpoint }
  | {
      readonly ok: false;
      readonly reason:
        | CheckpointReason
        | Extract<OpenedNote, { readonly ok: false }>['reason']
        | 'foreign-origin';
    };

/** Body of a checkpoint: origin, size, root and extensions, one a line. */
export function formatCheckpoint({ origin, size, root, extensions }: Checkpoint): string {
  return [origin, size.toString(), encodeBase64(root), ...extensions].map((line) => `${line}\n`).join('');
}

/** Reads the text of a checkpoint note, strictly: no empty line, no leading zero, canonical base64, SHA-256. */
export function parseCheckpoint(text: string): ParsedCheckpoint {
  const [origin, decimal, encoded, ...rest] = text.split('\n');
  if (origin === undefined || decimal === undefined || encoded === undefined || rest.pop() !== '') {
    return { ok: false, reason: 'lines' };
  }
  if (origin === '') return { ok: false, reason: 'origin' };
  const size = parseDecimal(decimal);
  if (size === undefined) return { ok: false, reason: 'size' };
  const root = decodeBase64(encoded);
  if (root === undefined) return { ok: false, reason: 'root' };
  if (rest.includes('')) return { ok: false, reason: 'extension' };
  if (root.length !== hashBytes) return { ok: false, reason: 'root-length' };
  return { ok: true, checkpoint: { origin, size, root, extensions: rest } };
}

/** The checkpoint of a note that was signed by a known key and comes from that origin, compared for equality. */
export function openCheckpoint(
  note: string | Uint8Array,
  origin: string,
  known: readonly NoteVerifier[],
): OpenedCheckpoint {
  const opened = openNote(note, known);
  if (!opened.ok) return opened;
  const parsed = parseCheckpoint(opened.text);
  if (!parsed.ok) return parsed;
  return parsed.checkpoint.origin === origin ? parsed : { ok: false, reason: 'foreign-origin' };
}
