import { concatBytes, decodeBase64, encodeBase64 } from './bytes.ts';
import type { Sha256 } from './tree-hash.ts';

/** Signature type of plain Ed25519 (C2SP signed-note), the only one that log keys of ours have. */
const ed25519Type = 1;
const keyBytes = 32;

/** A public key of signed notes; name and key id together tell which signature lines are its. */
export interface NoteKey {
  /** Not empty, without white space and `+`; a log's key is named after its origin. */
  readonly name: string;
  /** First 4 bytes, big-endian, of SHA-256(name ‖ 0x0A ‖ type ‖ public key). */
  readonly keyId: number;
  /** Ed25519, 32 bytes. */
  readonly publicKey: Uint8Array;
}

export type ParsedVkey =
  | { readonly ok: true; readonly key: NoteKey }
  | { readonly ok: false; readonly reason: 'malformed' | 'name' | 'algorithm' | 'key-length' | 'key-id' };

export type ClaimedVkey =
  | {
      readonly ok: true;
      /** Its key id is as written. */
      readonly key: NoteKey;
      /** What the key id is taken from. */
      readonly identified: Uint8Array;
    }
  | { readonly ok: false; readonly reason: 'malformed' | 'name' | 'algorithm' | 'key-length' };

export type ParsedPrivateKey =
  | {
      readonly ok: true;
      readonly name: string;
      /** As written; the caller compares it with `noteKey` of the public key. */
      readonly keyId: number;
      /** Ed25519 seed, 32 bytes. */
      readonly seed: Uint8Array;
    }
  | { readonly ok: false; readonly reason: 'malformed' | 'name' | 'algorithm' | 'key-length' };

/** The Ed25519 key of that name with its id; throws RangeError for a name that no note could carry. */
export function noteKey(sha256: Sha256, name: string, publicKey: Uint8Array): NoteKey {
  if (!isKeyName(name)) throw new RangeError(`${JSON.stringify(name)} cannot name a key`);
  return { name, keyId: keyIdOf(sha256, name, publicKey), publicKey };
}

/** `<name>+<key id as 8 hex digits>+<base64 of type and key>`, in one line. */
export function formatVkey(key: NoteKey): string {
  return `${key.name}+${hex8(key.keyId)}+${encodeBase64(typed(key.publicKey))}`;
}

/** Reads a vkey; its key id must be right and its type Ed25519. */
export function parseVkey(sha256: Sha256, text: string): ParsedVkey {
  const claimed = parseClaimedVkey(text);
  if (!claimed.ok) return claimed;
  const { key } = claimed;
  if (keyIdIn(sha256(claimed.identified)) !== key.keyId) return { ok: false, reason: 'key-id' };
  return { ok: true, key };
}

/**
 * Reads a vkey without looking whether its key id is right: for callers whose hash function is asynchronous (Web Crypto), who
 * compare `keyIdIn` of the hash of `identified` with it; others call `parseVkey`.
 */
export function parseClaimedVkey(text: string): ClaimedVkey {
  const parts = parseParts(text);
  if (!parts.ok) return parts;
  const { name, keyId, bytes: publicKey } = parts;
  return { ok: true, key: { name, keyId, publicKey }, identified: identifiedBytes(name, publicKey) };
}

/** The key id that a digest of the identified bytes begins with. */
export function keyIdIn(digest: Uint8Array): number {
  return new DataView(digest.buffer, digest.byteOffset).getUint32(0);
}

/** Go's form of a private key: `PRIVATE+KEY+<name>+<key id>+<base64 of type and seed>`. */
export function formatPrivateKey(key: NoteKey, seed: Uint8Array): string {
  return `${privatePrefix}${key.name}+${hex8(key.keyId)}+${encodeBase64(typed(seed))}`;
}

export function parsePrivateKey(text: string): ParsedPrivateKey {
  if (!text.startsWith(privatePrefix)) return { ok: false, reason: 'malformed' };
  const parts = parseParts(text.slice(privatePrefix.length));
  return parts.ok ? { ok: true, name: parts.name, keyId: parts.keyId, seed: parts.bytes } : parts;
}

export function isKeyName(name: string): boolean {
  return name !== '' && name.isWellFormed() && !/[\p{White_Space}\p{Cc}+]/u.test(name);
}

export function sameKey(
  left: Pick<NoteKey, 'name' | 'keyId'>,
  right: Pick<NoteKey, 'name' | 'keyId'>,
): boolean {
  return left.name === right.name && left.keyId === right.keyId;
}

const privatePrefix = 'PRIVATE+KEY+';

type KeyParts =
  | { readonly ok: true; readonly name: string; readonly keyId: number; readonly bytes: Uint8Array }
  | { readonly ok: false; readonly reason: 'malformed' | 'name' | 'algorithm' | 'key-length' };

function parseParts(text: string): KeyParts {
  if (text.length > 1_000) return { ok: false, reason: 'malformed' };
  const parts = /^([^+]*)\+([0-9a-f]{8})\+(.+)$/u.exec(text);
  const [, name = '', id = '', encoded = ''] = parts ?? [];
  const bytes = decodeBase64(encoded);
  if (!parts || !bytes) return { ok: false, reason: 'malformed' };
  if (!isKeyName(name)) return { ok: false, reason: 'name' };
  if (bytes[0] !== ed25519Type) return { ok: false, reason: 'algorithm' };
  if (bytes.length !== 1 + keyBytes) return { ok: false, reason: 'key-length' };
  return { ok: true, name, keyId: Number.parseInt(id, 16), bytes: bytes.subarray(1) };
}

function keyIdOf(sha256: Sha256, name: string, publicKey: Uint8Array): number {
  return keyIdIn(sha256(identifiedBytes(name, publicKey)));
}

function identifiedBytes(name: string, publicKey: Uint8Array): Uint8Array {
  return concatBytes([new TextEncoder().encode(`${name}\n`), typed(publicKey)]);
}

function typed(key: Uint8Array): Uint8Array {
  return concatBytes([Uint8Array.of(ed25519Type), key]);
}

function hex8(keyId: number): string {
  return keyId.toString(16).padStart(8, '0');
}
