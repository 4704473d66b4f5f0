import fc from 'fast-check';
import { expect, test } from 'vitest';
import { vectors } from '../../../test/read-vectors.ts';
import { type Checkpoint, formatCheckpoint, openCheckpoint, parseCheckpoint } from './checkpoint.ts';
import { ed25519PrivateKey, ed25519Signer, ed25519Verifier, sha256 } from './node-primitives.ts';
import { signNote } from './note.ts';
import { noteKey } from './note-key.ts';

interface CheckpointVectors {
  readonly accept: readonly string[];
  readonly reject: readonly { readonly desc: string; readonly text: string }[];
}

const published = vectors<CheckpointVectors>('checkpoint/checkpoint_text_formats.json');
const root = new Uint8Array(32).fill(9);
const encodedRoot = Buffer.from(root).toString('base64');
const origin = 'log.example/one';

test.each(published.reject)('$desc: refused', ({ text }) => {
  expect(parseCheckpoint(text).ok).toBe(false);
});

test.each(published.accept)('accepted but for its root, which is none of SHA-256: %j', (text) => {
  const [, , published, ...rest] = text.split('\n');

  const parsed = parseCheckpoint(text.replace(published ?? '', encodedRoot));

  expect(parseCheckpoint(text)).toEqual({ ok: false, reason: 'root-length' });
  expect(parsed).toMatchObject({ ok: true, checkpoint: { root, extensions: rest.slice(0, -1) } });
});

test('the checkpoint of an empty log is one', () => {
  const empty = { origin, size: 0n, root: sha256(new Uint8Array(0)), extensions: [] };

  const text = formatCheckpoint(empty);

  expect(text).toBe(`${origin}\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n`);
  expect(parseCheckpoint(text).ok).toBe(true);
});

test.each([
  ['leading zero', `${origin}\n012\n${encodedRoot}\n`, 'size'],
  ['size of 2^64', `${origin}\n18446744073709551616\n${encodedRoot}\n`, 'size'],
  ['no canonical base64', `${origin}\n12\n${encodedRoot.replace('=', '')}\n`, 'root'],
  ['empty extension line', `${origin}\n12\n${encodedRoot}\n\n`, 'extension'],
  ['no last newline', `${origin}\n12\n${encodedRoot}\nx`, 'lines'],
])('%s: refused with the reason', (_, text, reason) => {
  expect(parseCheckpoint(text)).toEqual({ ok: false, reason });
});

test('any text is what the checkpoint read from it is written as, or refused', () => {
  const checkpoints = fc.record({
    origin: fc.stringMatching(/^[a-z./]{1,20}$/),
    size: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
    root: fc.uint8Array({ minLength: 32, maxLength: 32 }),
    extensions: fc.array(fc.stringMatching(/^[ -~]{1,20}$/), { maxLength: 3 }),
  });

  fc.assert(
    fc.property(checkpoints, (checkpoint) => {
      expect(parseCheckpoint(formatCheckpoint(checkpoint))).toEqual({ ok: true, checkpoint });
    }),
  );
  fc.assert(fc.property(fc.string(), (text) => void parseCheckpoint(text)));
});

test('a checkpoint is opened only with the key and the origin that were asked for', () => {
  const { publicKey, sign } = ed25519Signer(ed25519PrivateKey(new Uint8Array(32).fill(1)));
  const key = noteKey(sha256, origin, publicKey);
  const known = [{ ...key, verify: ed25519Verifier(publicKey) }];
  const checkpoint: Checkpoint = { origin, size: 5n, root, extensions: [] };
  const note = signNote(formatCheckpoint(checkpoint), [{ ...key, sign }]);
  const poem = signNote('no checkpoint\n', [{ ...key, sign }]);

  expect(openCheckpoint(note, origin, known)).toEqual({ ok: true, checkpoint });
  expect(openCheckpoint(note, 'log.example/on', known)).toEqual({ ok: false, reason: 'foreign-origin' });
  expect(openCheckpoint(note, origin, [])).toEqual({ ok: false, reason: 'no-known-signature' });
  expect(openCheckpoint(note.replace('\n5\n', '\n6\n'), origin, known)).toMatchObject({
    reason: 'bad-signature',
  });
  expect(openCheckpoint(poem, origin, known)).toEqual({ ok: false, reason: 'lines' });
});
