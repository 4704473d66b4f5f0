import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeBase64, encodeBase64 } from '../tlog/bytes.ts';
import { commitmentOffset, entryBytes } from '../tlog/entry.ts';
import { hmacSha256, sha256 } from '../tlog/node-primitives.ts';
import type { TrustedKeys } from './bundle-keys.ts';
import type { StepId } from './bundle-step.ts';
import { readBundleText } from './evidence-bundle.ts';
import { type Bundle, madeLog, nodePrimitives, statement } from './testing/make-bundle.ts';
import { type BundleVerification, verifyBundle } from './verify-bundle.ts';

const log = madeLog(11);
const anyIndex = fc.integer({ min: 0, max: log.size - 1 });

test('every entry of a log verifies, with each step satisfied and the statement in hand', async () => {
  for (let index = 0; index < log.size; index += 1) {
    const verification = await verified(log.bundle(index));

    expect(verification.steps.map(({ id, result }) => [id, result])).toEqual([
      ['payload', 'satisfied'],
      ['commitment', 'satisfied'],
      ['leaf', 'satisfied'],
      ['inclusion', 'satisfied'],
      ['checkpoint', 'satisfied'],
      ['statement', 'satisfied'],
    ]);
    expect(verification).toMatchObject({
      result: 'satisfied',
      about: { index, size: 11n, acceptedMs: 1_700_000_000_000 + index, statement },
    });
  }
});

test('the steps show the bytes: every level of the fold ends in the next, the last one in the signed root', async () => {
  const bundle = log.bundle(6);

  const { steps } = await verified(bundle);

  const [payload, commitment, leaf, inclusion] = steps;
  const bytes = decodeBase64(bundle.payload ?? '') ?? new Uint8Array();
  expect(payload?.computed).toEqual(sha256(bytes));
  expect(commitment?.computed).toEqual(hmacSha256(decodeBase64(bundle.salt ?? '') ?? bytes, bytes));
  expect(inclusion?.levels.map(({ side }) => side)).toEqual(['right', 'left', 'left', 'right']);
  let running = leaf?.computed ?? new Uint8Array();
  for (const { side, sibling, hash } of inclusion?.levels ?? []) {
    const parts = side === 'left' ? [sibling, running] : [running, sibling];
    running = sha256(Buffer.concat([Uint8Array.of(1), ...parts]));
    expect(hash).toEqual(running);
  }
  expect(inclusion?.computed).toEqual(running);
  expect(Buffer.from(inclusion?.expected ?? [])).toEqual(running);
});

type Damage = (bundle: Bundle, at: number, bit: number) => Bundle;
const ofEntry = (from: number, to: number): Damage => {
  return (bundle, at, bit) => ({ ...bundle, entry: flipped(bundle.entry, from + (at % (to - from)), bit) });
};
const ofKey = (key: { keyId?: string; publicKey?: string }, bundle: Bundle): Bundle =>
  bundle.statementKey ? { ...bundle, statementKey: { ...bundle.statementKey, ...key } } : bundle;

/** What one turned bit has to violate: no step less, and no step more. */
const damages: readonly (readonly [string, readonly StepId[], Damage])[] = [
  ['salt', ['commitment'], (bundle, at, bit) => ({ ...bundle, salt: flipped(bundle.salt ?? '', at, bit) })],
  ['entry id', ['inclusion'], ofEntry(10, commitmentOffset)],
  ['entry commitment', ['commitment', 'inclusion'], ofEntry(commitmentOffset, entryBytes)],
  ['entry version', ['leaf', 'inclusion'], ofEntry(0, 1)],
  [
    'proof',
    ['inclusion'],
    (bundle, at, bit) => ({
      ...bundle,
      proof: bundle.proof.map((hash, n) => (n === at % bundle.proof.length ? flipped(hash, at, bit) : hash)),
    }),
  ],
  ['index', ['inclusion'], (bundle, at) => ({ ...bundle, index: (bundle.index + 1 + (at % 10)) % log.size })],
  ['root in the checkpoint', ['inclusion', 'checkpoint'], ofLine(2)],
  ['signature of the checkpoint', ['checkpoint'], ofSignature],
  ['vkey', ['checkpoint'], (bundle, at, bit) => ({ ...bundle, vkey: typo(bundle.vkey, at, bit) })],
  ['origin', ['checkpoint'], (bundle, at, bit) => ({ ...bundle, origin: typo(bundle.origin, at, bit) })],
  ['log', ['leaf', 'statement'], (bundle) => ({ ...bundle, log: 'events' })],
  [
    'statement key id',
    ['statement'],
    (bundle, at, bit) => ofKey({ keyId: typo(bundle.statementKey?.keyId ?? '', at, bit) }, bundle),
  ],
  [
    'statement key',
    ['statement'],
    (bundle, at, bit) => ofKey({ publicKey: flipped(bundle.statementKey?.publicKey ?? '', at, bit) }, bundle),
  ],
];

test.each(damages)('one changed bit of the %s violates exactly %j', async (_, violated, damage) => {
  await fc.assert(
    fc.asyncProperty(anyIndex, fc.nat({ max: 10_000 }), fc.nat({ max: 7 }), async (index, at, bit) => {
      const verification = await verified(damage(log.bundle(index), at, bit));

      expect(violatedSteps(verification)).toEqual(violated);
      expect(verification.result).toBe('violated');
      expect(verification.about.statement).toEqual(violated.includes('statement') ? null : statement);
    }),
    { numRuns: 60 },
  );
});

test('one changed bit of the payload violates the commitment, and at most the statement besides', async () => {
  await fc.assert(
    fc.asyncProperty(anyIndex, fc.nat({ max: 10_000 }), fc.nat({ max: 7 }), async (index, at, bit) => {
      const bundle = log.bundle(index);

      const verification = await verified({ ...bundle, payload: flipped(bundle.payload ?? '', at, bit) });

      expect(violatedSteps(verification).filter((id) => id !== 'statement')).toEqual(['commitment']);
    }),
  );
});

test('a bit turned in the signed statement, its type or its signature violates the statement too', async () => {
  const bundle = log.bundle(2);
  const envelope = Buffer.from(bundle.payload ?? '', 'base64').toString('utf8');
  for (const [from, to] of [
    ['vnd.in-toto', 'vnd.in-Toto'],
    ['"payload":"ey', '"payload":"eZ'],
    ['"sig":"', '"sig":"A'],
  ] as const) {
    const payload = Buffer.from(envelope.replace(from, to)).toString('base64');

    expect(violatedSteps(await verified({ ...bundle, payload }))).toEqual(['commitment', 'statement']);
  }
});

test('a statement signed by another key, as another type, or exchanged under its signature is violated', async () => {
  const bundle = log.bundle(2);
  const foreign = madeLog(11, { seed: 2 }).bundle(2);
  const other = madeLog(11, {
    content: { ...statement, subject: [...statement.subject, ...statement.subject] },
  }).bundle(2);
  const exchanged = JSON.stringify({ ...envelopeOf(bundle), payload: envelopeOf(other).payload });

  expect(violatedSteps(await verified({ ...bundle, payload: foreign.payload }))).toEqual([
    'commitment',
    'statement',
  ]);
  expect(violatedSteps(await verified({ ...bundle, payload: encodeUtf8(exchanged) }))).toEqual([
    'commitment',
    'statement',
  ]);
  expect(violatedSteps(await verified(madeLog(3, { type: 'text/plain' }).bundle(1)))).toEqual(['statement']);
});

test('a checkpoint of another log is refused, though the same key signed it', async () => {
  const foreign = madeLog(5, { noteOrigin: 'log.example/other' }).bundle(2);

  expect(violatedSteps(await verified(foreign))).toEqual(['checkpoint']);
});

test('a verifier key whose id does not belong to it is refused, even where the note repeats that id', async () => {
  const bundle = log.bundle(2);
  const [name = '', id = '', encoded = ''] = bundle.vkey.split('+');
  const other = ((Number.parseInt(id, 16) ^ 1) >>> 0).toString(16).padStart(8, '0');
  const [text = '', line = ''] = bundle.checkpoint.split('\n\n');
  const signature = decodeBase64(line.trimEnd().split(' ')[2] ?? '') ?? new Uint8Array();
  new DataView(signature.buffer).setUint32(0, Number.parseInt(other, 16));

  const checkpoint = `${text}\n\n— ${name} ${encodeBase64(signature)}\n`;

  expect(
    violatedSteps(await verified({ ...bundle, checkpoint, vkey: `${name}+${other}+${encoded}` })),
  ).toEqual(['checkpoint']);
});

test('no change of one character of the file leaves it satisfied', async () => {
  const text = JSON.stringify(log.bundle(5));
  await fc.assert(
    fc.asyncProperty(
      fc.nat({ max: text.length - 1 }),
      fc.string({ unit: 'binary', minLength: 0, maxLength: 1 }),
      async (at, put) => {
        fc.pre(text[at] !== put);
        const read = readBundleText(text.slice(0, at) + put + text.slice(at + 1));
        if (!read.ok) return;

        expect(await verified(read.bundle)).toMatchObject({ result: 'violated' });
      },
    ),
    { numRuns: 500 },
  );
});

test('another statement of the same signer, or a proof for another size, is no evidence for this entry', async () => {
  const [one, other, larger] = [log.bundle(3), log.bundle(4), madeLog(12).bundle(3)];

  expect(violatedSteps(await verified({ ...one, payload: other.payload, salt: other.salt }))).toEqual([
    'commitment',
  ]);
  expect(violatedSteps(await verified({ ...one, entry: other.entry }))).toEqual(['commitment', 'inclusion']);
  expect(violatedSteps(await verified({ ...one, checkpoint: larger.checkpoint }))).toEqual(['inclusion']);
  expect(violatedSteps(await verified({ ...one, proof: one.proof.slice(1) }))).toEqual(['inclusion']);
  expect(violatedSteps(await verified({ ...one, index: 11 }))).toEqual(['inclusion']);
});

test('an erased payload leaves the place in the log proven and says so; half an erasure is damage', async () => {
  const bundle = log.bundle(3);

  const gone = await verified({ ...bundle, payload: null, salt: null });

  expect(gone.steps.map(({ result }) => result)).toEqual([
    'not_applicable',
    'not_applicable',
    'satisfied',
    'satisfied',
    'satisfied',
    'not_applicable',
  ]);
  expect(gone).toMatchObject({ result: 'satisfied', because: expect.stringContaining('erased') });
  expect((await verified({ ...bundle, payload: null })).result).toBe('violated');
  expect((await verified({ ...bundle, salt: null })).result).toBe('violated');
});

test('keys from the verifier are compared: a bundle that is whole but of another log is violated', async () => {
  const bundle = log.bundle(3);
  const foreign = madeLog(11, { seed: 2 }).bundle(3);
  const trusted: TrustedKeys = { vkey: `${bundle.vkey}\n`, statementKey: keyOf(bundle) };

  expect(await verified(bundle, trusted)).toMatchObject({
    result: 'satisfied',
    because: expect.stringContaining('keys that you trust'),
    keys: [{ from: 'verifier' }, { from: 'verifier' }],
  });
  expect(await verified(bundle)).toMatchObject({
    because: expect.stringContaining('compare its fingerprint'),
    keys: [{ from: 'bundle' }, { from: 'bundle' }],
  });
  expect((await verified(foreign)).result).toBe('satisfied');
  expect(violatedSteps(await verified(foreign, trusted))).toEqual(['checkpoint', 'statement']);
  expect(await verified(bundle, { vkey: 'mistyped' })).toMatchObject({ result: 'indeterminate' });
});

test('a missing key and a machine without Ed25519 leave steps indeterminate, never satisfied', async () => {
  const bundle = log.bundle(3);
  const old = { ...nodePrimitives, verifyEd25519: async () => undefined };

  const unsigned = await verified({ ...bundle, statementKey: null });
  const unknown = await verifyBundle(bundle, old);

  expect(unsigned).toMatchObject({ result: 'indeterminate', about: { statement: null } });
  expect(unknown).toMatchObject({ result: 'indeterminate', about: { statement: null } });
  expect((await verified({ ...bundle, statementKey: null }, { statementKey: keyOf(bundle) })).result).toBe(
    'satisfied',
  );
});

test('a statement other than the one that was shown is violated, though it is signed', async () => {
  const digest = sha256(new TextEncoder().encode(JSON.stringify(statement)));

  const shown = { statementDigest: Buffer.from(digest).toString('hex') };

  expect((await verified(log.bundle(1), shown)).result).toBe('satisfied');
  expect(violatedSteps(await verified(log.bundle(1), { statementDigest: 'a'.repeat(64) }))).toEqual([
    'statement',
  ]);
});

test.each([
  ['no object', []],
  ['another type', { ...statement, _type: 'https://in-toto.io/Statement/v0.1' }],
  ['another predicate', { ...statement, predicateType: 'https://slsa.dev/provenance/v1' }],
  ['no subject', { ...statement, subject: [] }],
  ['no change', { ...statement, predicate: { ...statement.predicate, change: null } }],
  ['an entry beyond its checkpoint', derivedFrom({ entries: [{ index: 9, digest: 'c'.repeat(64) }] })],
  ['a checkpoint without root', derivedFrom({ checkpoint: { size: 9, root: '' } })],
])('a signed statement with %s is violated', async (_, content) => {
  expect(violatedSteps(await verified(madeLog(2, { content }).bundle(1)))).toEqual(['statement']);
});

test('any value gets an answer, and none but a bundle gets steps', async () => {
  const texts = fc.string({ unit: 'binary' });
  const bundleLike = fc.record({
    schema: fc.constant('reentry.evidence-bundle/1'),
    log: fc.constantFrom('events', 'evidence'),
    origin: texts,
    index: fc.oneof(fc.nat(), fc.maxSafeInteger()),
    entry: fc.oneof(texts, fc.base64String()),
    salt: fc.option(fc.oneof(texts, fc.base64String())),
    payload: fc.option(fc.oneof(texts, fc.base64String(), fc.json().map(encodeUtf8))),
    proof: fc.array(fc.oneof(texts, fc.base64String())),
    checkpoint: texts,
    vkey: texts,
    statementKey: fc.option(fc.record({ keyId: texts, publicKey: fc.base64String() })),
  });
  await fc.assert(
    fc.asyncProperty(fc.oneof(fc.anything(), bundleLike), async (value) => {
      const verification = await verifyBundle(value, nodePrimitives);

      if (verification.ok) expect(verification).toMatchObject({ result: 'violated' });
      else expect(verification.because).not.toBe('');
    }),
    { numRuns: 300 },
  );
});

test('any field of a bundle may hold any value', async () => {
  const bundle = log.bundle(5);
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...Object.keys(bundle)), fc.anything(), async (field, value) => {
      const verification = await verifyBundle({ ...bundle, [field]: value }, nodePrimitives);

      if (verification.ok) expect(['violated', 'indeterminate']).toContain(verification.result);
    }),
    { numRuns: 300 },
  );
});

test('limits hold: 65 hashes, or texts beyond 64 MiB, are no bundle', async () => {
  const bundle = log.bundle(5);

  expect(
    await verifyBundle({ ...bundle, proof: Array(65).fill(bundle.proof[0]) }, nodePrimitives),
  ).toMatchObject({ ok: false });
  expect(readBundleText(' '.repeat(64 * 1024 * 1024 + 1))).toMatchObject({ ok: false });
});

test.each([
  ['tlog-proof', 'c2sp.org/tlog-proof@v1\nindex 3\n'],
  ['checkpoint', log.bundle(0).checkpoint],
  ['verifier key', log.bundle(0).vkey],
  ['DSSE envelope', Buffer.from(log.bundle(0).payload ?? '', 'base64').toString()],
  ['in-toto statement', JSON.stringify(statement)],
  ['key in PEM', '-----BEGIN PUBLIC KEY-----\n'],
  ['ZIP', 'PK\u0003\u0004'],
  ['another version', '{"schema":"reentry.evidence-bundle/2"}'],
  ['“log”', '{"schema":"reentry.evidence-bundle/1"}'],
  ['schema', '{}'],
  ['not JSON', 'hello'],
])('a wrong file is called by its name: %s', (name, text) => {
  expect(readBundleText(text)).toMatchObject({ ok: false, because: expect.stringContaining(name) });
});

async function verified(bundle: unknown, trusted?: TrustedKeys): Promise<BundleVerification> {
  const verification = await verifyBundle(bundle, nodePrimitives, trusted);
  if (!verification.ok) throw new Error(verification.because);
  return verification;
}

function violatedSteps({ steps }: BundleVerification): readonly StepId[] {
  return steps.filter(({ result }) => result === 'violated').map(({ id }) => id);
}

function keyOf({ statementKey }: Bundle): Uint8Array | undefined {
  return decodeBase64(statementKey?.publicKey ?? '');
}

function envelopeOf({ payload }: Bundle): { payload: string } {
  return JSON.parse(Buffer.from(payload ?? '', 'base64').toString('utf8'));
}

function derivedFrom(part: object): unknown {
  const { predicate } = statement;
  return { ...statement, predicate: { ...predicate, derivedFrom: { ...predicate.derivedFrom, ...part } } };
}

/** One bit of the bytes that a base64 text stands for. */
function flipped(text: string, at: number, bit: number): string {
  const bytes = decodeBase64(text) ?? new Uint8Array();
  const place = at % bytes.length;
  bytes[place] = (bytes[place] ?? 0) ^ (1 << bit);
  return encodeBase64(bytes);
}

/** Another character in the place of one. */
function typo(text: string, at: number, bit: number): string {
  const place = at % text.length;
  const code = text.charCodeAt(place) ^ (1 << bit);
  return text.slice(0, place) + String.fromCharCode(code) + text.slice(place + 1);
}

function ofLine(line: number): Damage {
  return (bundle, at, bit) => ({
    ...bundle,
    checkpoint: bundle.checkpoint
      .split('\n')
      .map((text, n) => (n === line ? flipped(text, at, bit) : text))
      .join('\n'),
  });
}

function ofSignature(bundle: Bundle, at: number, bit: number): Bundle {
  const lines = bundle.checkpoint.split('\n');
  const [dash = '', name = '', signature = ''] = lines[4]?.split(' ') ?? [];
  lines[4] = [dash, name, flipped(signature, at, bit)].join(' ');
  return { ...bundle, checkpoint: lines.join('\n') };
}

function encodeUtf8(text: string): string {
  return encodeBase64(new TextEncoder().encode(text));
}
