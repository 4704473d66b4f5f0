/** What somebody may do here: one table, looked at in one place (`isAllowed`). SOC 2 CC6.3: least privilege by role. */

export const roles = ['owner', 'engineer', 'auditor'] as const;
/** `owner` runs the installation, `engineer` starts imports and hands in reports, `auditor` reads everything and changes nothing. */
export type Role = (typeof roles)[number];

export type Action = 'read' | 'export' | 'create' | 'update' | 'delete';

/** Everything that a route is about. `own-…` are the caller's own things, `member` and `session` are those of others too. */
export const resources = [
  'overview',
  'change',
  'evidence',
  'log',
  'report',
  'repository',
  'import',
  'verification',
  'job',
  'settings',
  'member',
  'session',
  'api-key',
  'own-profile',
  'own-session',
  'own-api-key',
] as const;
export type Resource = (typeof resources)[number];

/** `read:change`, `create:import` …: what an API key can be limited to. */
export type Scope = `${Action}:${Resource}`;

const readers: readonly Role[] = ['owner', 'engineer', 'auditor'];
const makers: readonly Role[] = ['owner', 'engineer'];
const owners: readonly Role[] = ['owner'];

/** Role × action × resource. What is not in it is refused to everybody. */
export const permissions: Readonly<Record<Resource, Readonly<Partial<Record<Action, readonly Role[]>>>>> = {
  overview: { read: readers },
  change: { read: readers, export: readers },
  evidence: { read: readers, export: readers },
  log: { read: readers },
  report: { create: makers },
  // A path names any folder of the server's machine, so only its owner may add one.
  repository: { read: readers, create: owners, update: owners },
  import: { create: makers },
  verification: { read: readers, create: readers },
  job: { read: readers },
  settings: { read: readers },
  member: { read: owners, create: owners, update: owners, delete: owners },
  session: { read: owners, delete: owners },
  'api-key': { read: owners, delete: owners },
  'own-profile': { read: readers, update: readers },
  'own-session': { read: readers, delete: readers },
  'own-api-key': { read: readers, create: readers, delete: readers },
};

/** Who asks: a role, and for an API key the scopes that it was limited to when it was made. */
export interface Principal {
  readonly role: Role;
  /** Absent for a signed-in person. A key never does more than its maker's role allows now. */
  readonly scopes?: readonly Scope[];
}

export function isAllowed(principal: Principal, action: Action, resource: Resource): boolean {
  const byRole = permissions[resource][action]?.includes(principal.role) ?? false;
  return byRole && (principal.scopes?.includes(`${action}:${resource}`) ?? true);
}

/** The scopes that a key of this role could have at most. Keys cannot make keys or touch sessions. */
export function grantableScopes(role: Role): readonly Scope[] {
  return resources
    .filter((resource) => !resource.startsWith('own-') && !personal.has(resource))
    .flatMap((resource) =>
      (['read', 'export', 'create', 'update', 'delete'] as const)
        .filter((action) => isAllowed({ role }, action, resource))
        .map((action): Scope => `${action}:${resource}`),
    );
}

/** What only a person does, in a session that can be seen and ended. */
const personal: ReadonlySet<Resource> = new Set<Resource>(['member', 'session', 'api-key']);
