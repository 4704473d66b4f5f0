import { z } from 'zod';
import { resources, roles } from '../core/access/permissions.ts';

const RoleName = z.enum(roles);
const actions = ['read', 'export', 'create', 'update', 'delete'] as const;
const ScopeName = z.templateLiteral([z.enum(actions), ':', z.enum(resources)]);

export const Profile = z.object({
  /** A person, or the person whose key it is. */
  id: z.string(),
  name: z.string(),
  email: z.string(),
  role: RoleName,
  /** What this caller may do, `action:resource`; the pages hide what is not in it, the server refuses it. */
  can: z.array(ScopeName),
  via: z.enum(['session', 'api-key']),
  version: z.string(),
});
export type Profile = z.output<typeof Profile>;

const Id = z.string().min(1).max(200);
export const ById = z.object({ id: Id });

const Session = z.object({
  id: Id,
  /** This is the session that asks. */
  current: z.boolean(),
  userName: z.string(),
  userEmail: z.string(),
  createdAt: z.string(),
  lastSeenAt: z.string(),
  expiresAt: z.string(),
  address: z.string().nullable(),
  userAgent: z.string().nullable(),
});
export const Sessions = z.object({ items: z.array(Session) });

const ApiKey = z.object({
  id: Id,
  name: z.string(),
  /** First characters of the secret, to recognise it. */
  start: z.string(),
  scopes: z.array(ScopeName),
  userName: z.string(),
  userEmail: z.string(),
  createdAt: z.string(),
  expiresAt: z.string(),
  lastUsedAt: z.string().nullable(),
  /** Revoked keys stay listed. */
  revokedAt: z.string().nullable(),
});
export const ApiKeys = z.object({ items: z.array(ApiKey) });
export const CreateApiKey = z.object({
  name: z.string().trim().min(1).max(100),
  scopes: z.array(ScopeName).min(1).max(50),
  expiresInDays: z.number().int().min(1).max(365),
});
/** `secret` is in no later answer. */
export const CreatedApiKey = z.object({ key: ApiKey, secret: z.string() });

const Member = z.object({
  id: Id,
  name: z.string(),
  email: z.string(),
  role: RoleName,
  /** `invited` until the link was used. */
  state: z.enum(['active', 'invited']),
  createdAt: z.string(),
  lastSeenAt: z.string().nullable(),
});
export const Members = z.object({ items: z.array(Member) });
export const InviteMember = z.object({ email: z.email().max(254), role: RoleName });
/** The link works once and for three days; whoever has it chooses name and password. */
export const Invitation = z.object({
  email: z.string(),
  role: RoleName,
  link: z.string(),
  expiresAt: z.string(),
});
export const UpdateMember = z.object({ role: RoleName });

export const Settings = z.object({
  version: z.string(),
  dataFolder: z.string(),
  database: z.object({ kind: z.enum(['embedded', 'external']), version: z.string(), ok: z.boolean() }),
  node: z.string(),
  addresses: z.array(z.string()),
  /** True until somebody has signed in: then the server listens on this machine only. */
  loopbackOnly: z.boolean(),
  freeBytes: z.number().nullable(),
  /** Each part that later work connects, with what it would bring. */
  capture: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      state: z.enum(['connected', 'not-connected']),
      detail: z.string(),
    }),
  ),
});
export type Settings = z.output<typeof Settings>;

/** The way in for somebody without an account: the one-time link's secret, and who they will be. */
export const Welcome = z.object({
  token: z.string().min(20).max(200),
  name: z.string().trim().min(1).max(100),
  email: z.email().max(254),
  password: z.string().min(12).max(128),
});
