import type { ObservedChange } from '../change/observed-change.ts';

/** Web addresses of the change on its code host, for hosts whose scheme is known by name; else none. */
export function changeUrls(change: Pick<ObservedChange, 'repo' | 'number' | 'mergeSha'>): readonly string[] {
  const { id } = change.repo;
  const host = id.slice(0, id.indexOf('/'));
  const base = `https://${id}`;
  switch (host) {
    case 'github.com':
    case 'codeberg.org': {
      const pull = host === 'github.com' ? 'pull' : 'pulls';
      return [
        ...(change.number === undefined ? [] : [`${base}/${pull}/${change.number}`]),
        `${base}/commit/${change.mergeSha}`,
      ];
    }
    case 'gitlab.com':
      return [
        ...(change.number === undefined ? [] : [`${base}/-/merge_requests/${change.number}`]),
        `${base}/-/commit/${change.mergeSha}`,
      ];
    default:
      return [];
  }
}
