import type { LedgerStore, LogName, StoredCheckpoint } from '../app/ports.ts';
import { openCheckpoint, parseCheckpoint } from '../core/tlog/checkpoint.ts';
import { ed25519Verifier, sha256 } from '../core/tlog/node-primitives.ts';
import { type NoteVerifier, parseNote } from '../core/tlog/note.ts';
import { parseVkey } from '../core/tlog/note-key.ts';
import { Findings } from './log-findings.ts';
import { type LogReader, readText } from './log-tiles.ts';
import { hasTiles } from './stale-partials.ts';

/** A tree head whose signature holds. */
export interface SignedHead {
  readonly size: number;
  readonly root: Uint8Array;
}

/** What the log says of itself, and what of it is signed. */
export interface Heads {
  /** The log's key; undefined where it is unusable and nothing counts as signed. */
  readonly verifier: NoteVerifier | undefined;
  /** Of the checkpoint file. */
  readonly file: SignedHead | undefined;
  /** The largest of the file's and the database's. */
  readonly newest: SignedHead | undefined;
  /** How many entries to look at: those of `newest`, or else as many as the unsigned file claims. */
  readonly size: number;
  /** Entries in the database; 0 without one. */
  readonly held: number;
}

export interface HeadSources {
  readonly log: LogName;
  /** Where `files` reads. */
  readonly folder: string;
  readonly files: LogReader;
  readonly store: LedgerStore | undefined;
  /** Pinned by the caller; else the one that lies beside the log. */
  readonly vkey: string | undefined;
}

/** Reads the heads of a log and compares them. The file comes first: a live log moves its database before its file. */
export async function readHeads(sources: HeadSources, findings: Findings): Promise<Heads> {
  const { log, files, store } = sources;
  const note = await readText(files, 'checkpoint');
  const latest = await store?.latestCheckpoint(log);
  if (!note && (await isUnbegun(sources, latest))) {
    // Not even the key need be there.
    const verifier = await readVerifier(sources, new Findings(log));
    return { verifier, file: undefined, newest: undefined, size: 0, held: 0 };
  }
  const verifier = await readVerifier(sources, findings);
  if (!note) findings.add('checkpoint-missing', 'there is no file `checkpoint`');
  const file = note && openFile(note, verifier, findings);
  // A forged one is reported with all the others, when the tree is walked.
  const opened = latest && verifier && openStored(latest, verifier);
  const stored = opened?.ok ? opened.head : undefined;
  const held = (await store?.size(log)) ?? 0;
  if (store) compareHeads(file, stored, latest !== undefined, findings);
  const newest = stored && stored.size > (file?.size ?? -1) ? stored : file;
  const size = newest?.size ?? (note ? claimedSize(note) : 0);
  if (store && held < size) findings.add('database-behind', `it holds ${held} entries, ${size} are signed`);
  return { verifier, file, newest, size, held };
}

/** Nothing was ever sealed, as after an import that ended before its first entry. */
async function isUnbegun(
  { log, store, folder }: HeadSources,
  latest: StoredCheckpoint | undefined,
): Promise<boolean> {
  if (!store || (latest?.size ?? 0) > 0 || (await store.size(log)) > 0) return false;
  return !(await hasTiles(folder));
}

export type OpenedHead =
  | { readonly ok: true; readonly head: SignedHead }
  | { readonly ok: false; readonly problem: string };

/** The head of a stored checkpoint, where row, note and key agree. */
export function openStored({ size, root, note }: StoredCheckpoint, verifier: NoteVerifier): OpenedHead {
  const opened = openCheckpoint(note, verifier.name, [verifier]);
  if (!opened.ok) return { ok: false, problem: `the one for ${size} entries: ${opened.reason}` };
  const { checkpoint } = opened;
  if (checkpoint.size !== BigInt(size) || Buffer.compare(checkpoint.root, root) !== 0) {
    return { ok: false, problem: `the row for ${size} entries differs from its signed note` };
  }
  return { ok: true, head: { size, root } };
}

async function readVerifier(
  { files, vkey }: HeadSources,
  findings: Findings,
): Promise<NoteVerifier | undefined> {
  const beside = await readText(files, 'vkey');
  const text = vkey ?? (beside && Buffer.from(beside).toString('utf8'));
  const parsed = parseVkey(sha256, text?.trim() ?? '');
  if (!parsed.ok) {
    findings.add('vkey-unusable', text === undefined ? 'there is no file `vkey`' : parsed.reason);
    return undefined;
  }
  if (vkey !== undefined && text?.trim() !== (beside && Buffer.from(beside).toString('utf8').trim())) {
    findings.add('vkey-changed', 'the file `vkey` of the log is not the key of this archive');
  }
  const { name, keyId, publicKey } = parsed.key;
  return { name, keyId, verify: ed25519Verifier(publicKey) };
}

function openFile(
  note: Uint8Array,
  verifier: NoteVerifier | undefined,
  findings: Findings,
): SignedHead | undefined {
  if (!verifier) return undefined;
  const opened = openCheckpoint(note, verifier.name, [verifier]);
  if (!opened.ok) {
    const forged = ['bad-signature', 'no-known-signature', 'foreign-origin'].includes(opened.reason);
    findings.add(forged ? 'checkpoint-forged' : 'checkpoint-malformed', opened.reason);
    return undefined;
  }
  const size = Number(opened.checkpoint.size);
  if (Number.isSafeInteger(size)) return { size, root: opened.checkpoint.root };
  findings.add('checkpoint-malformed', `a size of ${opened.checkpoint.size}`);
  return undefined;
}

function compareHeads(
  file: SignedHead | undefined,
  stored: SignedHead | undefined,
  anyStored: boolean,
  findings: Findings,
): void {
  if (!file) return;
  if (!anyStored) {
    findings.add('database-behind', `it knows no checkpoint, the file signs ${file.size} entries`);
    return;
  }
  if (!stored) return;
  if (file.size > stored.size) {
    findings.add(
      'database-behind',
      `its newest checkpoint has ${stored.size} entries, the file ${file.size}`,
    );
  }
  if (file.size === stored.size && Buffer.compare(file.root, stored.root) !== 0) {
    findings.add(
      'checkpoint-fork',
      `for ${file.size} entries the file and the database have different roots`,
    );
  }
}

/** So that an unsigned log can still be looked through; whoever forged it chose the number. */
function claimedSize(note: Uint8Array): number {
  const parsed = parseNote(note);
  const claimed = parsed.ok ? parseCheckpoint(parsed.note.text) : parsed;
  if (!claimed.ok) return 0;
  const size = Number(claimed.checkpoint.size);
  return Number.isSafeInteger(size) ? size : 0;
}
