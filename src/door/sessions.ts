import type { Caller, SessionRow } from '../app/serving-ports.ts';
import type { Role } from '../core/access/permissions.ts';
import { AppError } from '../core/errors.ts';
import type { Queryable } from './door-database.ts';
import type { DoorParts } from './door-parts.ts';
import { sessionTokenHash } from './hashed-session-tokens.ts';
import { sessionIdleSeconds, sessionToken } from './session-cookie.ts';

/** How exactly `last seen` is kept: a write a minute and session, not one a request. */
const seenEveryMs = 60_000;

interface FoundSession extends Record<string, unknown> {
  readonly id: string;
  readonly userId: string;
  readonly name: string;
  readonly email: string;
  readonly role: Role;
  readonly seenAt: Date;
}

/** The person whose session cookie the headers carry; asked of the database each time, so that an ended session ends at once. */
export async function sessionCaller(
  { database, secret, surroundings }: Pick<DoorParts, 'database' | 'secret' | 'surroundings'>,
  headers: Headers,
): Promise<Caller | undefined> {
  const token = sessionToken(headers, secret);
  return token === undefined ? undefined : callerOfToken(database, token, surroundings.now());
}

export async function callerOfToken(
  database: Queryable,
  token: string,
  now: Date,
): Promise<Caller | undefined> {
  const [found] = await database.query<FoundSession>(
    `SELECT s.id, s."userId", p.name, p.email, m.role, s."updatedAt" AS "seenAt"
     FROM reentry_door.session AS s
     JOIN reentry_door.person AS p ON p.id = s."userId"
     JOIN reentry_door.member AS m ON m.user_id = s."userId"
     WHERE s.token = $1 AND s."expiresAt" > $2 AND s."updatedAt" > $3`,
    [sessionTokenHash(token), now, idleSince(now)],
  );
  if (found === undefined) return undefined;
  const { id, userId, name, email, role, seenAt } = found;
  if (now.getTime() - seenAt.getTime() > seenEveryMs) await setSeen(database, found, now);
  return { userId, name, email, role, via: 'session', credentialId: id };
}

async function setSeen(database: Queryable, { id, userId }: FoundSession, now: Date): Promise<void> {
  await database.query(
    `WITH seen AS (UPDATE reentry_door.session SET "updatedAt" = $2 WHERE id = $1)
     UPDATE reentry_door.member SET last_seen_at = $2 WHERE user_id = $3`,
    [id, now, userId],
  );
}

/** Live ones, newest first. */
export async function listSessions(
  database: Queryable,
  now: Date,
  userId?: string,
): Promise<readonly SessionRow[]> {
  const rows = await database.query<{
    readonly id: string;
    readonly userId: string;
    readonly userName: string;
    readonly userEmail: string;
    readonly createdAt: Date;
    readonly seenAt: Date;
    readonly expiresAt: Date;
    readonly address: string | null;
    readonly userAgent: string | null;
  }>(
    `SELECT s.id, s."userId", p.name AS "userName", p.email AS "userEmail", s."createdAt", s."updatedAt" AS "seenAt",
       s."expiresAt", nullif(s."ipAddress", '') AS address, nullif(s."userAgent", '') AS "userAgent"
     FROM reentry_door.session AS s JOIN reentry_door.person AS p ON p.id = s."userId"
     WHERE s."expiresAt" > $1 AND s."updatedAt" > $2 AND ($3::text IS NULL OR s."userId" = $3)
     ORDER BY s."createdAt" DESC, s.id LIMIT 1000`,
    [now, idleSince(now), userId ?? null],
  );
  return rows.map(({ createdAt, seenAt, expiresAt, ...rest }) => ({
    ...rest,
    createdAt: createdAt.toISOString(),
    lastSeenAt: seenAt.toISOString(),
    // Whichever comes first, if it is not used again.
    expiresAt: new Date(
      Math.min(expiresAt.getTime(), seenAt.getTime() + sessionIdleSeconds * 1_000),
    ).toISOString(),
  }));
}

export async function endSession(database: Queryable, sessionId: string, userId?: string): Promise<void> {
  const ended = await database.query(
    'DELETE FROM reentry_door.session WHERE id = $1 AND ($2::text IS NULL OR "userId" = $2) RETURNING id',
    [sessionId, userId ?? null],
  );
  if (ended.length === 0) throw new AppError('NOT_FOUND', { what: 'such session' });
}

/** Rows of sessions that have ended by themselves. */
export async function sweepSessions(database: Queryable, now: Date): Promise<void> {
  await database.query('DELETE FROM reentry_door.session WHERE "expiresAt" <= $1 OR "updatedAt" <= $2', [
    now,
    idleSince(now),
  ]);
}

function idleSince(now: Date): Date {
  return new Date(now.getTime() - sessionIdleSeconds * 1_000);
}
