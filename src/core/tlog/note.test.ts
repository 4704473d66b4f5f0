import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fromBase64, vectors } from '../../../test/read-vectors.ts';
import { ed25519PrivateKey, ed25519Signer, ed25519Verifier, sha256 } from './node-primitives.ts';
import { type NoteSigner, type NoteVerifier, openNote, parseNote, signNote } from './note.ts';
import { formatPrivateKey, formatVkey, noteKey, parsePrivateKey, parseVkey } from './note-key.ts';

interface NoteVectors {
  readonly vkeys: { readonly peter: string; readonly enoch: string };
  readonly skey_peter: string;
  readonly sign: { readonly text: string; readonly want: string };
  readonly bad_vkeys: readonly string[];
  readonly open: readonly {
    readonly desc: string;
    readonly note?: string;
    readonly note_base64?: string;
    readonly known: readonly string[];
    readonly ok: boolean;
    readonly verified?: readonly string[];
    readonly unverified?: readonly string[];
  }[];
}

const published = vectors<NoteVectors>('signed-note/signed_note_go.json');
const { peter, enoch } = published.vkeys;
const { text, want: signed } = published.sign;

test.each(published.open)(
  '$desc: opened is $ok',
  ({ note, note_base64, known, ok, verified, unverified }) => {
    const opened = openNote(note ?? fromBase64(note_base64 ?? ''), known.map(verifier));

    expect(opened.ok).toBe(ok);
    if (opened.ok) {
      expect(opened.verified.map(({ name }) => name)).toEqual(verified);
      expect(opened.unverified.map(({ name }) => name)).toEqual(unverified);
    }
  },
);

test('signing gives the published note, byte for byte', () => {
  expect(signNote(text, [signer(published.skey_peter)])).toBe(signed);
});

test('keys are written as they were read', () => {
  const read = parseVkey(sha256, peter);
  const secret = parsePrivateKey(published.skey_peter);

  expect(read.ok && formatVkey(read.key)).toBe(peter);
  expect(read.ok && secret.ok && formatPrivateKey(read.key, secret.seed)).toBe(published.skey_peter);
});

test('a vkey that is cut, prolonged or changed in one byte is refused', () => {
  const substrings = Array.from(peter, (_, start) =>
    Array.from(peter.slice(start), (_, length) => peter.slice(start, start + length + 1)),
  ).flat();
  const incremented = Array.from(peter, (character, at) => {
    const next = String.fromCharCode(character.charCodeAt(0) + 1);
    return `${peter.slice(0, at)}${next}${peter.slice(at + 1)}`;
  });
  const wrong = [...substrings.filter((part) => part !== peter), ...incremented, ...published.bad_vkeys];

  expect(wrong.filter((vkey) => parseVkey(sha256, vkey).ok)).toEqual([]);
});

test('the text ends at the last empty line, not the first', () => {
  const poem = 'a line\n\n— PeterNeumann not a signature\n\nthe last line\n';

  const opened = openNote(signNote(poem, [signer(published.skey_peter)]), [verifier(peter)]);

  expect(opened.ok && opened.text).toBe(poem);
});

test('unknown signatures before the known one are passed over, whatever their type and length', () => {
  const grease = '— grease.example/log AAAAAAE=\n— PeterNeumann /////wAB\n';

  const opened = openNote(signed.replace('\n\n— ', `\n\n${grease}— `), [verifier(peter)]);

  expect(opened).toMatchObject({ ok: true, text });
  expect(opened.ok && opened.unverified.map(({ name }) => name)).toEqual([
    'grease.example/log',
    'PeterNeumann',
  ]);
});

test('a known key is known by name and key id together, compared for equality', () => {
  const { keyId, verify } = verifier(peter);

  expect(openNote(signed, [{ name: 'PeterNeuman', keyId, verify }]).ok).toBe(false);
  expect(openNote(signed, [{ name: 'PeterNeumann2', keyId, verify }]).ok).toBe(false);
  expect(openNote(signed, [{ name: 'PeterNeumann', keyId: keyId + 1, verify }]).ok).toBe(false);
});

test('two signature lines of one key count once, and a second one that fails rejects the note', () => {
  const line = signed.slice(signed.indexOf('— '));
  const forged = line.replace('x08go/ZJ', 'x08go/ZK');

  const twice = openNote(signed + line, [verifier(peter)]);

  expect(twice.ok && twice.verified).toHaveLength(1);
  expect(openNote(signed + forged, [verifier(peter)])).toEqual({ ok: false, reason: 'bad-signature' });
});

test.each([
  ['text changed', signed.replace('answer', 'Answer'), 'bad-signature'],
  ['other line ends', signed.replaceAll('\n', '\r\n'), 'control-character'],
  ['white space in the base64', signed.replace('BS9UG', 'BS9 UG'), 'signature-line'],
  ['base64 with stray bits', signed.replace('wJnAM=', 'wJnAN='), 'signature-line'],
  ['hyphen for the dash', signed.replace('— ', '- '), 'signature-line'],
  ['two spaces after the dash', signed.replace('— ', '—  '), 'signature-line'],
  ['signature of no bytes', 'a\n\n— name AAAAAA==\n', 'signature-line'],
  ['no name', 'a\n\n—  AAAAAAE=\n', 'signature-line'],
  ['lone surrogate', `\ud800${signed}`, 'not-utf8'],
  ['too large', `${'a'.repeat(1_000_000)}${signed}`, 'too-large'],
])('%s: refused with the reason', (_, note, reason) => {
  expect(openNote(note, [verifier(peter)])).toEqual({ ok: false, reason });
});

test('sixteen signatures of 5 kB are accepted', () => {
  const many = Array.from({ length: 16 }, (_, at) => ({
    name: `witness${at}`,
    keyId: at,
    sign: () => new Uint8Array(5_000),
  }));

  const opened = openNote(signNote(text, [...many, signer(published.skey_peter)]), [verifier(peter)]);

  expect(opened.ok && opened.unverified).toHaveLength(16);
});

test('a name with a space, a plus or nothing in it names no key', () => {
  const { publicKey } = ed25519Signer(ed25519PrivateKey(new Uint8Array(32)));

  for (const name of ['', 'a b', 'a\u00a0b', 'a\u0085b', 'a\u3000b', 'a+b', 'a\nb']) {
    expect(() => noteKey(sha256, name, publicKey), JSON.stringify(name)).toThrow(RangeError);
  }
});

test('what cannot be a note is not signed', () => {
  expect(() => signNote('no newline', [])).toThrow(RangeError);
  expect(() => signNote('tab\t\n', [])).toThrow(RangeError);
  expect(() => signNote('\ud800\n', [])).toThrow(RangeError);
});

test('parsing any bytes gives a note or a reason, and the note is made of those bytes', () => {
  const almost = fc
    .tuple(fc.nat(signed.length - 1), fc.string({ maxLength: 3 }), fc.nat(3))
    .map(([at, inserted, cut]) => signed.slice(0, at) + inserted + signed.slice(at + cut));

  fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => void parseNote(bytes)));
  fc.assert(
    fc.property(fc.oneof(almost, fc.string()), (note) => {
      const opened = openNote(note, [verifier(peter), verifier(enoch)]);

      expect(opened.ok ? opened.text : text).toBe(text);
    }),
  );
  fc.assert(
    fc.property(fc.string(), (vkey) => {
      const parsed = parseVkey(sha256, vkey);
      expect(!parsed.ok || formatVkey(parsed.key) === vkey).toBe(true);
      expect(parsePrivateKey(vkey).ok).toBe(false);
    }),
  );
});

function verifier(vkey: string): NoteVerifier {
  const parsed = parseVkey(sha256, vkey);
  if (!parsed.ok) throw new Error(`${vkey}: ${parsed.reason}`);
  return { ...parsed.key, verify: ed25519Verifier(parsed.key.publicKey) };
}

function signer(privateKey: string): NoteSigner {
  const parsed = parsePrivateKey(privateKey);
  if (!parsed.ok) throw new Error(parsed.reason);
  const { publicKey, sign } = ed25519Signer(ed25519PrivateKey(parsed.seed));
  return { ...noteKey(sha256, parsed.name, publicKey), sign };
}
