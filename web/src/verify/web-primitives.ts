import type { BundlePrimitives } from '../../../src/core/evidence/bundle-step.ts';

/** Web Crypto as the verification wants it; undefined where the page has none (it needs https or this machine itself). */
export function webPrimitives(): BundlePrimitives | undefined {
  // Typed as always there, but browsers leave it out of pages from other machines without https.
  const subtle = globalThis.crypto?.subtle as SubtleCrypto | undefined;
  if (!subtle) return undefined;
  return {
    sha256: async (bytes) => new Uint8Array(await subtle.digest('SHA-256', plain(bytes))),
    hmacSha256: async (key, message) => {
      const algorithm = { name: 'HMAC', hash: 'SHA-256' };
      const imported = await subtle.importKey('raw', plain(key), algorithm, false, ['sign']);
      return new Uint8Array(await subtle.sign('HMAC', imported, plain(message)));
    },
    verifyEd25519: async (publicKey, message, signature) => {
      try {
        const key = await subtle.importKey('raw', plain(publicKey), 'Ed25519', false, ['verify']);
        return await subtle.verify('Ed25519', key, plain(signature), plain(message));
      } catch (error) {
        // An older browser knows no Ed25519: that is no verdict. Everything else is the fault of the key or signature.
        return error instanceof DOMException && error.name === 'NotSupportedError' ? undefined : false;
      }
    },
  };
}

/** Web Crypto refuses shared memory, which none of ours is. */
function plain(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return bytes as Uint8Array<ArrayBuffer>;
}
