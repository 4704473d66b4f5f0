import { isUtf8 } from 'node:buffer';
import { TextDecoder } from 'node:util';
import { maxMessageBytes, type ObservedCommit, type Person } from '../../core/change/observed-change.ts';
import type { ObjectReader } from './object-reader.ts';
import { rfc3339 } from './times.ts';

export interface ReadCommit {
  readonly observed: ObservedCommit;
  /** Unix seconds. */
  readonly authoredAt: number;
  readonly committedAt: number;
}

/** Enough for every header that git writes and the whole of a message that is kept. */
export const commitLimitBytes = 256 * 1024;
/** Of a longer message: its end, where trailers stand. The rest of `maxMessageBytes` is its beginning. */
const endBytes = maxMessageBytes / 4;
/** With the byte before, which tells whether a line begins there. */
const tailBytes = endBytes + 1;
/** Of longer lines the place where they are cut does not matter: nobody looks for a trailer that far in them. */
const lineBytes = 2_048;

/** What a commit object has beyond the bytes that are given. */
export interface CommitRest {
  readonly leftOutBytes: number;
  /** Follows what is left out: then it is at least `tailBytes` long. */
  readonly tail: Buffer;
}

type Signature = NonNullable<ObservedCommit['signature']>;

const signatureArmour: readonly (readonly [string, Signature])[] = [
  ['-----BEGIN PGP ', 'gpg'],
  ['-----BEGIN SSH ', 'ssh'],
  ['-----BEGIN SIGNED MESSAGE-----', 'x509'],
];

/** Reads a commit object. Never fails: what is malformed comes out empty, or as the year 1970. */
export function readCommit(
  sha: string,
  bytes: Buffer,
  rest: CommitRest = { leftOutBytes: 0, tail: Buffer.alloc(0) },
): ReadCommit {
  const blank = bytes.indexOf('\n\n');
  const headerEnd = blank < 0 ? bytes.length : blank;
  const headers = readHeaders(bytes.toString('latin1', 0, headerEnd));
  const decode = decoder(headers.encoding);
  const body = bytes.subarray(Math.min(bytes.length, headerEnd + 2));
  const message = blank < 0 ? { text: '' } : keptMessage(body, rest, decode);
  const author = readIdentity(headers.author, decode);
  const committer = readIdentity(headers.committer, decode);
  return {
    observed: {
      sha,
      tree: headers.tree,
      parents: headers.parents,
      author: author.person,
      committer: committer.person,
      authoredAt: rfc3339(author.seconds),
      committedAt: rfc3339(committer.seconds),
      message: message.text,
      ...(message.cut ? { messageCut: true } : {}),
      ...(headers.signature === undefined ? {} : { signature: headers.signature }),
    },
    authoredAt: author.seconds,
    committedAt: committer.seconds,
  };
}

/** Undefined where it cannot be read. */
export async function tryReadCommit(reader: ObjectReader, sha: string): Promise<ReadCommit | undefined> {
  const object = await reader.read(sha, commitLimitBytes, tailBytes);
  if (!object.found || object.type !== 'commit') return undefined;
  const { bytes, tail, sizeBytes } = object;
  return readCommit(sha, bytes, { tail, leftOutBytes: sizeBytes - bytes.length - tail.length });
}

/** The parents alone, for walking a history that git itself cannot walk. */
export function readParents(bytes: Buffer): readonly string[] {
  const blank = bytes.indexOf('\n\n');
  return readHeaders(bytes.toString('latin1', 0, blank < 0 ? bytes.length : blank)).parents;
}

interface Headers {
  tree: string;
  parents: string[];
  author: string;
  committer: string;
  encoding: string;
  signature: Signature | undefined;
}

function readHeaders(text: string): Headers {
  const headers: Headers = {
    tree: '',
    parents: [],
    author: '',
    committer: '',
    encoding: '',
    signature: undefined,
  };
  // Lines that begin with a space continue the header before (signatures, merged tags): none of them is of interest.
  for (const line of text.split('\n')) {
    const at = line.indexOf(' ');
    if (at > 0) takeHeader(headers, line.slice(0, at), line.slice(at + 1));
  }
  return headers;
}

function takeHeader(headers: Headers, name: string, value: string): void {
  switch (name) {
    case 'parent':
      headers.parents.push(value);
      break;
    case 'tree':
    case 'author':
    case 'committer':
    case 'encoding':
      headers[name] ||= value;
      break;
    case 'gpgsig':
    case 'gpgsig-sha256':
      headers.signature ??= signatureArmour.find(([armour]) => value.startsWith(armour))?.[1] ?? 'other';
  }
}

/** `Name <e-mail> seconds zone`, as lenient as git itself: the e-mail ends at the first `>`, the date begins after the last. */
function readIdentity(
  line: string,
  decode: (bytes: Buffer) => string,
): { readonly person: Person; readonly seconds: number } {
  const open = line.indexOf('<');
  const close = line.indexOf('>', open);
  const text = (part: string) => decode(Buffer.from(part, 'latin1')).trim();
  const seconds = Number(/^ *(-?\d{1,15})/.exec(line.slice(line.lastIndexOf('>') + 1))?.[1] ?? 0);
  if (open < 0 || close < 0) return { person: { name: text(line), email: '' }, seconds };
  return {
    person: { name: text(line.slice(0, open)), email: text(line.slice(open + 1, close)) },
    seconds,
  };
}

/** Bytes as text: in the commit's declared encoding if it has one, else UTF-8, else latin1 (every byte means something). */
function decoder(encoding: string): (bytes: Buffer) => string {
  const declared = declaredDecoder(encoding);
  if (declared !== undefined) return (bytes) => declared.decode(bytes);
  return (bytes) => bytes.toString(isUtf8(bytes) ? 'utf8' : 'latin1');
}

function declaredDecoder(encoding: string): TextDecoder | undefined {
  if (encoding === '' || /^utf-?8$/i.test(encoding)) return undefined;
  try {
    return new TextDecoder(encoding);
  } catch {
    return undefined;
  }
}

interface KeptMessage {
  readonly text: string;
  readonly cut?: true;
}

/** The message, or its beginning and its end with a paragraph between them that says how much was left out. */
function keptMessage(
  body: Buffer,
  { leftOutBytes, tail }: CommitRest,
  decode: (bytes: Buffer) => string,
): KeptMessage {
  const sizeBytes = body.length + leftOutBytes + tail.length;
  if (sizeBytes <= maxMessageBytes) return { text: decode(body) };
  const end = endOf(leftOutBytes > 0 ? tail : Buffer.concat([body, tail]));
  // Less what the paragraph between them takes.
  const begin = beginOf(body, maxMessageBytes - endBytes - 64);
  const missing = sizeBytes - begin.length - end.length;
  return { text: `${decode(begin)}\n\n[${missing} bytes left out]\n\n${decode(end)}`, cut: true };
}

/** Whole lines, or whole UTF-8 characters of a line that is too long. */
function beginOf(bytes: Buffer, limit: number): Buffer {
  if (bytes.length <= limit) return bytes;
  const line = bytes.lastIndexOf('\n', limit - 1);
  if (line >= limit - lineBytes) return bytes.subarray(0, line);
  let end = limit;
  while (end > limit - 4 && isInsideCharacter(bytes[end])) end -= 1;
  return bytes.subarray(0, end);
}

/** Whole lines, or whole UTF-8 characters of a line that is too long. */
function endOf(bytes: Buffer): Buffer {
  const limit = bytes.length - endBytes;
  const line = bytes.indexOf('\n', limit - 1);
  if (line >= 0 && line < limit + lineBytes) return bytes.subarray(line + 1);
  let start = limit;
  while (start < limit + 4 && isInsideCharacter(bytes[start])) start += 1;
  return bytes.subarray(start);
}

function isInsideCharacter(byte: number | undefined): boolean {
  return ((byte ?? 0) & 0xc0) === 0x80;
}
