import type { HostObservation } from './observation.ts';

/** What an observation is about, as the `subject` of its fact: `pull-request/7`, a commit, a reference, an account. */
export function observationSubject(observed: HostObservation): string {
  switch (observed.schema) {
    case 'reentry.pull-request/1':
      return `pull-request/${observed.number}`;
    case 'reentry.commit-accounts/1':
    case 'reentry.review/1':
    case 'reentry.review-comment/1':
    case 'reentry.review-thread/1':
      return `pull-request/${observed.pullRequest}`;
    case 'reentry.access/1':
      return `account/${observed.account.id}`;
    case 'reentry.gate-outcome/1':
    case 'reentry.merge-group/1':
      return observed.headSha;
    case 'reentry.push/1':
      return observed.ref;
    case 'reentry.deployment/1':
      return `deployment/${observed.hostId}`;
    case 'reentry.protection/1':
      return observed.branch ?? `protection/${observed.source?.id ?? ''}`;
    case 'reentry.alert/1':
      return `alert/${observed.kind}/${observed.number}`;
    case 'reentry.access-change/1':
      return observed.subject ?? observed.action;
  }
}
