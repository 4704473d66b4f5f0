import { count } from '../sentence-parts.ts';
import { concatBytes, decodeBase64, equalBytes } from '../tlog/bytes.ts';
import type { Checkpoint } from '../tlog/checkpoint.ts';
import { commitmentOffset, decodeEntry, entryBytes } from '../tlog/entry.ts';
import { inclusionSteps } from '../tlog/inclusion-proof.ts';
import { hashBytes } from '../tlog/tree-hash.ts';
import { type BundlePrimitives, type BundleStep, bundleStep, type FoldLevel } from './bundle-step.ts';
import type { ClaimedBundle } from './evidence-bundle.ts';

/** The bundle's texts as bytes; undefined where one is not canonical base64. */
export interface BundleBytes {
  readonly entry: Uint8Array | undefined;
  readonly salt: Uint8Array | null | undefined;
  readonly payload: Uint8Array | null | undefined;
}

export function bundleBytes({ entry, salt, payload }: ClaimedBundle): BundleBytes {
  return {
    entry: decodeBase64(entry),
    salt: salt === null ? null : decodeBase64(salt),
    payload: payload === null ? null : decodeBase64(payload),
  };
}

const erased = 'Payload and salt were erased; the entry and its place in the log are still proven.';
const notBase64 = 'is not canonical base64: it was changed after it was written.';

/** SHA-256 of the payload, to compare with other copies; what ties it to the log is the commitment. */
export async function checkPayload(
  { payload, salt }: BundleBytes,
  { sha256 }: BundlePrimitives,
): Promise<BundleStep> {
  if (payload === undefined) return bundleStep('payload', 'violated', `The payload ${notBase64}`);
  if (payload === null && salt === null) return bundleStep('payload', 'not_applicable', erased);
  if (payload === null) {
    return bundleStep(
      'payload',
      'violated',
      'The payload is missing, though its salt is here: an erasure takes both.',
    );
  }
  const computed = await sha256(payload);
  return bundleStep(
    'payload',
    'satisfied',
    `All ${count(payload.length)} bytes were read and hashed here. The next step shows that the log committed to these bytes and no others.`,
    { inputs: [{ label: 'payload', bytes: payload }], computed },
  );
}

/** HMAC-SHA-256 of the payload under the salt is what the entry carries from byte 26 on (`core/tlog/entry.ts`). */
export async function checkCommitment(
  { entry, payload, salt }: BundleBytes,
  { hmacSha256 }: BundlePrimitives,
): Promise<BundleStep> {
  if (payload === null && salt === null) return bundleStep('commitment', 'not_applicable', erased);
  if (salt === undefined) return bundleStep('commitment', 'violated', `The salt ${notBase64}`);
  if (salt === null) {
    return bundleStep(
      'commitment',
      'violated',
      'The salt is missing, though its payload is here: an erasure takes both.',
    );
  }
  if (!payload) return bundleStep('commitment', 'indeterminate', 'There is no payload to compute it from.');
  if (salt.length !== 32) {
    return bundleStep('commitment', 'violated', `A salt has 32 bytes, this one has ${salt.length}.`);
  }
  const expected = entry?.length === entryBytes ? entry.subarray(commitmentOffset) : null;
  const computed = await hmacSha256(salt, payload);
  const seen = {
    inputs: [
      { label: 'salt (the key)', bytes: salt },
      { label: 'payload (the message)', bytes: payload },
    ],
    computed,
    expected,
  };
  if (!expected)
    return bundleStep(
      'commitment',
      'indeterminate',
      'The entry is unreadable: there is nothing to compare with.',
      seen,
    );
  return equalBytes(computed, expected)
    ? bundleStep(
        'commitment',
        'satisfied',
        'HMAC-SHA-256 of the payload under the salt is what the entry carries in its last 32 bytes.',
        seen,
      )
    : bundleStep(
        'commitment',
        'violated',
        'HMAC-SHA-256 of this payload under this salt is not what the entry carries: payload, salt or entry was changed.',
        seen,
      );
}

/** Kinds as `entryKind` of fact.ts; that file needs node:crypto, this one must not. */
const kindOfLog = { events: 1, evidence: 2 } as const;
const kindNames: Readonly<Record<number, string>> = { 1: 'a fact', 2: 'an evidence record', 3: 'an erasure' };

export interface Leaf {
  readonly step: BundleStep;
  readonly hash: Uint8Array | undefined;
}

/** SHA-256(0x00 ‖ entry), RFC 6962 section 2.1; and that the entry reads as one of this log. */
export async function checkLeaf(
  log: ClaimedBundle['log'],
  { entry }: BundleBytes,
  { sha256 }: BundlePrimitives,
): Promise<Leaf> {
  if (!entry) return { step: bundleStep('leaf', 'violated', `The entry ${notBase64}`), hash: undefined };
  const hash = await sha256(concatBytes([Uint8Array.of(0), entry]));
  const seen = { inputs: [{ label: 'entry', bytes: entry }], computed: hash };
  const decoded = decodeEntry(entry);
  if (!decoded.ok) {
    const because = `These ${count(entry.length)} bytes are no entry (its ${decoded.reason} is wrong); an entry has ${entryBytes}.`;
    return { step: bundleStep('leaf', 'violated', because, seen), hash };
  }
  const { kind } = decoded.entry;
  const name = kindNames[kind] ?? `an entry of kind ${kind}`;
  const foreign = kind === kindOfLog[log === 'events' ? 'evidence' : 'events'];
  const step = foreign
    ? bundleStep('leaf', 'violated', `The entry is ${name}, which the log ${log} does not hold.`, seen)
    : bundleStep(
        'leaf',
        'satisfied',
        `The entry is ${name}. Its hash as a leaf of the log’s tree is SHA-256 of a zero byte and the entry.`,
        seen,
      );
  return { step, hash };
}

/** Folds the proof over the leaf's hash, level by level, and compares with the checkpoint's root (RFC 9162 section 2.1.3.2). */
export async function checkInclusion(
  { index, proof: texts }: Pick<ClaimedBundle, 'index' | 'proof'>,
  leafHash: Uint8Array | undefined,
  checkpoint: Checkpoint | undefined,
  primitives: BundlePrimitives,
): Promise<BundleStep> {
  const proof = texts.map(decodeBase64);
  const badHash = proof.findIndex((hash) => hash?.length !== hashBytes);
  if (badHash !== -1) {
    return bundleStep(
      'inclusion',
      'violated',
      `Hash ${badHash + 1} of the proof is not 32 bytes in canonical base64.`,
    );
  }
  if (!leafHash)
    return bundleStep(
      'inclusion',
      'indeterminate',
      'The entry is unreadable: there is no leaf to start from.',
    );
  if (!checkpoint) {
    return bundleStep(
      'inclusion',
      'indeterminate',
      'The checkpoint is unreadable: there is no root to compare with.',
    );
  }
  const { size, root } = checkpoint;
  const steps = inclusionSteps(BigInt(index), size);
  if (!steps.ok) {
    return bundleStep(
      'inclusion',
      'violated',
      `Entry ${count(index)} does not lie under this checkpoint, which covers ${count(size)} entries.`,
    );
  }
  if (proof.length !== steps.sides.length) {
    return bundleStep(
      'inclusion',
      'violated',
      `For entry ${count(index)} of ${count(size)} the proof has ${steps.sides.length} hashes, this one has ${proof.length}.`,
    );
  }
  const levels = await fold(
    leafHash,
    proof.filter((hash) => hash !== undefined),
    steps.sides,
    primitives,
  );
  const computed = levels.at(-1)?.hash ?? leafHash;
  const seen = { inputs: [{ label: 'leaf hash', bytes: leafHash }], computed, expected: root, levels };
  return equalBytes(computed, root)
    ? bundleStep(
        'inclusion',
        'satisfied',
        `Hashed with the ${levels.length} hashes of the proof, entry ${count(index)} leads to the root of the log at size ${count(size)}.`,
        seen,
      )
    : bundleStep(
        'inclusion',
        'violated',
        `Hashed with the proof, entry ${count(index)} leads to another root than the checkpoint’s: entry, index, proof or checkpoint was changed.`,
        seen,
      );
}

async function fold(
  leafHash: Uint8Array,
  proof: readonly Uint8Array[],
  sides: readonly FoldLevel['side'][],
  { sha256 }: BundlePrimitives,
): Promise<readonly FoldLevel[]> {
  const levels: FoldLevel[] = [];
  let running = leafHash;
  for (const [at, sibling] of proof.entries()) {
    const side = sides[at] ?? 'right';
    const [left, right] = side === 'left' ? [sibling, running] : [running, sibling];
    running = await sha256(concatBytes([Uint8Array.of(1), left, right]));
    levels.push({ side, sibling, hash: running });
  }
  return levels;
}
