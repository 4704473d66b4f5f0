import { createHash } from 'node:crypto';
import { encodeBase64 } from '../../tlog/bytes.ts';
import { formatCheckpoint } from '../../tlog/checkpoint.ts';
import { commitmentTo, encodeEntry } from '../../tlog/entry.ts';
import { inclusionProof } from '../../tlog/inclusion-proof.ts';
import {
  ed25519PrivateKey,
  ed25519Signer,
  ed25519Verifier,
  hmacSha256,
  sha256,
} from '../../tlog/node-primitives.ts';
import { signNote } from '../../tlog/note.ts';
import { formatVkey, noteKey } from '../../tlog/note-key.ts';
import { NaiveTree } from '../../tlog/testing/naive-tree.ts';
import type { BundlePrimitives } from '../bundle-step.ts';
import { payloadType, predicateType, statementType } from '../change-evidence.ts';
import { signEnvelope } from '../dsse.ts';
import type { ClaimedBundle } from '../evidence-bundle.ts';

/** The primitives of this machine; asynchronous, as a browser's are. */
export const nodePrimitives: BundlePrimitives = {
  sha256: async (bytes) => sha256(bytes),
  hmacSha256: async (key, message) => hmacSha256(key, message),
  verifyEd25519: async (publicKey, message, signature) => ed25519Verifier(publicKey)(message, signature),
};

export const statement = {
  _type: statementType,
  subject: [{ name: 'merge', digest: { gitCommit: 'a'.repeat(40) } }],
  predicateType,
  predicate: {
    change: { repo: 'github.com/example/shop', id: 'pr/7', title: 'Take cards' },
    attribution: {},
    risk: {},
    supersedes: null,
    derivedFrom: {
      log: 'log.example/events',
      checkpoint: { size: 9, root: 'b'.repeat(64) },
      entries: [{ index: 3, digest: 'c'.repeat(64) }],
    },
  },
};

export type Bundle = ClaimedBundle & { readonly schema: string };

const origin = 'log.example/evidence';

export interface MadeLog {
  readonly size: number;
  bundle(index: number): Bundle;
}

/** A log of signed statements in memory, written and proven by `core/tlog`, like the evidence log of a deployment. */
export function madeLog(
  size: number,
  { seed = 1, content = statement as unknown, type = payloadType as string, noteOrigin = origin } = {},
): MadeLog {
  const signer = ed25519Signer(ed25519PrivateKey(new Uint8Array(32).fill(seed)));
  const key = { ...noteKey(sha256, origin, signer.publicKey), sign: signer.sign };
  const keyId = createHash('sha256').update(spki(signer.publicKey)).digest('hex');
  const text = new TextEncoder();
  const rows = Array.from({ length: size }, (_, index) => {
    const salt = sha256(text.encode(`salt ${index}`));
    const statementBytes = text.encode(JSON.stringify(content));
    const payload = text.encode(signEnvelope(type, statementBytes, { keyId, sign: signer.sign }));
    const commitment = commitmentTo(hmacSha256, salt, payload);
    const id = sha256(text.encode(`id ${index}`)).subarray(0, 16);
    return {
      salt,
      payload,
      entry: encodeEntry({ kind: 2, timeMs: 1_700_000_000_000 + index, id, commitment }),
    };
  });
  const tree = new NaiveTree(rows.map(({ entry }) => entry));
  const checkpoint = signNote(
    formatCheckpoint({ origin: noteOrigin, size: BigInt(size), root: tree.root(0, size), extensions: [] }),
    [key],
  );
  return {
    size,
    bundle: (index) => {
      const row = rows[index];
      const proof = inclusionProof(BigInt(index), BigInt(size), ({ start, end }) =>
        tree.root(Number(start), Number(end)),
      );
      if (!row || !proof.ok) throw new RangeError(`entry ${index} of ${size}`);
      return {
        schema: 'reentry.evidence-bundle/1',
        log: 'evidence',
        origin,
        index,
        entry: encodeBase64(row.entry),
        salt: encodeBase64(row.salt),
        payload: encodeBase64(row.payload),
        proof: proof.proof.map(encodeBase64),
        checkpoint,
        vkey: formatVkey(key),
        statementKey: { keyId, publicKey: encodeBase64(signer.publicKey) },
      };
    },
  };
}

function spki(publicKey: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), publicKey]);
}
