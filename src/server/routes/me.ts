import type { Caller } from '../../app/serving-ports.ts';
import type { Profile } from '../../contract/door.ts';
import {
  type Action,
  grantableScopes,
  isAllowed,
  permissions,
  type Resource,
  resources,
  type Scope,
} from '../../core/access/permissions.ts';
import type { Handlers } from '../handler.ts';
import { mistaken } from '../parse-input.ts';

const done = { ok: true } as const;

export const meHandlers: Handlers<
  'getProfile' | 'listOwnSessions' | 'revokeOwnSession' | 'listOwnKeys' | 'createOwnKey' | 'revokeOwnKey'
> = {
  getProfile: {
    run: async ({ version }, { caller }): Promise<Profile> => ({
      id: caller.userId,
      name: caller.name,
      email: caller.email,
      role: caller.role,
      can: allowedTo(caller),
      via: caller.via,
      version,
    }),
  },
  listOwnSessions: {
    run: async ({ door }, { caller }) => ({
      items: (await door.sessions(caller.userId)).map((session) => ({
        ...session,
        current: session.id === caller.credentialId,
      })),
    }),
  },
  revokeOwnSession: {
    recorded: ({ query }) => ({ target: query.id, detail: {} }),
    run: async ({ door }, { caller, query }) => {
      await door.revokeSession(query.id, caller.userId);
      return done;
    },
  },
  listOwnKeys: { run: async ({ door }, { caller }) => ({ items: await door.keys(caller.userId) }) },
  createOwnKey: {
    recorded: ({ body }) => ({
      target: body.name,
      detail: { scopes: body.scopes.join(' '), expiresInDays: body.expiresInDays },
    }),
    check: ({ caller, body }) => refuseForeignScopes(caller, body.scopes),
    run: async ({ door }, { caller, body }) => door.createKey(body, caller),
  },
  revokeOwnKey: {
    recorded: ({ query }) => ({ target: query.id, detail: {} }),
    run: async ({ door }, { caller, query }) => {
      await door.revokeKey(query.id, caller.userId);
      return done;
    },
  },
};

/** A key that could do more than its maker would be a way around the table. */
function refuseForeignScopes(caller: Caller, scopes: readonly Scope[]): void {
  const grantable = grantableScopes(caller.role);
  const mistakes = scopes.flatMap((scope, index) =>
    grantable.includes(scope)
      ? []
      : [{ at: `body.scopes.${index}`, because: `A key of the role ${caller.role} cannot have ${scope}` }],
  );
  if (mistakes.length > 0) throw mistaken(mistakes);
}

function allowedTo(caller: Caller): Scope[] {
  return resources.flatMap((resource: Resource) =>
    (Object.keys(permissions[resource]) as Action[])
      .filter((action) => isAllowed(caller, action, resource))
      .map((action): Scope => `${action}:${resource}`),
  );
}
