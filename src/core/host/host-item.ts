import type { Capture } from '../evidence/capture.ts';
import type { HostObservation } from './observation.ts';

/** Where a thing at a code host stands among all others: whatever is told of it later takes the same place. */
export interface HostPlace {
  /** Of the repository; of what has none, of its owner; empty where neither is told. */
  readonly repositoryHostId: string;
  readonly schema: HostObservation['schema'];
  /** `pull-request/7`, a commit, `branch/main`: what it is looked up by. */
  readonly subject: string;
  /** Its own id beneath that; empty where there is one only. */
  readonly item: string;
}

/** What was told of it last, by the host's clock; of two at the same moment, what came later. */
export interface HostItemRow extends HostPlace {
  readonly occurredAt: string;
  readonly factSeq: number;
  readonly receivedAt: string;
  readonly capture: Capture;
  /** The observation as JSON. */
  readonly data: string;
}

/** Undefined for what has no state of its own: it happened, and stays in the log. */
export function placeOf(observed: HostObservation): HostPlace | undefined {
  const place = subjectAndItem(observed);
  if (place === undefined) return undefined;
  const repositoryHostId = observed.repository?.hostId ?? observed.owner?.id ?? '';
  return { repositoryHostId, schema: observed.schema, ...place };
}

function subjectAndItem(observed: HostObservation): Pick<HostPlace, 'subject' | 'item'> | undefined {
  switch (observed.schema) {
    case 'reentry.pull-request/1':
      return { subject: pullRequestSubject(observed.number), item: '' };
    case 'reentry.commit-accounts/1':
      return { subject: pullRequestSubject(observed.pullRequest), item: observed.headSha };
    case 'reentry.review/1':
    case 'reentry.review-comment/1':
    case 'reentry.review-thread/1':
      return { subject: pullRequestSubject(observed.pullRequest), item: observed.hostId };
    case 'reentry.access/1':
      return { subject: accountSubject(observed.account.id), item: '' };
    case 'reentry.gate-outcome/1':
      return {
        subject: observed.headSha,
        item: `${observed.kind}/${observed.hostId}/${observed.attempt ?? ''}`,
      };
    case 'reentry.push/1':
      return { subject: observed.after, item: observed.ref };
    case 'reentry.merge-group/1':
      return { subject: observed.headSha, item: '' };
    case 'reentry.deployment/1':
      return { subject: observed.sha, item: observed.hostId };
    case 'reentry.protection/1':
      return { subject: branchSubject(observed.branch ?? ''), item: observed.source?.id ?? '' };
    case 'reentry.alert/1':
      return { subject: 'alert', item: `${observed.kind}/${observed.number}` };
    case 'reentry.access-change/1':
      return undefined;
  }
}

export function pullRequestSubject(number: number): string {
  return `pull-request/${number}`;
}

export function accountSubject(accountId: string): string {
  return `account/${accountId}`;
}

/** Empty for a source that was told by itself. */
export function branchSubject(branch: string): string {
  return `branch/${branch}`;
}
