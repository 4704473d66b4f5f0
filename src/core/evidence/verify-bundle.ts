import { decodeEntry } from '../tlog/entry.ts';
import { checkCheckpoint, claimedCheckpoint } from './bundle-checkpoint.ts';
import type { BundleKey, TrustedKeys } from './bundle-keys.ts';
import { bundleBytes, checkCommitment, checkInclusion, checkLeaf, checkPayload } from './bundle-place.ts';
import { checkStatement } from './bundle-statement.ts';
import type { BundlePrimitives, BundleStep } from './bundle-step.ts';
import { type ClaimedBundle, type NotABundle, readBundle, readBundleText } from './evidence-bundle.ts';

/** All steps of one bundle, in order, and what they come to. */
export interface BundleVerification {
  readonly ok: true;
  /** `violated` where a step is, else `indeterminate` where one is; never `satisfied` on missing data. */
  readonly result: 'satisfied' | 'violated' | 'indeterminate';
  /** In one or two sentences. */
  readonly because: string;
  readonly steps: readonly BundleStep[];
  readonly keys: readonly BundleKey[];
  readonly about: {
    readonly log: 'events' | 'evidence';
    readonly origin: string;
    readonly index: number;
    /** As the entry says; null where it is unreadable. */
    readonly acceptedMs: number | null;
    /** Entries that the checkpoint covers; null where it is unreadable. */
    readonly size: bigint | null;
    /** The signed statement, form checked, content hostile; null where there is none or its step is not satisfied. */
    readonly statement: unknown;
  };
}

/**
 * Verifies an evidence bundle from outside, given as parsed JSON, with nothing but the bundle, the keys and the primitives: hash of
 * the payload, commitment, leaf, inclusion, checkpoint and statement. Every step is computed, whatever the others came to. Rejects
 * only where a primitive does.
 */
export async function verifyBundle(
  value: unknown,
  primitives: BundlePrimitives,
  trusted: TrustedKeys = {},
): Promise<BundleVerification | NotABundle> {
  const read = readBundle(value);
  return read.ok ? verifyClaimed(read.bundle, primitives, trusted) : read;
}

/** As `verifyBundle`, of the text of a file. */
export async function verifyBundleText(
  text: string,
  primitives: BundlePrimitives,
  trusted: TrustedKeys = {},
): Promise<BundleVerification | NotABundle> {
  const read = readBundleText(text);
  return read.ok ? verifyClaimed(read.bundle, primitives, trusted) : read;
}

async function verifyClaimed(
  bundle: ClaimedBundle,
  primitives: BundlePrimitives,
  trusted: TrustedKeys,
): Promise<BundleVerification> {
  const bytes = bundleBytes(bundle);
  const claimed = claimedCheckpoint(bundle.checkpoint);
  const leaf = await checkLeaf(bundle.log, bytes, primitives);
  const checkpoint = await checkCheckpoint(bundle, trusted, primitives);
  const statement = await checkStatement(bundle, bytes, trusted, primitives);
  const steps = [
    await checkPayload(bytes, primitives),
    await checkCommitment(bytes, primitives),
    leaf.step,
    await checkInclusion(bundle, leaf.hash, claimed, primitives),
    checkpoint.step,
    statement.step,
  ];
  const keys = [checkpoint.key, statement.key].filter((key) => key !== undefined);
  const entry = bytes.entry && decodeEntry(bytes.entry);
  return {
    ok: true,
    ...conclusion(steps, keys),
    steps,
    keys,
    about: {
      log: bundle.log,
      origin: bundle.origin,
      index: bundle.index,
      acceptedMs: entry?.ok ? entry.entry.timeMs : null,
      size: claimed?.size ?? null,
      statement: statement.statement,
    },
  };
}

function conclusion(
  steps: readonly BundleStep[],
  keys: readonly BundleKey[],
): Pick<BundleVerification, 'result' | 'because'> {
  const violated = steps.filter(({ result }) => result === 'violated');
  if (violated.length > 0) {
    const names = violated.map(({ title }) => `“${title}”`).join(', ');
    return {
      result: 'violated',
      because: `This evidence does not hold: ${names}. Do not rely on it; ask for another copy.`,
    };
  }
  const open = steps.filter(({ result }) => result === 'indeterminate');
  if (open.length > 0) {
    const names = open.map(({ title }) => `“${title}”`).join(', ');
    return {
      result: 'indeterminate',
      because: `Nothing contradicts this evidence, but not everything could be checked: ${names}.`,
    };
  }
  const gone = steps.some(({ id, result }) => id === 'payload' && result === 'not_applicable');
  const whole = gone
    ? 'The entry stands in the log as sealed; its content was erased and is not proven.'
    : 'Payload, entry, place in the log and signatures belong together, byte for byte.';
  const own = keys.every(({ from }) => from === 'verifier');
  return {
    result: 'satisfied',
    because: own
      ? `${whole} They were signed with keys that you trust.`
      : `${whole} Whose log it is, only the key tells: compare its fingerprint with one that you have from elsewhere.`,
  };
}
