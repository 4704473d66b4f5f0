/** HMAC-SHA-256 (RFC 2104) of a message under a key; 32 bytes. */
export type HmacSha256 = (key: Uint8Array, message: Uint8Array) => Uint8Array;

/** Size of every entry in bytes. */
export const entryBytes = 58;
/** Where the commitment lies within an entry. */
export const commitmentOffset = 26;

const version = 1;

/** What a log seals: when something came, under which random name, and a commitment to what it was. */
export interface Entry {
  /** 1 fact, 2 evidence record, 3 erasure; 0 to 255. */
  readonly kind: number;
  /** Unix milliseconds, a safe integer from 0 on. */
  readonly timeMs: number;
  /** 16 random bytes. */
  readonly id: Uint8Array;
  /** 32 bytes, made by `commitmentTo`. */
  readonly commitment: Uint8Array;
}

export type DecodedEntry =
  | { readonly ok: true; readonly entry: Entry }
  | { readonly ok: false; readonly reason: 'length' | 'version' | 'time' };

/**
 * The 58 bytes of an entry: `version u8 ‖ kind u8 ‖ time_ms u64 ‖ id 16 ‖ commitment 32`, integers big-endian, version 1.
 * Throws RangeError where a field does not fit: entries are made by us, never from outside input.
 */
export function encodeEntry({ kind, timeMs, id, commitment }: Entry): Uint8Array {
  if (!Number.isInteger(kind) || kind < 0 || kind > 255) throw new RangeError(`entry kind ${kind}`);
  if (!Number.isSafeInteger(timeMs) || timeMs < 0) throw new RangeError(`entry time ${timeMs}`);
  if (id.length !== 16 || commitment.length !== 32) throw new RangeError('entry id or commitment length');
  const bytes = new Uint8Array(entryBytes);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, version);
  view.setUint8(1, kind);
  view.setUint32(2, Math.floor(timeMs / 2 ** 32));
  view.setUint32(6, timeMs % 2 ** 32);
  bytes.set(id, 10);
  bytes.set(commitment, commitmentOffset);
  return bytes;
}

/** Reads an entry back; `id` and `commitment` are views of the given bytes. */
export function decodeEntry(bytes: Uint8Array): DecodedEntry {
  if (bytes.length !== entryBytes) return { ok: false, reason: 'length' };
  const view = new DataView(bytes.buffer, bytes.byteOffset, entryBytes);
  if (view.getUint8(0) !== version) return { ok: false, reason: 'version' };
  const timeMs = view.getUint32(2) * 2 ** 32 + view.getUint32(6);
  if (!Number.isSafeInteger(timeMs)) return { ok: false, reason: 'time' };
  return {
    ok: true,
    entry: {
      kind: view.getUint8(1),
      timeMs,
      id: bytes.subarray(10, commitmentOffset),
      commitment: bytes.subarray(commitmentOffset),
    },
  };
}

/**
 * The commitment of an entry to its payload: HMAC-SHA-256 under the salt, 32 random bytes that are stored beside the
 * payload and erased with it. A plain hash of a guessable payload could be confirmed by guessing; this cannot.
 */
export function commitmentTo(hmac: HmacSha256, salt: Uint8Array, payload: Uint8Array): Uint8Array {
  if (salt.length !== 32) throw new RangeError(`a salt has 32 bytes, not ${salt.length}`);
  return hmac(salt, payload);
}
