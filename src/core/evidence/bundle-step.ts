import type { Outcome } from '../gate/outcome.ts';

/**
 * What the verification needs of the machine: `node:crypto` or Web Crypto. All may be asynchronous. They reject where the machine
 * fails, never because of what they are given.
 */
export interface BundlePrimitives {
  /** 32 bytes. */
  sha256(bytes: Uint8Array): Promise<Uint8Array> | Uint8Array;
  /** RFC 2104; the key has 32 bytes. */
  hmacSha256(key: Uint8Array, message: Uint8Array): Promise<Uint8Array> | Uint8Array;
  /** RFC 8032 under a public key of 32 bytes; undefined where this machine knows no Ed25519. */
  verifyEd25519(
    publicKey: Uint8Array,
    message: Uint8Array,
    signature: Uint8Array,
  ): Promise<boolean | undefined> | boolean | undefined;
}

/** In this order. */
export type StepId = 'payload' | 'commitment' | 'leaf' | 'inclusion' | 'checkpoint' | 'statement';

export interface NamedBytes {
  readonly label: string;
  readonly bytes: Uint8Array;
}

/** One hash of the way from the leaf to the root. */
export interface FoldLevel {
  /** Where the proof's hash stands beside the running one. */
  readonly side: 'left' | 'right';
  readonly sibling: Uint8Array;
  /** SHA-256(0x01 ‖ left ‖ right). */
  readonly hash: Uint8Array;
}

/** One check of a bundle, with everything that it looked at. */
export interface BundleStep {
  readonly id: StepId;
  readonly title: string;
  readonly result: Outcome;
  /** Whole sentences. Quotes of the bundle in them are hostile text. */
  readonly because: string;
  readonly inputs: readonly NamedBytes[];
  /** What this machine made of the inputs, and what it has to equal; null where there is no such thing. */
  readonly computed: Uint8Array | null;
  readonly expected: Uint8Array | null;
  /** Of the inclusion step alone, lowest first. */
  readonly levels: readonly FoldLevel[];
}

const titles: Readonly<Record<StepId, string>> = {
  payload: 'Hash of the payload',
  commitment: 'Commitment of the entry to the payload',
  leaf: 'Hash of the entry as a leaf',
  inclusion: 'Place of the leaf under the log’s root',
  checkpoint: 'The log’s signature on that root',
  statement: 'Signature and form of the statement',
};

/** A step with what is known of it; the rest is empty. */
export function bundleStep(
  id: StepId,
  result: Outcome,
  because: string,
  seen: Partial<Pick<BundleStep, 'inputs' | 'computed' | 'expected' | 'levels'>> = {},
): BundleStep {
  return {
    id,
    title: titles[id],
    result,
    because,
    inputs: seen.inputs ?? [],
    computed: seen.computed ?? null,
    expected: seen.expected ?? null,
    levels: seen.levels ?? [],
  };
}
