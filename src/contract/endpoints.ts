import type { Action, Resource } from '../core/access/permissions.ts';

/** One route of the HTTP API: what it is called by the pages, where it is, and which permission it needs. */
export interface Endpoint {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly path: `/api/v1/${string}`;
  readonly resource: Resource;
  readonly action: Action;
  readonly summary: string;
  /** The answer is not JSON but a file. */
  readonly file?: 'text/csv' | 'application/octet-stream';
  /** The body is no JSON but a file, of so many bytes at most. */
  readonly uploadBytes?: number;
  /** What it does is a fact that names who did it, so none is sealed before: 201 tells that it stands. */
  readonly sealsItself?: true;
}

/**
 * Every route under `/api/v1`. Plain data, so that the pages carry no schema library; `api.ts` holds the shapes. Repositories and
 * changes are named in the query, since their ids contain slashes that many proxies do not pass on inside a path.
 */
export const endpoints = {
  getProfile: at('GET', '/api/v1/me', 'own-profile', 'read', 'Who is signed in, and what they may do'),
  listOwnSessions: at('GET', '/api/v1/me/sessions', 'own-session', 'read', 'Where the caller is signed in'),
  revokeOwnSession: at(
    'DELETE',
    '/api/v1/me/sessions',
    'own-session',
    'delete',
    'End one of the caller’s sessions',
  ),
  listOwnKeys: at('GET', '/api/v1/me/keys', 'own-api-key', 'read', 'API keys of the caller'),
  createOwnKey: at(
    'POST',
    '/api/v1/me/keys',
    'own-api-key',
    'create',
    'Make an API key; its secret is shown once',
  ),
  revokeOwnKey: at('DELETE', '/api/v1/me/keys', 'own-api-key', 'delete', 'Revoke an API key of the caller'),

  getOverview: at('GET', '/api/v1/overview', 'overview', 'read', 'Everything that the first page shows'),

  listChanges: at('GET', '/api/v1/changes', 'change', 'read', 'Changes by filter, in pages'),
  getFacets: at('GET', '/api/v1/changes/facets', 'change', 'read', 'Counts of each value of each filter'),
  getTimeline: at('GET', '/api/v1/changes/timeline', 'change', 'read', 'Changes by class over time'),
  getDistribution: at(
    'GET',
    '/api/v1/changes/distribution',
    'change',
    'read',
    'Changes by risk score and class',
  ),
  exportChanges: file(
    'GET',
    '/api/v1/changes.csv',
    'change',
    'export',
    'Changes by filter as CSV, streamed',
    'text/csv',
  ),
  getChange: at('GET', '/api/v1/change', 'change', 'read', 'One change with its sealed record'),
  listPullRequests: at(
    'GET',
    '/api/v1/pull-requests',
    'change',
    'read',
    'Pull requests with their verdict, in pages',
  ),

  getEvidence: at(
    'GET',
    '/api/v1/evidence',
    'evidence',
    'read',
    'One log entry with all that verifies it offline',
  ),
  downloadEvidence: file(
    'GET',
    '/api/v1/evidence/file',
    'evidence',
    'export',
    'The same as a file: bundle, DSSE envelope or tlog-proof',
    'application/octet-stream',
  ),

  listLogs: at(
    'GET',
    '/api/v1/logs',
    'log',
    'read',
    'Both logs: size, key, newest checkpoint, last verification',
  ),
  listCheckpoints: at('GET', '/api/v1/logs/checkpoints', 'log', 'read', 'Checkpoints of a log, newest first'),
  startVerification: at(
    'POST',
    '/api/v1/verifications',
    'verification',
    'create',
    'Check both logs and the database',
  ),
  listVerifications: at(
    'GET',
    '/api/v1/verifications',
    'verification',
    'read',
    'Verifications and what they found',
  ),

  receiveReport: {
    ...at('POST', '/api/v1/reports', 'report', 'create', 'Hand in a report from CI as its tool wrote it'),
    uploadBytes: 64 * 1024 * 1024,
    sealsItself: true,
  },

  listRepositories: at('GET', '/api/v1/repositories', 'repository', 'read', 'Repositories with their state'),
  addRepository: at(
    'POST',
    '/api/v1/repositories',
    'repository',
    'create',
    'Follow and import a repository by path',
  ),
  updateRepository: at(
    'PATCH',
    '/api/v1/repositories',
    'repository',
    'update',
    'Follow new commits, or stop',
  ),
  startImport: at('POST', '/api/v1/imports', 'import', 'create', 'Import what is new in a known repository'),
  listJobs: at('GET', '/api/v1/jobs', 'job', 'read', 'Imports and verifications: running, waiting, recent'),

  getSettings: at(
    'GET',
    '/api/v1/settings',
    'settings',
    'read',
    'How this installation is set up, and its health',
  ),
  listMembers: at('GET', '/api/v1/members', 'member', 'read', 'People and their roles'),
  inviteMember: at(
    'POST',
    '/api/v1/members',
    'member',
    'create',
    'Make a one-time link for somebody with a role',
  ),
  updateMember: at('PATCH', '/api/v1/members', 'member', 'update', 'Change somebody’s role'),
  removeMember: at(
    'DELETE',
    '/api/v1/members',
    'member',
    'delete',
    'Remove somebody; their sessions and keys end',
  ),
  listSessions: at('GET', '/api/v1/sessions', 'session', 'read', 'Sessions of everybody'),
  revokeSession: at('DELETE', '/api/v1/sessions', 'session', 'delete', 'End anybody’s session'),
  listKeys: at('GET', '/api/v1/keys', 'api-key', 'read', 'API keys of everybody'),
  revokeKey: at('DELETE', '/api/v1/keys', 'api-key', 'delete', 'Revoke anybody’s API key'),
} as const satisfies Record<string, Endpoint>;

export type EndpointName = keyof typeof endpoints;

/** Those that do something, or take data out: each is recorded in the events log before it is done, unless it is a fact itself. */
export type RecordedName = {
  readonly [Name in EndpointName]: (typeof endpoints)[Name]['action'] extends 'read'
    ? never
    : (typeof endpoints)[Name] extends { readonly sealsItself: true }
      ? never
      : Name;
}[EndpointName];

/** Those that take a file. */
export type UploadName = {
  readonly [Name in EndpointName]: (typeof endpoints)[Name] extends { readonly uploadBytes: number }
    ? Name
    : never;
}[EndpointName];

/** Keeps the literals, so that types can tell reading from acting. */
function at<
  const Method extends Endpoint['method'],
  const Path extends Endpoint['path'],
  const About extends Resource,
  const Does extends Action,
>(method: Method, path: Path, resource: About, action: Does, summary: string) {
  return { method, path, resource, action, summary };
}

function file<
  const Method extends Endpoint['method'],
  const Path extends Endpoint['path'],
  const About extends Resource,
  const Does extends Action,
>(
  ...[method, path, resource, action, summary, type]: [
    method: Method,
    path: Path,
    resource: About,
    action: Does,
    summary: string,
    type: NonNullable<Endpoint['file']>,
  ]
) {
  return { ...at(method, path, resource, action, summary), file: type };
}
