import {
  createHmac,
  createPrivateKey,
  createPublicKey,
  hash,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto';

/** The primitives that this folder takes as arguments, from `node:crypto`; a browser hands in its own. */

export function sha256(bytes: Uint8Array): Uint8Array {
  return hash('sha256', bytes, 'buffer');
}

/** HMAC-SHA-256 (RFC 2104). Two one-shot hashes: `createHmac` spends ten microseconds on an object for the key. */
export function hmacSha256(key: Uint8Array, message: Uint8Array): Uint8Array {
  if (key.length > blockBytes || message.length > maxScratchBytes) {
    return createHmac('sha256', key).update(message).digest();
  }
  inner.fill(0x36, 0, blockBytes);
  outer.fill(0x5c, 0, blockBytes);
  for (const [at, byte] of key.entries()) {
    inner[at] = byte ^ 0x36;
    outer[at] = byte ^ 0x5c;
  }
  inner.set(message, blockBytes);
  outer.set(sha256(inner.subarray(0, blockBytes + message.length)), blockBytes);
  return sha256(outer);
}

/** Checks Ed25519 signatures (RFC 8032) under one public key of 32 bytes. */
export function ed25519Verifier(
  publicKey: Uint8Array,
): (message: Uint8Array, signature: Uint8Array) => boolean {
  const key = ed25519PublicKey(publicKey);
  return (message, signature) => verify(null, message, key, signature);
}

/** As `ed25519Verifier`, on Node's thread pool: many at once, while this thread goes on. */
export function ed25519PoolVerifier(
  publicKey: Uint8Array,
): (message: Uint8Array, signature: Uint8Array) => Promise<boolean> {
  const key = ed25519PublicKey(publicKey);
  return (message, signature) =>
    new Promise((resolve, reject) => {
      verify(null, message, key, signature, (error, isGood) => (error ? reject(error) : resolve(isGood)));
    });
}

export interface Ed25519Signer {
  /** 32 bytes (RFC 8032, section 5.1.5). */
  readonly publicKey: Uint8Array;
  /** Deterministic; 64 bytes. */
  sign(message: Uint8Array): Uint8Array;
}

/** The private key that a 32-byte seed stands for (RFC 8032, section 5.1.5). */
export function ed25519PrivateKey(seed: Uint8Array): KeyObject {
  return createPrivateKey({ key: Buffer.concat([pkcs8Prefix, seed]), format: 'der', type: 'pkcs8' });
}

export function ed25519Signer(key: KeyObject): Ed25519Signer {
  const spki = createPublicKey(key).export({ format: 'der', type: 'spki' });
  return {
    publicKey: spki.subarray(spkiPrefix.length),
    sign: (message) => sign(null, message, key),
  };
}

function ed25519PublicKey(publicKey: Uint8Array): KeyObject {
  return createPublicKey({ key: Buffer.concat([spkiPrefix, publicKey]), format: 'der', type: 'spki' });
}

/** Of SHA-256. */
const blockBytes = 64;
const maxScratchBytes = 65_536;
const inner = new Uint8Array(blockBytes + maxScratchBytes);
const outer = new Uint8Array(blockBytes + 32);
/** DER of everything that stands before the 32 key bytes (RFC 8410). */
const spkiPrefix = Buffer.from('302a300506032b6570032100', 'hex');
const pkcs8Prefix = Buffer.from('302e020100300506032b657004220420', 'hex');
