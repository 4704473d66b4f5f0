import { verify } from '@octokit/webhooks-methods';

export type SignatureCheck =
  | { readonly ok: true }
  | {
      readonly ok: false;
      readonly because: 'no signature' | 'malformed signature' | 'wrong signature' | 'not UTF-8';
    };

/**
 * Whether one of the secrets signed exactly these bytes (`X-Hub-Signature-256`: HMAC-SHA-256 of the raw body, in hex). Several
 * secrets are good while one replaces another; each is tried whatever the one before said, in time that does not depend on how
 * much of a signature is right. The older `X-Hub-Signature` (SHA-1) is not looked at.
 */
export async function verifySignature(
  body: Uint8Array,
  signature: string | undefined,
  secrets: readonly string[],
): Promise<SignatureCheck> {
  if (signature === undefined || signature === '') return { ok: false, because: 'no signature' };
  if (!/^sha256=[0-9a-f]{64}$/.test(signature)) return { ok: false, because: 'malformed signature' };
  const text = exactText(body);
  if (text === undefined) return { ok: false, because: 'not UTF-8' };
  // Nothing is no delivery, and the library refuses it as a mistake of ours.
  if (text === '') return { ok: false, because: 'wrong signature' };
  let isSigned = false;
  for (const secret of secrets) {
    if (await verify(secret, text, signature)) isSigned = true;
  }
  return isSigned ? { ok: true } : { ok: false, because: 'wrong signature' };
}

/** The library signs text: only where the bytes are exactly that text's are they what is verified. */
function exactText(body: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body);
  } catch {
    return undefined;
  }
}
