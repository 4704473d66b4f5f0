import { decodeBase64, encodeBase64 } from './bytes.ts';
import { isKeyName, type NoteKey, sameKey } from './note-key.ts';

/** C2SP wants at least 16 signatures accepted; Go's reader stops at the same two limits. */
const maxSignatures = 100;
const maxNoteBytes = 1_000_000;

interface NoteSignature {
  readonly name: string;
  readonly keyId: number;
  /** What stands after the key id: 64 bytes for Ed25519, more for cosignatures. */
  readonly signature: Uint8Array;
}

/** A signed note (C2SP signed-note v1.0.0) in its parts; nothing of it is verified. */
interface SignedNote {
  /** Ends in a newline; this, as UTF-8, is what was signed. */
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
}

type NoteFormatReason =
  | 'too-large'
  | 'not-utf8'
  | 'control-character'
  | 'no-signatures'
  | 'signature-line'
  | 'too-many-signatures';

export type ParsedNote =
  | { readonly ok: true; readonly note: SignedNote }
  | { readonly ok: false; readonly reason: NoteFormatReason };

/** A key whose signatures count. */
export interface NoteVerifier extends Pick<NoteKey, 'name' | 'keyId'> {
  verify(message: Uint8Array, signature: Uint8Array): boolean;
}

export interface NoteSigner extends Pick<NoteKey, 'name' | 'keyId'> {
  sign(message: Uint8Array): Uint8Array;
}

export type OpenedNote =
  | {
      readonly ok: true;
      readonly text: string;
      /** One for each known key that signed. */
      readonly verified: readonly NoteSignature[];
      /** One for each unknown name and key id; they mean nothing. */
      readonly unverified: readonly NoteSignature[];
    }
  | { readonly ok: false; readonly reason: NoteFormatReason | 'bad-signature' | 'no-known-signature' };

/** Takes a note apart, strictly. The text ends at the last empty line, for it may hold empty lines itself. */
export function parseNote(note: string | Uint8Array): ParsedNote {
  if (note.length > maxNoteBytes) return { ok: false, reason: 'too-large' };
  const whole = typeof note === 'string' ? note : decodeUtf8(note);
  if (whole === undefined || !whole.isWellFormed()) return { ok: false, reason: 'not-utf8' };
  if (hasControlCharacter(whole)) return { ok: false, reason: 'control-character' };
  const split = whole.lastIndexOf('\n\n');
  const lines = split === -1 ? [] : whole.slice(split + 2).split('\n');
  if (lines.length < 2 || lines.pop() !== '') return { ok: false, reason: 'no-signatures' };
  if (lines.length > maxSignatures) return { ok: false, reason: 'too-many-signatures' };
  const signatures = lines.map(parseSignatureLine).filter((signature) => signature !== undefined);
  if (signatures.length < lines.length) return { ok: false, reason: 'signature-line' };
  return { ok: true, note: { text: whole.slice(0, split + 1), signatures } };
}

/**
 * Opens a note under the keys that the caller knows: signatures of others are ignored, one of a known key that fails rejects
 * the whole note, and so does the lack of any that verifies.
 */
export function openNote(note: string | Uint8Array, known: readonly NoteVerifier[]): OpenedNote {
  const parsed = parseNote(note);
  if (!parsed.ok) return parsed;
  const { text, signatures } = parsed.note;
  const message = new TextEncoder().encode(text);
  const verified: NoteSignature[] = [];
  const unverified: NoteSignature[] = [];
  for (const signature of signatures) {
    const verifier = known.find((key) => sameKey(key, signature));
    if (verifier && !verifier.verify(message, signature.signature)) {
      return { ok: false, reason: 'bad-signature' };
    }
    const kept = verifier ? verified : unverified;
    // Two lines of one key count once, whatever a quorum would like to make of them.
    if (!kept.some((other) => sameKey(other, signature))) kept.push(signature);
  }
  if (verified.length === 0) return { ok: false, reason: 'no-known-signature' };
  return { ok: true, text, verified, unverified };
}

/** The signed note of a text, which must end in a newline and hold no other control character (RangeError). */
export function signNote(text: string, signers: readonly NoteSigner[]): string {
  if (!text.endsWith('\n') || hasControlCharacter(text) || !text.isWellFormed()) {
    throw new RangeError('a note is UTF-8 text in whole lines');
  }
  const message = new TextEncoder().encode(text);
  const lines = signers.map((signer) =>
    formatSignatureLine({ name: signer.name, keyId: signer.keyId, signature: signer.sign(message) }),
  );
  return `${text}\n${lines.join('')}`;
}

function formatSignatureLine({ name, keyId, signature }: NoteSignature): string {
  const bytes = new Uint8Array(4 + signature.length);
  new DataView(bytes.buffer).setUint32(0, keyId);
  bytes.set(signature, 4);
  return `— ${name} ${encodeBase64(bytes)}\n`;
}

function parseSignatureLine(line: string): NoteSignature | undefined {
  const [dash, name = '', encoded = '', ...rest] = line.split(' ');
  if (dash !== '—' || rest.length > 0 || !isKeyName(name)) return undefined;
  const bytes = decodeBase64(encoded);
  if (!bytes || bytes.length < 5) return undefined;
  return { name, keyId: new DataView(bytes.buffer).getUint32(0), signature: bytes.subarray(4) };
}

function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    // The byte order mark is kept: it was signed.
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** Anything below U+0020 but the newline. */
function hasControlCharacter(text: string): boolean {
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code < 0x20 && code !== 0x0a) return true;
  }
  return false;
}
