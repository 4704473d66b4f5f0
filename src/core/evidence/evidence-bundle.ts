/**
 * A bundle as it came from outside: the right keys with the right types and sizes, nothing more. What its texts hold is looked at
 * step by step (`verifyBundle`), so that damage is named where it is. `EvidenceBundle` of the contract has the same shape.
 */
export interface ClaimedBundle {
  readonly log: 'events' | 'evidence';
  readonly origin: string;
  readonly index: number;
  readonly entry: string;
  readonly salt: string | null;
  readonly payload: string | null;
  readonly proof: readonly string[];
  readonly checkpoint: string;
  readonly vkey: string;
  readonly statementKey: { readonly keyId: string; readonly publicKey: string } | null;
}

export interface NotABundle {
  readonly ok: false;
  /** What it is or lacks, in a sentence for whoever chose the file. */
  readonly because: string;
}

export type ReadBundle = { readonly ok: true; readonly bundle: ClaimedBundle } | NotABundle;

/** Characters of a bundle's text, and of each text in it. */
export const maxBundleCharacters = 64 * 1024 * 1024;
/** Of a proof in a tree of 2^64 leaves. */
const maxProofHashes = 64;
const schema = 'reentry.evidence-bundle/1';

/** Reads a bundle's JSON text; what is something else is called by its name, with what to do. */
export function readBundleText(text: string): ReadBundle {
  if (text.length > maxBundleCharacters) return refuse('It is larger than 64 MiB; no evidence bundle is.');
  const other = nameOfText(text);
  if (other !== undefined) return refuse(other);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return refuse('It is not JSON. An evidence bundle is the JSON file that “Download bundle” writes.');
  }
  return readBundle(value);
}

/** Reads a bundle from parsed JSON. Total: any value gives an answer. Keys that we do not know are passed over. */
export function readBundle(value: unknown): ReadBundle {
  if (!isRecord(value)) return refuse('It is JSON, but not an object; an evidence bundle is one.');
  if (value.schema !== schema) return refuse(nameOfRecord(value));
  const wrong = wrongField(value);
  if (wrong !== undefined) return refuse(`Its field “${wrong}” is missing, too large or of another kind.`);
  // Every field was looked at above.
  return { ok: true, bundle: value as unknown as ClaimedBundle };
}

const fields: Readonly<Record<keyof ClaimedBundle, (value: unknown) => boolean>> = {
  log: (value) => value === 'events' || value === 'evidence',
  origin: isText,
  index: (value) => Number.isSafeInteger(value) && Number(value) >= 0 && !Object.is(value, -0),
  entry: isText,
  salt: isTextOrNull,
  payload: isTextOrNull,
  proof: (value) => Array.isArray(value) && value.length <= maxProofHashes && value.every(isText),
  checkpoint: isText,
  vkey: isText,
  statementKey: (value) =>
    value === null || (isRecord(value) && isText(value.keyId) && isText(value.publicKey)),
};

function wrongField(value: Readonly<Record<string, unknown>>): string | undefined {
  return Object.entries(fields).find(([name, isRight]) => !isRight(value[name]))?.[0];
}

/** Files of ours and of others that people drop by mistake. */
function nameOfText(text: string): string | undefined {
  const start = text.slice(0, 100).trimStart();
  if (start.startsWith('c2sp.org/tlog-proof@')) {
    return 'It is a tlog-proof: it proves an entry’s place, but holds no entry and no key. Choose the bundle of the same entry; other tools verify this file.';
  }
  if (start.startsWith('PK')) return 'It is a ZIP archive. Unpack it and choose one bundle in it.';
  if (start.startsWith('-----BEGIN')) return 'It is a key in PEM, not evidence.';
  if (/^[^\s+]+\+[0-9a-f]{8}\+/u.test(start)) {
    return 'It is a verifier key. Put it into the field for the trusted key and choose a bundle here.';
  }
  if (/^[^\n{[]+\n\d+\n/u.test(start)) {
    return 'It is a checkpoint: it says what a log’s root was, and nothing of one entry. Choose a bundle.';
  }
  return undefined;
}

function nameOfRecord(value: Readonly<Record<string, unknown>>): string {
  if (typeof value.payloadType === 'string' && Array.isArray(value.signatures)) {
    return 'It is a DSSE envelope: a signed statement without its place in the log. Choose the bundle of the same record.';
  }
  if (typeof value._type === 'string' && value._type.startsWith('https://in-toto.io/')) {
    return 'It is an in-toto statement without signature and without its place in the log. Choose the bundle of the same record.';
  }
  if (typeof value.schema === 'string' && value.schema.startsWith('reentry.evidence-bundle/')) {
    return 'It is an evidence bundle of another version than this one reads (1). Use the Reentry that wrote it, or a newer one.';
  }
  return `It is JSON, but not an evidence bundle: its field “schema” is not ${schema}.`;
}

function refuse(because: string): NotABundle {
  return { ok: false, because };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.length <= maxBundleCharacters;
}

function isTextOrNull(value: unknown): boolean {
  return value === null || isText(value);
}
