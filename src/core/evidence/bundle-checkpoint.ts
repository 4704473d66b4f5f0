import { count } from '../sentence-parts.ts';
import { encodeHex } from '../tlog/bytes.ts';
import { type Checkpoint, parseCheckpoint } from '../tlog/checkpoint.ts';
import { parseNote } from '../tlog/note.ts';
import { keyIdIn, type NoteKey, parseClaimedVkey, sameKey } from '../tlog/note-key.ts';
import {
  type BundleKey,
  noEd25519,
  type SignatureCheck,
  shortened,
  type TrustedKeys,
  whoseKey,
} from './bundle-keys.ts';
import { type BundlePrimitives, type BundleStep, bundleStep } from './bundle-step.ts';
import type { ClaimedBundle } from './evidence-bundle.ts';

/** The checkpoint of a bundle as it reads; nothing of it is verified. */
export function claimedCheckpoint(note: string): Checkpoint | undefined {
  const parsed = parseNote(note);
  if (!parsed.ok) return undefined;
  const read = parseCheckpoint(parsed.note.text);
  return read.ok ? read.checkpoint : undefined;
}

/** The note's Ed25519 signature under the log's key (C2SP signed-note), and that checkpoint, key and bundle name one origin. */
export async function checkCheckpoint(
  bundle: Pick<ClaimedBundle, 'checkpoint' | 'vkey' | 'origin'>,
  trusted: TrustedKeys,
  primitives: BundlePrimitives,
): Promise<SignatureCheck> {
  const known = await readKey(trusted.vkey?.trim(), primitives);
  if (trusted.vkey !== undefined && !known) {
    const because = 'The trusted key that was given is no verifier key; it looks like name+1a2b3c4d+base64.';
    return { step: bundleStep('checkpoint', 'indeterminate', because), key: undefined };
  }
  const carried = await readKey(bundle.vkey, primitives);
  if (!carried) {
    const because =
      'The bundle’s verifier key is damaged: its name, key id and public key do not belong together.';
    return { step: bundleStep('checkpoint', 'violated', because), key: undefined };
  }
  const from = known ? 'verifier' : 'bundle';
  const key: BundleKey = { of: 'log', name: carried.name, fingerprint: carried.fingerprint, from };
  if (known && known.vkey !== bundle.vkey) {
    const because = `The bundle’s key (${shortened(carried.fingerprint)}) is not the one that you trust (${shortened(known.fingerprint)}): another log signed this.`;
    return { step: bundleStep('checkpoint', 'violated', because), key };
  }
  return { step: await checkNote(bundle, carried, from, primitives), key };
}

interface ReadKey extends NoteKey {
  readonly vkey: string;
  readonly fingerprint: string;
}

async function readKey(vkey: string | undefined, { sha256 }: BundlePrimitives): Promise<ReadKey | undefined> {
  const claimed = parseClaimedVkey(vkey ?? '');
  if (vkey === undefined || !claimed.ok) return undefined;
  if (keyIdIn(await sha256(claimed.identified)) !== claimed.key.keyId) return undefined;
  return { ...claimed.key, vkey, fingerprint: encodeHex(await sha256(claimed.key.publicKey)) };
}

async function checkNote(
  { checkpoint: text, origin }: Pick<ClaimedBundle, 'checkpoint' | 'origin'>,
  key: ReadKey,
  from: BundleKey['from'],
  { verifyEd25519 }: BundlePrimitives,
): Promise<BundleStep> {
  const violated = (because: string) => bundleStep('checkpoint', 'violated', because);
  const note = parseNote(text);
  if (!note.ok) return violated(`The checkpoint is no signed note (${note.reason}).`);
  const read = parseCheckpoint(note.note.text);
  if (!read.ok) return violated(`The signed note is no checkpoint (${read.reason}).`);
  if (read.checkpoint.origin !== origin || key.name !== origin) {
    return violated('Bundle, checkpoint and key do not name the same log.');
  }
  const signatures = note.note.signatures.filter((signature) => sameKey(signature, key));
  if (signatures.length === 0) return violated('The checkpoint is not signed under this key’s name and id.');
  const message = new TextEncoder().encode(note.note.text);
  const seen = {
    inputs: [
      { label: 'signed text', bytes: message },
      ...signatures.map(({ signature }) => ({ label: 'signature', bytes: signature })),
      { label: 'public key', bytes: key.publicKey },
    ],
  };
  // As for every reader of notes: one bad signature of a known key rejects the note, whatever the others are worth.
  for (const { signature } of signatures) {
    const holds = await verifyEd25519(key.publicKey, message, signature);
    if (holds === undefined) return bundleStep('checkpoint', 'indeterminate', noEd25519, seen);
    if (!holds) {
      return bundleStep(
        'checkpoint',
        'violated',
        'The signature does not belong to this checkpoint and key: one of the three was changed.',
        seen,
      );
    }
  }
  return bundleStep(
    'checkpoint',
    'satisfied',
    `${whoseKey('The log’s key', from)} It signed this root and the size ${count(read.checkpoint.size)}.`,
    seen,
  );
}
