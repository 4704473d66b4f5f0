import type { Handlers } from '../handler.ts';
import { welcomeLink } from '../welcome-link.ts';

const done = { ok: true } as const;

export const memberHandlers: Handlers<
  | 'listMembers'
  | 'inviteMember'
  | 'updateMember'
  | 'removeMember'
  | 'listSessions'
  | 'revokeSession'
  | 'listKeys'
  | 'revokeKey'
> = {
  listMembers: { run: async ({ door }) => ({ items: await door.members() }) },
  inviteMember: {
    recorded: ({ body }) => ({ target: body.email, detail: { role: body.role } }),
    run: async ({ door }, { caller, body, baseUrl }) => {
      const { token, expiresAt } = await door.invite(body.email, body.role, caller);
      return { email: body.email, role: body.role, link: welcomeLink(baseUrl, token), expiresAt };
    },
  },
  updateMember: {
    recorded: ({ query, body }) => ({ target: query.id, detail: { role: body.role } }),
    run: async ({ door }, { query, body }) => {
      await door.setRole(query.id, body.role);
      return done;
    },
  },
  removeMember: {
    recorded: ({ query }) => ({ target: query.id, detail: {} }),
    run: async ({ door }, { query }) => {
      await door.removeMember(query.id);
      return done;
    },
  },
  listSessions: {
    run: async ({ door }, { caller }) => ({
      items: (await door.sessions()).map((session) => ({
        ...session,
        current: session.id === caller.credentialId,
      })),
    }),
  },
  revokeSession: {
    recorded: ({ query }) => ({ target: query.id, detail: {} }),
    run: async ({ door }, { query }) => {
      await door.revokeSession(query.id);
      return done;
    },
  },
  listKeys: { run: async ({ door }) => ({ items: await door.keys() }) },
  revokeKey: {
    recorded: ({ query }) => ({ target: query.id, detail: {} }),
    run: async ({ door }, { query }) => {
      await door.revokeKey(query.id);
      return done;
    },
  },
};
