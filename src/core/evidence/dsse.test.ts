import { createPublicKey, verify } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { vectors } from '../../../test/read-vectors.ts';
import { ed25519PrivateKey, ed25519Signer, ed25519Verifier } from '../tlog/node-primitives.ts';
import { parseEnvelope, preAuthEncoding, signEnvelope, verifyEnvelope } from './dsse.ts';

interface DsseVectors {
  readonly payload: string;
  readonly payloadType: string;
  readonly pae: string;
  readonly ecdsa_p256: { readonly x: string; readonly y: string };
  readonly envelope: { readonly payload: string; readonly signatures: readonly { readonly sig: string }[] };
}

const published = vectors<DsseVectors>('dsse/dsse_protocol.json');
const type = 'application/vnd.example+json';
const payload = new TextEncoder().encode('{"naïve":"é"}');
const { publicKey, sign } = ed25519Signer(ed25519PrivateKey(new Uint8Array(32).fill(5)));
const check = ed25519Verifier(publicKey);
const envelope = signEnvelope(type, payload, { keyId: 'one', sign });

test('the pre-authentication encoding is that of the protocol', () => {
  const encoded = preAuthEncoding(published.payloadType, Buffer.from(published.payload));

  expect(Buffer.from(encoded).toString()).toBe(published.pae);
});

test('lengths are counted in bytes, not characters', () => {
  expect(Buffer.from(preAuthEncoding('é', Buffer.from('日本'))).toString()).toBe('DSSEv1 2 é 6 日本');
});

test('the published envelope verifies under its ECDSA key', async () => {
  const [x, y] = [published.ecdsa_p256.x, published.ecdsa_p256.y].map((decimal) =>
    Buffer.from(BigInt(decimal).toString(16).padStart(64, '0'), 'hex').toString('base64url'),
  );
  const key = createPublicKey({
    key: { kty: 'EC', crv: 'P-256', ...(x && y ? { x, y } : {}) },
    format: 'jwk',
  });

  const verified = await verifyEnvelope(
    JSON.stringify(published.envelope),
    published.payloadType,
    (message, signature) => verify('sha256', message, { key, dsaEncoding: 'ieee-p1363' }, signature),
  );

  expect(verified.ok && Buffer.from(verified.payload).toString()).toBe(published.payload);
});

test('the payload that comes back is the one that was signed, byte for byte', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), async (bytes) => {
      const text = signEnvelope(type, bytes, { keyId: 'one', sign });

      expect(await verifyEnvelope(text, type, check)).toEqual({ ok: true, payload: bytes });
    }),
    { numRuns: 40 },
  );
});

test('the same payload gives the same envelope', () => {
  expect(signEnvelope(type, payload, { keyId: 'one', sign })).toBe(envelope);
});

test('base64 may be standard or URL-safe, with or without padding, never mixed or sloppy', () => {
  const bytes = Uint8Array.of(0xfb, 0xef, 0xff, 0x01);
  const payloads = (text: string) =>
    parseEnvelope(JSON.stringify({ payload: text, payloadType: type, signatures: [{ sig: 'AAAA' }] }));

  for (const text of ['++//AQ==', '--__AQ==', '--__AQ']) {
    expect(payloads(text), text).toMatchObject({ ok: true, envelope: { payload: bytes } });
  }
  for (const text of ['+-/_AQ==', '++//AQ', '--__AR', '--__ AQ', '--__A', '++//AQ=']) {
    expect(payloads(text), text).toEqual({ ok: false, reason: 'base64' });
  }
});

test('a signature counts whatever its key id says, and wherever it stands', async () => {
  const { signatures, ...rest } = JSON.parse(envelope);
  const [{ sig }] = signatures;
  const foreign = { keyid: 'one', sig: Buffer.alloc(64).toString('base64') };

  const text = JSON.stringify({ ...rest, note: 'ignored', signatures: [foreign, { keyid: 'two', sig }] });

  expect(await verifyEnvelope(text, type, check)).toEqual({ ok: true, payload });
});

test.each([
  ['another key', envelope, () => false, 'no-valid-signature'],
  ['another key, told later', envelope, async () => false, 'no-valid-signature'],
  ['another payload', envelope.replace('eyJ', 'eyK'), check, 'no-valid-signature'],
  ['another type', envelope.replace('example', 'examp1e'), check, 'payload-type'],
  ['no JSON', `${envelope},`, check, 'not-json'],
  ['no object', '[]', check, 'shape'],
  ['null', 'null', check, 'shape'],
  ['no signatures', JSON.stringify({ payload: '', payloadType: type, signatures: [] }), check, 'shape'],
  ['no payload', JSON.stringify({ payloadType: type, signatures: [{ sig: '' }] }), check, 'shape'],
  ['signature without bytes', envelope.replace('"sig"', '"gis"'), check, 'shape'],
  ['key id of another type', envelope.replace('"one"', '1'), check, 'shape'],
  [
    'too many signatures',
    JSON.stringify({ payload: '', payloadType: type, signatures: Array(17).fill({ sig: '' }) }),
    check,
    'too-many-signatures',
  ],
] as const)('%s: refused with the reason', async (_, text, verifier, reason) => {
  expect(await verifyEnvelope(text, type, verifier)).toEqual({ ok: false, reason });
});

test('any change of one character is refused or changes nothing that was signed', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(envelope.length - 1), fc.string({ maxLength: 2 }), async (at, inserted) => {
      const text = envelope.slice(0, at) + inserted + envelope.slice(at + 1);

      const verified = await verifyEnvelope(text, type, check);

      if (verified.ok) expect(verified.payload).toEqual(payload);
    }),
    { numRuns: 60 },
  );
});
