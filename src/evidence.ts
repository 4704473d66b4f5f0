/** Joins what only looks at an archive: for commands, and for the thread that verifies while the server works. */
import { createPublicKey } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { LedgerStore, LogName, ProjectionStore, StatementVerifier } from './app/ports.ts';
import type { ArchiveEvidence } from './app/verify-archive.ts';
import { payloadType } from './core/evidence/change-evidence.ts';
import { verifyEnvelope } from './core/evidence/dsse.ts';
import { utf8Text } from './core/evidence/utf8-text.ts';
import { ed25519PoolVerifier } from './core/tlog/node-primitives.ts';
import { verifyLog } from './ledger/verify-log.ts';

export const logNames = ['events', 'evidence'] as const;

/** Files and keys of a data folder beside its open database. */
export async function evidenceOf(
  path: string,
  database: { readonly ledger: LedgerStore; readonly projections: ProjectionStore },
): Promise<ArchiveEvidence> {
  return {
    path,
    present: logNames,
    database,
    statements: statementVerifier(await publicStatementKey(path)),
    logs: {
      verify: async (log, options) => {
        const vkey = await readOptional(join(path, 'keys', `${log}.vkey`));
        return verifyLog({
          ...options,
          folder: logFolder(path, log),
          log,
          store: database.ledger,
          ...(vkey === undefined ? {} : { vkey: vkey.trim() }),
        });
      },
    },
  };
}

/** One log's folder by itself: files and signature, without database and payloads. */
export function logEvidence(path: string): ArchiveEvidence {
  return {
    path,
    present: [basename(path) === 'events' ? 'events' : 'evidence'],
    database: undefined,
    statements: statementVerifier(undefined),
    logs: { verify: (log, options) => verifyLog({ ...options, folder: path, log }) },
  };
}

export function logFolder(dataFolder: string, log: LogName): string {
  return join(dataFolder, 'logs', log);
}

async function publicStatementKey(dataFolder: string): Promise<Uint8Array | undefined> {
  const pem = await readOptional(join(dataFolder, 'keys', 'statements.pub'));
  if (pem === undefined) return undefined;
  try {
    // The last 32 bytes of an Ed25519 SubjectPublicKeyInfo are the key (RFC 8410 section 4).
    return createPublicKey(pem).export({ format: 'der', type: 'spki' }).subarray(-32);
  } catch {
    return undefined;
  }
}

function statementVerifier(publicKey: Uint8Array | undefined): StatementVerifier {
  if (publicKey === undefined)
    return { open: async () => ({ reason: 'the public key keys/statements.pub is missing' }) };
  const verify = ed25519PoolVerifier(publicKey);
  return {
    open: async (envelope) => {
      const opened = await verifyEnvelope(utf8Text(envelope), payloadType, verify);
      return opened.ok ? { payload: opened.payload } : { reason: opened.reason };
    },
  };
}

async function readOptional(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch {
    return undefined;
  }
}
