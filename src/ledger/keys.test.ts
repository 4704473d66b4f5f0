import { createHash, createPublicKey, randomBytes, verify } from 'node:crypto';
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { verifyEnvelope } from '../core/evidence/dsse.ts';
import { ed25519Verifier, sha256 } from '../core/tlog/node-primitives.ts';
import { openNote, signNote } from '../core/tlog/note.ts';
import { parseVkey } from '../core/tlog/note-key.ts';
import { type Keys, openKeys } from './keys.ts';
import { statementSigner } from './statement-signer.ts';

let dataFolder: string;

beforeEach(async () => {
  dataFolder = await mkdtemp(join(tmpdir(), 'reentry-keys-'));
});

afterEach(() => rm(dataFolder, { recursive: true, force: true }));

test('the first start makes three keys, secret to their owner, with their public halves for everyone', async () => {
  await open(false);

  const files = await readdir(join(dataFolder, 'keys'));
  const modes = await Promise.all(files.map(async (name) => (await stat(path(name))).mode & 0o777));
  expect(Object.fromEntries(files.map((name, at) => [name, modes[at]?.toString(8)]))).toEqual({
    'events.key': '600',
    'evidence.key': '600',
    'statements.key': '600',
    'events.vkey': '644',
    'evidence.vkey': '644',
    'statements.pub': '644',
  });
});

test('a later start has the same keys, whatever its randomness', async () => {
  const first = await open(false);

  const second = await open(true);

  expect(publicHalves(second)).toEqual(publicHalves(first));
});

test('each log has an origin and a key of its own; the origin names nobody and resolves nowhere', async () => {
  const { events, evidence } = await open(false);

  expect(events.name).toMatch(/^reentry\.invalid\/[0-9a-f]{16}\/events$/);
  expect(evidence.name).toBe(events.name.replace('events', 'evidence'));
  expect(Buffer.compare(events.publicKey, evidence.publicKey)).not.toBe(0);
});

test('the same randomness makes the same keys', async () => {
  const dice = (size: number) => new Uint8Array(size).fill(7);
  const first = await openKeys({ dataFolder, randomBytes: dice, sealed: false });

  await rm(join(dataFolder, 'keys'), { recursive: true });

  expect(publicHalves(await openKeys({ dataFolder, randomBytes: dice, sealed: false }))).toEqual(
    publicHalves(first),
  );
});

test('a note signed with a log key opens under its vkey file', async () => {
  const { events } = await open(false);
  const vkey = parseVkey(sha256, (await readFile(path('events.vkey'), 'utf8')).trim());

  const note = signNote('a text\n', [events]);

  expect(
    vkey.ok && openNote(note, [{ ...vkey.key, verify: ed25519Verifier(vkey.key.publicKey) }]),
  ).toMatchObject({
    ok: true,
  });
});

test('statements are signed as envelopes that verify under the public key beside it', async () => {
  const { statements } = await open(false);
  const signer = statementSigner(statements);
  const pem = createPublicKey(await readFile(path('statements.pub'), 'utf8'));

  const envelope = signer.sign('application/x', Buffer.from('{}'));

  expect(
    await verifyEnvelope(envelope, 'application/x', (message, sig) => verify(null, message, pem, sig)),
  ).toEqual({
    ok: true,
    payload: new Uint8Array(Buffer.from('{}')),
  });
  expect(signer.sign('application/x', Buffer.from('{}'))).toBe(envelope);
  expect(signer.keyId).toBe(
    createHash('sha256')
      .update(pem.export({ type: 'spki', format: 'der' }))
      .digest('hex'),
  );
  expect(JSON.parse(envelope).signatures[0].keyid).toBe(signer.keyId);
});

test.each(['events.key', 'evidence.key', 'statements.key'])(
  'a lost %s is never made anew once something was signed',
  async (name) => {
    await open(false);
    await rm(path(name));

    await expect(open(false)).rejects.toMatchObject({ code: 'LOG_KEY_UNREADABLE' });
    await expect(open(true)).rejects.toMatchObject({ code: 'LOG_KEY_UNREADABLE' });
    await expect(stat(path(name))).rejects.toMatchObject({ code: 'ENOENT' });
  },
);

test('a data folder that lost all its keys gets no new ones while its ledger holds entries', async () => {
  await expect(open(true)).rejects.toMatchObject({ code: 'LOG_KEY_UNREADABLE' });
  expect(await readdir(dataFolder)).toEqual([]);
});

test('a start that was cut off between keys is finished by the next', async () => {
  await open(false);
  await rm(path('statements.key'));
  await rm(path('statements.pub'));
  await rm(path('evidence.vkey'));

  const keys = await open(false);

  expect(keys.statements.publicKey).toContain('PUBLIC KEY');
  expect((await readFile(path('evidence.vkey'), 'utf8')).trim()).toBe(keys.evidence.vkey);
});

test.each([
  ['events.key', 'PRIVATE+KEY+x+00000000+AQ==', 'not a private note key'],
  ['events.key', '', 'not a private note key'],
  ['statements.key', 'nothing', 'not a private key in PEM'],
])('a damaged %s (%j) cannot be used', async (name, content, detail) => {
  await open(false);
  await writeFile(path(name), content);

  await expect(open(true)).rejects.toMatchObject({
    code: 'LOG_KEY_UNREADABLE',
    message: expect.stringContaining(detail),
  });
});

test('a key whose id or public half is of another key cannot be used', async () => {
  await open(false);
  const secret = await readFile(path('events.key'), 'utf8');

  await writeFile(path('events.key'), secret.replace(/\+[0-9a-f]{8}\+/, '+00000000+'));
  await expect(open(true)).rejects.toMatchObject({ message: expect.stringContaining('key id') });

  await writeFile(path('events.key'), secret);
  await writeFile(path('events.vkey'), await readFile(path('evidence.vkey')));
  await expect(open(true)).rejects.toMatchObject({ message: expect.stringContaining('another key') });
});

test('a key that may not be read says so', async ({ skip }) => {
  skip(process.getuid?.() === 0, 'root may read and write everything');
  await open(false);
  await chmod(path('events.key'), 0);

  await expect(open(true)).rejects.toMatchObject({ code: 'LOG_KEY_UNREADABLE' });
});

function open(sealed: boolean): Promise<Keys> {
  return openKeys({ dataFolder, randomBytes, sealed });
}

function path(name: string): string {
  return join(dataFolder, 'keys', name);
}

function publicHalves({ events, evidence, statements }: Keys): readonly string[] {
  return [events.vkey, evidence.vkey, statements.publicKey];
}
