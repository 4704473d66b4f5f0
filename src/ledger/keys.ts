import { createHash, createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { join } from 'node:path';
import type { LogName } from '../app/ports.ts';
import { AppError } from '../core/errors.ts';
import { ed25519PrivateKey, ed25519Signer, sha256 } from '../core/tlog/node-primitives.ts';
import type { NoteSigner } from '../core/tlog/note.ts';
import {
  formatPrivateKey,
  formatVkey,
  type NoteKey,
  noteKey,
  parsePrivateKey,
} from '../core/tlog/note-key.ts';
import { DurableFolder } from './durable-folder.ts';

/** Signs one log's checkpoints. Its name is the log's origin. */
export interface LogKey extends NoteKey, NoteSigner {
  /** The public key as others configure it. */
  readonly vkey: string;
}

/** Signs statements. */
export interface StatementKey {
  /** SHA-256, hex, of the public key as SubjectPublicKeyInfo. */
  readonly keyId: string;
  /** PEM. */
  readonly publicKey: string;
  sign(message: Uint8Array): Uint8Array;
}

export interface Keys extends Readonly<Record<LogName, LogKey>> {
  readonly statements: StatementKey;
}

export interface OpenKeysOptions {
  /** The keys lie in `keys/` below it. */
  readonly dataFolder: string;
  /** Cryptographically secure. */
  randomBytes(size: number): Uint8Array;
  /** Something was sealed before (the ledger holds entries or checkpoints): a missing key is lost, not yet to be made. */
  readonly sealed: boolean;
}

/**
 * The deployment's three Ed25519 keys, made on the first start: `<log>.key` in Go's private note form, `statements.key` as
 * PKCS#8, each readable by its owner alone; beside them, for everyone, `<log>.vkey` and `statements.pub`. Where a public half
 * exists the private one is never made anew. Errors: LOG_KEY_UNREADABLE, DATA_FOLDER_NOT_WRITABLE, DISK_FULL.
 */
export async function openKeys(options: OpenKeysOptions): Promise<Keys> {
  const folder = new KeyFolder(options);
  // Under `.invalid` no name ever resolves (RFC 6761): an origin has to be unique, and nobody need own a domain for it.
  const deployment = Buffer.from(options.randomBytes(8)).toString('hex');
  return {
    events: await openLogKey(folder, 'events', deployment),
    evidence: await openLogKey(folder, 'evidence', deployment),
    statements: await openStatementKey(folder),
  };
}

const maxKeyBytes = 10_000;

class KeyFolder {
  readonly #options: OpenKeysOptions;
  readonly #path: string;
  readonly #secret: DurableFolder;
  readonly #public: DurableFolder;

  constructor(options: OpenKeysOptions) {
    this.#options = options;
    this.#path = join(options.dataFolder, 'keys');
    this.#secret = new DurableFolder(this.#path, { log: 'keys', mode: 0o600 });
    this.#public = new DurableFolder(this.#path, { log: 'keys' });
  }

  /** The private key's file, made by `make` from a fresh seed if this is the first start. */
  async secret(name: string, publicName: string, make: (seed: Uint8Array) => string): Promise<string> {
    const text = await this.#read(name);
    if (text !== undefined) return text;
    if (this.#options.sealed || (await this.#read(publicName)) !== undefined) {
      throw this.unusable(name, 'it is missing, and something was signed with it before');
    }
    const made = make(this.#options.randomBytes(32));
    await this.#secret.create([{ path: name, bytes: Buffer.from(made, 'utf8') }]);
    return made;
  }

  /** Puts the public half beside it, and refuses one that belongs to another key. */
  async publish(name: string, publicName: string, text: string): Promise<void> {
    const before = await this.#read(publicName);
    if (before === text) return;
    if (before !== undefined) throw this.unusable(name, `${publicName} beside it belongs to another key`);
    await this.#public.create([{ path: publicName, bytes: Buffer.from(text, 'utf8') }]);
  }

  unusable(name: string, detail: string, cause?: unknown): AppError {
    const path = join(this.#path, name);
    return new AppError('LOG_KEY_UNREADABLE', { path, detail }, cause === undefined ? {} : { cause });
  }

  async #read(name: string): Promise<string | undefined> {
    try {
      const bytes = await this.#secret.read(name, maxKeyBytes);
      return bytes && Buffer.from(bytes).toString('utf8');
    } catch (cause) {
      throw this.unusable(name, 'it cannot be read', cause);
    }
  }
}

async function openLogKey(folder: KeyFolder, log: LogName, deployment: string): Promise<LogKey> {
  const file = `${log}.key`;
  const text = await folder.secret(file, `${log}.vkey`, (seed) => {
    const { publicKey } = ed25519Signer(ed25519PrivateKey(seed));
    return `${formatPrivateKey(noteKey(sha256, `reentry.invalid/${deployment}/${log}`, publicKey), seed)}\n`;
  });
  const parsed = parsePrivateKey(text.trimEnd());
  if (!parsed.ok) throw folder.unusable(file, `it is not a private note key (${parsed.reason})`);
  const { publicKey, sign } = ed25519Signer(ed25519PrivateKey(parsed.seed));
  const key = noteKey(sha256, parsed.name, publicKey);
  if (key.keyId !== parsed.keyId) throw folder.unusable(file, 'its key id does not belong to its key');
  const vkey = formatVkey(key);
  await folder.publish(file, `${log}.vkey`, `${vkey}\n`);
  return { ...key, vkey, sign };
}

async function openStatementKey(folder: KeyFolder): Promise<StatementKey> {
  const file = 'statements.key';
  const text = await folder.secret(file, 'statements.pub', (seed) =>
    ed25519PrivateKey(seed).export({ format: 'pem', type: 'pkcs8' }).toString(),
  );
  const secret = readPem(folder, file, text);
  if (secret.asymmetricKeyType !== 'ed25519') throw folder.unusable(file, 'it is not an Ed25519 key');
  const spki = createPublicKey(secret);
  const publicKey = spki.export({ format: 'pem', type: 'spki' }).toString();
  await folder.publish(file, 'statements.pub', publicKey);
  return {
    keyId: createHash('sha256')
      .update(spki.export({ format: 'der', type: 'spki' }))
      .digest('hex'),
    publicKey,
    sign: ed25519Signer(secret).sign,
  };
}

function readPem(folder: KeyFolder, file: string, text: string): KeyObject {
  try {
    return createPrivateKey(text);
  } catch (cause) {
    throw folder.unusable(file, 'it is not a private key in PEM', cause);
  }
}
