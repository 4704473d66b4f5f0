import type { DeliveryReceiver } from '../app/delivery-ports.ts';
import type { LedgerStore, LogName } from '../app/ports.ts';
import type { ReportReceiver } from '../app/report-ports.ts';
import type {
  ActionRecorder,
  ChangeReader,
  Door,
  EntryReader,
  PublishedLog,
  WorkBoard,
} from '../app/serving-ports.ts';
import type { Settings } from '../contract/door.ts';
import type { HostKind } from '../core/host/observation.ts';

/** What the server asks of the process around it. */
export interface ServerParts {
  readonly version: string;
  readonly changes: ChangeReader;
  readonly entries: EntryReader;
  readonly logs: Readonly<Record<LogName, PublishedLog>>;
  readonly ledger: Pick<LedgerStore, 'size'>;
  readonly statementKey: { readonly keyId: string; readonly publicKey: Uint8Array };
  readonly work: WorkBoard;
  readonly door: Door;
  readonly actions: ActionRecorder;
  readonly reports: ReportReceiver;
  /** Undefined where no secret is set: then nobody could tell who sent a delivery. */
  readonly webhooks: Readonly<Partial<Record<HostKind, DeliveryReceiver | undefined>>>;
  now(): Date;
  settings(): Promise<Settings>;
  /** Why no work should be sent here now; empty while all is well. */
  obstacles(): Promise<readonly string[]>;
  /** The listener takes calls from this machine only: then a foreign name in `Host` is somebody's rebound DNS. */
  loopbackOnly(): boolean;
  /** The process is ending: what runs is finished, nothing new is begun. */
  draining(): boolean;
  /** Somebody has just come in through a one-time link. */
  onJoined(): void;
  readonly settled: ServerSettings;
}

/** What does not change while the server runs. */
export interface ServerSettings {
  /** Where `events/` and `evidence/` with their published files lie. */
  readonly logFolder: string;
  /** The built pages; undefined where there are none. */
  readonly webFolder: string | undefined;
  /** The address that people type where a proxy stands in front; undefined = the one they called. */
  readonly publicUrl: string | undefined;
  /** Addresses whose `X-Forwarded-…` headers are believed. */
  readonly trustedProxies: readonly string[];
  readonly log: { readonly level: LogLevel; write(line: string): void };
  /** Requests a minute of one caller, or of one address where nobody is signed in. */
  readonly requestsPerMinute: number;
  /** Passwords and one-time links that one address may try in a minute. */
  readonly attemptsPerMinute: number;
  /** Mean delay of the event loop over a second, beyond which requests are refused: taking more makes it worse for everybody. */
  readonly maxEventLoopDelayMs: number;
}

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';
