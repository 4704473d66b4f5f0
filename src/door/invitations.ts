import type { Caller } from '../app/serving-ports.ts';
import type { Role } from '../core/access/permissions.ts';
import { AppError } from '../core/errors.ts';
import type { DoorDatabase, Queryable } from './door-database.ts';
import type { DoorParts } from './door-parts.ts';
import { isClaimed } from './members.ts';
import { newId, newSecret, secretHash } from './secrets.ts';

const hourMs = 3_600_000;
const firstOwnerMs = 24 * hourMs;
const invitationMs = 72 * hourMs;
/** There is one such link at most: a new one takes the row of the one before. */
const firstOwner = 'first-owner';

export interface Invitation {
  readonly id: string;
  readonly role: Role;
  readonly email: string | null;
}

type Parts = Pick<DoorParts, 'database' | 'surroundings'>;

/** Works for a day. */
export async function firstOwnerToken({ database, surroundings }: Parts): Promise<string | undefined> {
  if (await isClaimed(database)) return undefined;
  const token = newSecret(surroundings);
  const now = surroundings.now();
  await database.query(
    `INSERT INTO reentry_door.invitation (id, token_hash, role, created_at, expires_at)
     VALUES ($1, $2, 'owner', $3, $4)
     ON CONFLICT (id) DO UPDATE SET token_hash = excluded.token_hash, created_at = excluded.created_at,
       expires_at = excluded.expires_at`,
    [firstOwner, secretHash(token), now, new Date(now.getTime() + firstOwnerMs)],
  );
  return token;
}

/** Works for three days; one for the same e-mail before ends. Error: MEMBER_EXISTS. */
export async function invite(
  { database, surroundings }: Parts,
  { email, role }: { readonly email: string; readonly role: Role },
  by: Caller,
): Promise<{ readonly token: string; readonly expiresAt: string }> {
  const address = email.toLowerCase();
  const known = await database.query('SELECT FROM reentry_door.person WHERE email = $1', [address]);
  if (known.length > 0) throw new AppError('MEMBER_EXISTS', { email: address });
  const token = newSecret(surroundings);
  const now = surroundings.now();
  const expiresAt = new Date(now.getTime() + invitationMs);
  await database.query(
    `INSERT INTO reentry_door.invitation (id, token_hash, email, role, invited_by, created_at, expires_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7)
     ON CONFLICT (email) DO UPDATE SET token_hash = excluded.token_hash, role = excluded.role,
       invited_by = excluded.invited_by, created_at = excluded.created_at, expires_at = excluded.expires_at`,
    [newId(surroundings), secretHash(token), address, role, by.userId, now, expiresAt],
  );
  return { token, expiresAt: expiresAt.toISOString() };
}

export async function findInvitation(
  database: Queryable,
  token: string,
  now: Date,
): Promise<Invitation | undefined> {
  const [found] = await database.query<Invitation & Record<string, unknown>>(
    'SELECT id, role, email FROM reentry_door.invitation WHERE token_hash = $1 AND expires_at > $2',
    [secretHash(token), now],
  );
  return found !== undefined && (await isOpen(database, found)) ? found : undefined;
}

/**
 * Uses the link up, within the transaction that makes the member: of two who use it at once, the second one waits for the first
 * and finds nothing. Error: INVITATION_UNKNOWN.
 */
export async function useInvitation(tx: Queryable, token: string, now: Date): Promise<Invitation> {
  const [used] = await tx.query<Invitation & Record<string, unknown>>(
    'DELETE FROM reentry_door.invitation WHERE token_hash = $1 AND expires_at > $2 RETURNING id, role, email',
    [secretHash(token), now],
  );
  if (used === undefined || !(await isOpen(tx, used))) throw new AppError('INVITATION_UNKNOWN');
  return used;
}

/** The first owner's link ends when there is a member, however it is that one was left. */
async function isOpen(database: Queryable, { id }: Invitation): Promise<boolean> {
  return id !== firstOwner || !(await isClaimed(database));
}

export async function sweepInvitations(database: DoorDatabase, now: Date): Promise<void> {
  await database.query('DELETE FROM reentry_door.invitation WHERE expires_at <= $1', [now]);
}
