/** What the intake of webhooks asks of the world. Implemented in intake/ (one reader a host) and store/. */

import type { HostKind, HostObservation } from '../core/host/observation.ts';

/** A request to a webhook's address, as it came. */
export interface RawDelivery {
  /** Names in small letters; of a header that came twice the first. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** Byte for byte: it is what was signed. */
  readonly body: Uint8Array;
  readonly receivedAt: Date;
}

/** What a delivery says of itself, whoever sent it: nothing of it is signed. Null where it is missing or malformed. */
export interface DeliveryLabel {
  readonly deliveryId: string | null;
  readonly event: string | null;
}

export type SignatureCheck = { readonly ok: true } | { readonly ok: false; readonly because: string };

/** What a well-signed delivery tells. */
export type DeliveryReading = {
  readonly action: string | null;
  /** What was left out of it; places and counts, no values. */
  readonly remarks: readonly string[];
} & (
  | { readonly result: 'observed'; readonly observations: readonly HostObservation[] }
  | { readonly result: 'ignored'; readonly because: string }
  | { readonly result: 'not-understood'; readonly because: string }
);

/** The webhooks of one kind of host. */
export interface WebhookReader {
  readonly host: HostKind;
  label(delivery: RawDelivery): DeliveryLabel;
  /** In time that tells nothing of the secrets. */
  verify(delivery: RawDelivery): Promise<SignatureCheck>;
  /** Of a verified delivery only. Total: what cannot be understood is a result. At most 1,000 observations. */
  read(delivery: RawDelivery): DeliveryReading;
}

/**
 * `stored`: facts were added. `duplicate`: this delivery, or the bytes of it, came before. `ignored`: understood, nothing to keep.
 * `not-understood`: well signed, but not what we know. `refused`: nobody who knows the secret signed it.
 */
export type DeliveryOutcome = 'stored' | 'duplicate' | 'ignored' | 'not-understood' | 'refused';

/** One line of the bookkeeping. Of a refused one, id and event are the sender's word. */
export interface DeliveryRow {
  readonly host: HostKind;
  readonly deliveryId: string | null;
  readonly event: string | null;
  readonly action: string | null;
  /** RFC 3339 in UTC with milliseconds. */
  readonly receivedAt: string;
  readonly outcome: DeliveryOutcome;
  /** Facts that were added. */
  readonly facts: number;
  readonly bytes: number;
  /** SHA-256 of the body. */
  readonly digest: Uint8Array;
  /** Why, or what was left out; null where there is nothing to say. Never a value of the payload. */
  readonly detail: string | null;
}

/** Which deliveries came and what became of them. Rows are only ever added. */
export interface DeliveryStore {
  /** Whether a delivery of that id has told all that it can: its facts are stored. What was not understood may be one day. */
  isStored(host: HostKind, deliveryId: string): Promise<boolean>;
  /** Durable when it resolves. */
  add(row: DeliveryRow): Promise<void>;
  /** By the time when they were received, newest first. */
  newest(host: HostKind, limit: number): Promise<readonly DeliveryRow[]>;
  /** The newest one that was signed, whatever became of it. */
  newestSigned(host: HostKind): Promise<DeliveryRow | undefined>;
}

/** What whoever sent it is told. */
export interface Receipt {
  readonly outcome: DeliveryOutcome;
  readonly facts: number;
  readonly detail: string | null;
}

/** Takes deliveries of one host. */
export interface DeliveryReceiver {
  /**
   * Resolves once what it tells is durable. Errors: RATE_LIMITED while too many are under way, SERVER_BUSY where the database
   * takes too long (the facts may be stored all the same; sending it again is safe).
   */
  receive(delivery: RawDelivery): Promise<Receipt>;
}
