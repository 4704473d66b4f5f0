import type { BundleStep } from './bundle-step.ts';

/** What whoever verifies knows from elsewhere. Without it the keys inside the bundle are used, and the steps say so. */
export interface TrustedKeys {
  /** Verifier key of the log (C2SP vkey). */
  readonly vkey?: string | undefined;
  /** Public key of the statements, 32 bytes. */
  readonly statementKey?: Uint8Array | undefined;
  /** Lower-case hex SHA-256 of the statement that was shown. */
  readonly statementDigest?: string | undefined;
}

export interface BundleKey {
  readonly of: 'log' | 'statement';
  readonly name: string;
  /** Lower-case hex SHA-256 of the 32 bytes of the public key. */
  readonly fingerprint: string;
  /** The verifier's own key, or only the one that came along. */
  readonly from: 'verifier' | 'bundle';
}

export interface SignatureCheck {
  readonly step: BundleStep;
  /** Undefined where none could be read. */
  readonly key: BundleKey | undefined;
}

export const noEd25519 =
  'This machine’s browser or library knows no Ed25519, so the signature could not be checked here.';

/** How far the name of that key’s owner can be relied on, as a sentence. */
export function whoseKey(what: string, from: BundleKey['from']): string {
  return from === 'verifier'
    ? `${what} is the one that you trust.`
    : `${what} came inside the bundle: compare its fingerprint with one that you have from elsewhere.`;
}

export function shortened(fingerprint: string): string {
  return `${fingerprint.slice(0, 16)}…`;
}
