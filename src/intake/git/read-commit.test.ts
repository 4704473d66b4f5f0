import { describe, expect, test } from 'vitest';
import { maxMessageBytes } from '../../core/change/observed-change.ts';
import { readCommit, readParents } from './read-commit.ts';

const tree = '1'.repeat(40);
const parent = '2'.repeat(40);

function object(message: string | Buffer, headers = ''): Buffer {
  const author = 'author Ann Lee <ann@x.org> 1700000000 +0530\ncommitter Bob <bob@x.org> 1700000060 -0800\n';
  return Buffer.concat([
    Buffer.from(`tree ${tree}\nparent ${parent}\n${author}${headers}\n`),
    Buffer.from(message),
  ]);
}

test('a commit gives tree, parents, both people and both times in UTC', () => {
  const commit = readCommit('a'.repeat(40), object('Subject\n\nBody\n'));

  expect(commit).toEqual({
    observed: {
      sha: 'a'.repeat(40),
      tree,
      parents: [parent],
      author: { name: 'Ann Lee', email: 'ann@x.org' },
      committer: { name: 'Bob', email: 'bob@x.org' },
      authoredAt: '2023-11-14T22:13:20Z',
      committedAt: '2023-11-14T22:14:20Z',
      message: 'Subject\n\nBody\n',
    },
    authoredAt: 1_700_000_000,
    committedAt: 1_700_000_060,
  });
});

test.each([
  ['gpgsig -----BEGIN PGP SIGNATURE-----\n x\n', 'gpg'],
  ['gpgsig -----BEGIN SSH SIGNATURE-----\n x\n', 'ssh'],
  ['gpgsig -----BEGIN SIGNED MESSAGE-----\n x\n', 'x509'],
  ['gpgsig-sha256 something\n', 'other'],
])('the signature header %j is told as %s', (header, kind) => {
  expect(readCommit('', object('x', header)).observed.signature).toBe(kind);
});

test('headers inside of a merged tag are not the commit’s', () => {
  const header = 'mergetag object x\n tree bad\n parent bad\n author bad <b> 1 +0000\n';

  expect(readCommit('', object('x', header)).observed).toMatchObject({ tree, parents: [parent] });
});

test('text is read in its declared encoding, else as UTF-8, else byte by byte', () => {
  const latin1 = Buffer.from('caf\xe9', 'latin1');
  expect(readCommit('', object(latin1, 'encoding ISO-8859-1\n')).observed.message).toBe('café');
  expect(readCommit('', object('café')).observed.message).toBe('café');
  expect(readCommit('', object(latin1)).observed.message).toBe('café');
  expect(readCommit('', object(latin1, 'encoding no-such\n')).observed.message).toBe('café');
});

describe('a long message', () => {
  const line = `* ${'x'.repeat(60)}\n`;
  const trailer = 'Co-authored-by: Claude <noreply@anthropic.com>\n';
  const squash = `Add all of it (#5)\n\n${line.repeat(2_000)}\n${trailer}`;

  test('keeps its beginning and its end in whole lines, and says how much it lost', () => {
    const { message, messageCut } = readCommit('', object(squash)).observed;

    expect(messageCut).toBe(true);
    expect(Buffer.byteLength(message)).toBeLessThanOrEqual(maxMessageBytes);
    expect(Buffer.byteLength(message)).toBeGreaterThan(maxMessageBytes - 300);
    const [head = '', missing = '', tail = ''] = message.split(/\n\n\[(\d+) bytes left out\]\n\n/);
    expect(squash.startsWith(`${head}\n`)).toBe(true);
    expect(squash.endsWith(`\n${tail}`)).toBe(true);
    expect(tail.endsWith(`\n\n${trailer}`)).toBe(true);
    expect(head.length + Number(missing) + tail.length).toBe(squash.length);
  });

  test('is the same where most of it was never read', () => {
    const whole = object(squash);
    for (const kept of [maxMessageBytes + 1_000, whole.length - 9_000, whole.length - 8_193]) {
      const tail = whole.subarray(-8_193);
      const rest = { tail, leftOutBytes: whole.length - kept - tail.length };

      expect(readCommit('', whole.subarray(0, kept), rest)).toEqual(readCommit('', whole));
    }
  });

  test('of one line is cut between characters', () => {
    for (const begin of ['', 'a']) {
      const { message } = readCommit('', object(begin + 'é'.repeat(maxMessageBytes))).observed;

      expect(message).toMatch(/^a?é+\n\n\[\d+ bytes left out\]\n\né+$/);
    }
  });

  test('of just the length that is kept is whole', () => {
    const text = 'é'.repeat(maxMessageBytes / 2);

    expect(readCommit('', object(text)).observed).toMatchObject({ message: text });
    expect(readCommit('', object(text)).observed.messageCut).toBeUndefined();
  });
});

test.each([
  ['no date', 'author Ann <a@x>\n', { name: 'Ann', email: 'a@x' }, '1970-01-01T00:00:00Z'],
  [
    'a date before 1970',
    'author Ann <a@x> -5 +0000\n',
    { name: 'Ann', email: 'a@x' },
    '1970-01-01T00:00:00Z',
  ],
  [
    'a date beyond all calendars',
    'author Ann <a@x> 99999999999999 +0000\n',
    { name: 'Ann', email: 'a@x' },
    '9999-12-31T23:59:59Z',
  ],
  ['no e-mail', 'author Ann\n', { name: 'Ann', email: '' }, '1970-01-01T00:00:00Z'],
  [
    'brackets in brackets',
    'author A <b> <c> 1700000000 +0000\n',
    { name: 'A', email: 'b' },
    '2023-11-14T22:13:20Z',
  ],
])('an author line with %s is read as far as it goes', (_, line, author, authoredAt) => {
  expect(readCommit('', Buffer.from(`tree ${tree}\n${line}\nx`)).observed).toMatchObject({
    author,
    authoredAt,
  });
});

test('an empty object is an empty commit', () => {
  expect(readCommit('s', Buffer.alloc(0)).observed).toMatchObject({ sha: 's', parents: [], message: '' });
  expect(readParents(Buffer.from(`tree x\nparent ${parent}\n\nparent no`))).toEqual([parent]);
});
