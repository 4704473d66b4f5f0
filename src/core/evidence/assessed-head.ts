import type { ObservedChange } from '../change/observed-change.ts';
import type { ToldInput } from '../gate/told-input.ts';
import type { HostAccount, ObservedProtection } from '../host/observation.ts';

/** Why a head was assessed: seen for the first time, another head, merged, or something was learned of a head known before. */
export type AssessedMoment = 'first-assessed' | 'new-head' | 'merged' | 'learned-later';

/** Which rules applied: read from the base branch, never from the pull request. */
export interface AppliedPolicy {
  readonly source: 'base-branch' | 'organization' | 'none';
  /** The commit that it was read at; null where there is none. */
  readonly commit: string | null;
  readonly path: string;
  /** As it is in the repository; null where there is no file, or none that could be taken. */
  readonly text: string | null;
  /** Why there is no text. */
  readonly because: string | null;
}

/** Whether what landed is what was approved: of the same tree, or exactly what git makes of the head and its base. */
export interface MergedContent {
  readonly is: 'same-tree' | 'clean-merge' | 'different' | 'unknown';
  /** What git makes of the two by itself; null where it could not be asked. */
  readonly tree: string | null;
  /** Commits of the branch's own line that it brought: several of a rebase, else the one that landed. */
  readonly landed: readonly string[];
}

/** The pull request as it stood; what of it a policy may ask for is in `known`. */
export interface PullRequestThen {
  readonly host: string;
  readonly repositoryHostId: string;
  readonly hostId: string;
  readonly number: number;
  readonly title: string;
  readonly url: string;
  readonly state: 'open' | 'closed' | 'merged';
  readonly draft: boolean;
  readonly author: HostAccount | null;
  readonly mergedBy: HostAccount | null;
  readonly createdAt: string;
  readonly closedAt: string | null;
}

/**
 * The data of a `change.assessed` fact: one head of a pull request with everything that a verdict follows from, so that attribution,
 * score, verdict and evidence record can be derived again from this fact alone.
 */
export interface AssessedHead {
  readonly schema: 'reentry.assessed-head/1';
  /** From the merge base to the head; once merged, what landed. */
  readonly change: ObservedChange;
  readonly moment: AssessedMoment;
  /** SHA-256, hex, over everything that is worth a record of its own when it changes. */
  readonly state: string;
  readonly pullRequest: PullRequestThen;
  readonly known: ToldInput;
  readonly policy: AppliedPolicy;
  readonly protection: Pick<
    ObservedProtection,
    'rules' | 'enforcement' | 'bypass' | 'sources' | 'branch'
  > | null;
  /** Null while it is open. */
  readonly merged: MergedContent | null;
  /** How each review (`review/<host id>`) and gate outcome (`gate/<host id>`) came to us. */
  readonly captured: readonly {
    readonly hostId: string;
    readonly capture: 'live' | 'backfilled';
    readonly occurredAt: string;
    readonly receivedAt: string;
  }[];
  /** The host's facts that this rests on: index in the events log, SHA-256, hex, of the data as JSON. */
  readonly told: readonly { readonly index: number; readonly digest: string }[];
}
