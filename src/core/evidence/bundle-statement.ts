import { concatBytes, decodeBase64, encodeHex, equalBytes } from '../tlog/bytes.ts';
import {
  type BundleKey,
  noEd25519,
  type SignatureCheck,
  shortened,
  type TrustedKeys,
  whoseKey,
} from './bundle-keys.ts';
import type { BundleBytes } from './bundle-place.ts';
import { type BundlePrimitives, type BundleStep, bundleStep } from './bundle-step.ts';
import { payloadType } from './change-evidence.ts';
import { parseEnvelope, preAuthEncoding } from './dsse.ts';
import type { ClaimedBundle } from './evidence-bundle.ts';
import { statementMistake } from './statement-form.ts';

/** The DSSE signature of an evidence record, its payload type, and that the statement reads as one. */
export async function checkStatement(
  { log, statementKey }: Pick<ClaimedBundle, 'log' | 'statementKey'>,
  { payload, salt }: BundleBytes,
  trusted: TrustedKeys,
  primitives: BundlePrimitives,
): Promise<SignatureCheck & { readonly statement: unknown }> {
  const none = (result: BundleStep['result'], because: string) => ({
    step: bundleStep('statement', result, because),
    key: undefined,
    statement: null,
  });
  if (payload === null && salt === null)
    return none('not_applicable', 'The statement was erased with the payload.');
  if (log === 'events') {
    return statementKey === null
      ? none('not_applicable', 'Facts are not signed one by one: the log’s signature covers them.')
      : none('violated', 'A key for a signed statement came along, but facts are not signed one by one.');
  }
  if (!payload) return none('indeterminate', 'There is no payload to read the statement from.');
  const key = await statementKeyOf(statementKey, trusted, primitives);
  if ('mistake' in key) return none(key.result, key.mistake);
  const checked = await checkEnvelope(payload, key, trusted, primitives);
  const { fingerprint, from } = key;
  return { ...checked, key: { of: 'statement', name: 'statements', fingerprint, from } };
}

interface StatementKey {
  readonly publicKey: Uint8Array;
  readonly fingerprint: string;
  readonly from: BundleKey['from'];
}

/** DER of all that stands before the 32 bytes of an Ed25519 key (RFC 8410); a key id is the SHA-256 of both. */
const spkiPrefix = Uint8Array.of(0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00);

async function statementKeyOf(
  claimed: ClaimedBundle['statementKey'],
  trusted: TrustedKeys,
  { sha256 }: BundlePrimitives,
): Promise<StatementKey | { readonly result: 'violated' | 'indeterminate'; readonly mistake: string }> {
  const known = trusted.statementKey;
  if (claimed === null) {
    if (known) return { publicKey: known, fingerprint: encodeHex(await sha256(known)), from: 'verifier' };
    return {
      result: 'indeterminate',
      mistake: 'No key for the statement’s signature came along, and none was given.',
    };
  }
  const publicKey = decodeBase64(claimed.publicKey);
  if (
    publicKey?.length !== 32 ||
    encodeHex(await sha256(concatBytes([spkiPrefix, publicKey]))) !== claimed.keyId
  ) {
    return {
      result: 'violated',
      mistake: 'The statement’s key is damaged: key id and public key do not belong together.',
    };
  }
  const fingerprint = encodeHex(await sha256(publicKey));
  if (!known) return { publicKey, fingerprint, from: 'bundle' };
  if (!equalBytes(known, publicKey)) {
    return {
      result: 'violated',
      mistake: `The statement’s key (${shortened(fingerprint)}) is not the one that you trust.`,
    };
  }
  return { publicKey, fingerprint, from: 'verifier' };
}

async function checkEnvelope(
  payload: Uint8Array,
  { publicKey, from }: StatementKey,
  { statementDigest }: TrustedKeys,
  { sha256, verifyEd25519 }: BundlePrimitives,
): Promise<{ readonly step: BundleStep; readonly statement: unknown }> {
  const text = strictUtf8(payload);
  const parsed = text === undefined ? undefined : parseEnvelope(text);
  if (!parsed?.ok) {
    const because = `The payload is no DSSE envelope (${parsed?.reason ?? 'not UTF-8'}).`;
    return { step: bundleStep('statement', 'violated', because), statement: null };
  }
  const { envelope } = parsed;
  const message = preAuthEncoding(envelope.payloadType, envelope.payload);
  const computed = await sha256(envelope.payload);
  const seen = {
    inputs: [
      { label: 'signed text (type and statement)', bytes: message },
      ...envelope.signatures.map(({ signature }) => ({ label: 'signature', bytes: signature })),
      { label: 'public key', bytes: publicKey },
    ],
    computed,
    expected: statementDigest === undefined ? null : fromHex(statementDigest),
  };
  const because = async (): Promise<readonly [BundleStep['result'], string, unknown]> => {
    if (envelope.payloadType !== payloadType)
      return ['violated', `The envelope’s type is not ${payloadType}.`, null];
    const holds = await anyHolds(envelope.signatures, (signature) =>
      verifyEd25519(publicKey, message, signature),
    );
    if (holds === undefined) return ['indeterminate', noEd25519, null];
    if (!holds) return ['violated', 'No signature of the envelope belongs to this statement and key.', null];
    if (statementDigest !== undefined && encodeHex(computed) !== statementDigest) {
      return ['violated', 'It is signed, but it is another statement than the one that was shown.', null];
    }
    const statement = parseJson(strictUtf8(envelope.payload));
    const mistake = statementMistake(statement);
    if (mistake !== undefined) return ['violated', `It is signed, but no change evidence: ${mistake}.`, null];
    return [
      'satisfied',
      `${whoseKey('The key of the statements', from)} It signed this statement, which reads as change evidence.`,
      statement,
    ];
  };
  const [result, words, statement] = await because();
  return { step: bundleStep('statement', result, words, seen), statement };
}

/** True where one holds, undefined where the machine cannot tell. */
async function anyHolds(
  signatures: readonly { readonly signature: Uint8Array }[],
  verify: (signature: Uint8Array) => ReturnType<BundlePrimitives['verifyEd25519']>,
): Promise<boolean | undefined> {
  for (const { signature } of signatures) {
    const holds = await verify(signature);
    if (holds !== false) return holds;
  }
  return false;
}

function strictUtf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function parseJson(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
}

function fromHex(text: string): Uint8Array {
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}
