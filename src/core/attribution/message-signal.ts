import type { SignalKind, SignalRole } from './attribution.ts';

/** What one line of a commit message says about agents. */
export interface MessageSignal {
  readonly kind: SignalKind;
  readonly role: SignalRole;
  /** 1-indexed line of the message. */
  readonly line: number;
  /** The line as written, without outer blanks. */
  readonly value: string;
  /** Canonical id; undefined where the line speaks of an agent without naming it. */
  readonly agent?: string;
  readonly model?: string;
  readonly sessionId?: string;
  readonly user?: string;
  /** The agent that the display name suggests where the address says another one. */
  readonly nameSays?: string;
  /** Only together with another signal of the commit does it say something about authorship (`Model: …`). */
  readonly supporting?: true;
  /** For a session line: the model that the same paragraph names for the same agent. */
  readonly besideModel?: string;
}

/** A line's meaning before it knows where it stands. */
export type LineMeaning = Omit<MessageSignal, 'line' | 'value' | 'besideModel'>;
