import { concatBytes, decodeBase64, encodeBase64 } from '../tlog/bytes.ts';

const maxSignatures = 16;
/** A statement quotes a change's whole attribution, which may run to megabytes; this is far beyond any. */
const maxEnvelopeCharacters = 64 * 1024 * 1024;

/** A DSSE envelope (DSSE 1.0.2) in its parts; nothing of it is verified. */
interface Envelope {
  readonly payloadType: string;
  /** The bytes that were signed, never to be serialised again. */
  readonly payload: Uint8Array;
  readonly signatures: readonly EnvelopeSignature[];
}

interface EnvelopeSignature {
  /** A hint, authenticated by nothing; empty where there is none. */
  readonly keyId: string;
  readonly signature: Uint8Array;
}

type EnvelopeReason = 'too-large' | 'not-json' | 'shape' | 'base64' | 'too-many-signatures';

export type ParsedEnvelope =
  | { readonly ok: true; readonly envelope: Envelope }
  | { readonly ok: false; readonly reason: EnvelopeReason };

export type VerifiedEnvelope =
  | {
      readonly ok: true;
      /** Exactly the bytes whose signature was checked. */
      readonly payload: Uint8Array;
    }
  | { readonly ok: false; readonly reason: EnvelopeReason | 'payload-type' | 'no-valid-signature' };

/** May check elsewhere and answer later. */
export type VerifySignature = (message: Uint8Array, signature: Uint8Array) => boolean | Promise<boolean>;

/** What is signed: `DSSEv1 <length> <type> <length> <payload>`, lengths in bytes (pre-authentication encoding). */
export function preAuthEncoding(payloadType: string, payload: Uint8Array): Uint8Array {
  const utf8 = new TextEncoder();
  const type = utf8.encode(payloadType);
  return concatBytes([
    utf8.encode(`DSSEv1 ${type.length} `),
    type,
    utf8.encode(` ${payload.length} `),
    payload,
  ]);
}

/** The envelope of a payload as JSON text; the same input gives the same text where the signature is deterministic. */
export function signEnvelope(
  payloadType: string,
  payload: Uint8Array,
  signer: { readonly keyId: string; sign(message: Uint8Array): Uint8Array },
): string {
  const signature = signer.sign(preAuthEncoding(payloadType, payload));
  return JSON.stringify({
    payload: encodeBase64(payload),
    payloadType,
    signatures: [{ keyid: signer.keyId, sig: encodeBase64(signature) }],
  });
}

/** Reads an envelope. Fields that the standard does not name are passed over, as it asks. */
export function parseEnvelope(text: string): ParsedEnvelope {
  if (text.length > maxEnvelopeCharacters) return { ok: false, reason: 'too-large' };
  const json = parseJson(text);
  if (json === undefined) return { ok: false, reason: 'not-json' };
  if (!isRawEnvelope(json)) return { ok: false, reason: 'shape' };
  if (json.signatures.length > maxSignatures) return { ok: false, reason: 'too-many-signatures' };
  const payload = decodeEitherBase64(json.payload);
  const signatures = json.signatures.flatMap(({ keyid, sig }) => {
    const signature = decodeEitherBase64(sig);
    return signature ? [{ keyId: keyid ?? '', signature }] : [];
  });
  if (!payload || signatures.length < json.signatures.length) return { ok: false, reason: 'base64' };
  return { ok: true, envelope: { payloadType: json.payloadType, payload, signatures } };
}

/**
 * The payload of an envelope of that type that the key signed. Every signature is tried, whatever its key id says: that hint is
 * not authenticated, and others may have signed too.
 */
export async function verifyEnvelope(
  text: string,
  payloadType: string,
  verify: VerifySignature,
): Promise<VerifiedEnvelope> {
  const parsed = parseEnvelope(text);
  if (!parsed.ok) return parsed;
  const { envelope } = parsed;
  if (envelope.payloadType !== payloadType) return { ok: false, reason: 'payload-type' };
  const message = preAuthEncoding(payloadType, envelope.payload);
  for (const { signature } of envelope.signatures) {
    if (await verify(message, signature)) return { ok: true, payload: envelope.payload };
  }
  return { ok: false, reason: 'no-valid-signature' };
}

interface RawEnvelope {
  readonly payload: string;
  readonly payloadType: string;
  readonly signatures: readonly { readonly keyid?: string; readonly sig: string }[];
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isRawEnvelope(json: unknown): json is RawEnvelope {
  if (!isRecord(json) || typeof json.payload !== 'string' || typeof json.payloadType !== 'string')
    return false;
  const { signatures } = json;
  return Array.isArray(signatures) && signatures.length > 0 && signatures.every(isRawSignature);
}

function isRawSignature(json: unknown): boolean {
  if (!isRecord(json) || typeof json.sig !== 'string') return false;
  return json.keyid === undefined || typeof json.keyid === 'string';
}

function isRecord(json: unknown): json is Readonly<Record<string, unknown>> {
  return typeof json === 'object' && json !== null && !Array.isArray(json);
}

/** Standard base64, or URL-safe with or without padding; never the two alphabets mixed. */
function decodeEitherBase64(text: string): Uint8Array | undefined {
  const standard = decodeBase64(text);
  if (standard || /[+/]/.test(text)) return standard;
  const padded = text.padEnd(Math.ceil(text.length / 4) * 4, '=');
  return decodeBase64(padded.replaceAll('-', '+').replaceAll('_', '/'));
}
