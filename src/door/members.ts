import type { MemberRow } from '../app/serving-ports.ts';
import type { Role } from '../core/access/permissions.ts';
import { AppError } from '../core/errors.ts';
import type { DoorDatabase, Queryable } from './door-database.ts';

/** Members and the open invitations, oldest first. */
export async function listMembers(database: Queryable, now: Date): Promise<readonly MemberRow[]> {
  const rows = await database.query<
    Omit<MemberRow, 'createdAt' | 'lastSeenAt'> & {
      readonly createdAt: Date;
      readonly lastSeenAt: Date | null;
    }
  >(
    `SELECT p.id, p.name, p.email, m.role, 'active' AS state, m.created_at AS "createdAt", m.last_seen_at AS "lastSeenAt"
     FROM reentry_door.member AS m JOIN reentry_door.person AS p ON p.id = m.user_id
     UNION ALL
     SELECT id, '', email, role, 'invited', created_at, NULL
     FROM reentry_door.invitation WHERE email IS NOT NULL AND expires_at > $1
     ORDER BY "createdAt", state, id LIMIT 1000`,
    [now],
  );
  return rows.map(({ createdAt, lastSeenAt, ...rest }) => ({
    ...rest,
    createdAt: createdAt.toISOString(),
    lastSeenAt: lastSeenAt?.toISOString() ?? null,
  }));
}

export async function isClaimed(database: Queryable): Promise<boolean> {
  const [found] = await database.query<{ readonly claimed: boolean }>(
    'SELECT EXISTS (SELECT FROM reentry_door.member) AS claimed',
  );
  return found?.claimed ?? false;
}

/** Of a member, or of who is invited. An owner who is one no longer has invited nobody. Errors: NOT_FOUND, LAST_OWNER. */
export async function setRole(database: DoorDatabase, memberId: string, role: Role): Promise<void> {
  await database.transaction(async (tx) => {
    if (role !== 'owner') await keepAnOwner(tx, memberId);
    const changed = await tx.query(
      'UPDATE reentry_door.member SET role = $2 WHERE user_id = $1 RETURNING user_id',
      [memberId, role],
    );
    if (changed.length > 0) {
      if (role !== 'owner') await withdrawInvitationsBy(tx, memberId);
      return;
    }
    const invited = await tx.query(
      'UPDATE reentry_door.invitation SET role = $2 WHERE id = $1 AND email IS NOT NULL RETURNING id',
      [memberId, role],
    );
    if (invited.length === 0) throw noSuchMember();
  });
}

/**
 * Their sessions, password and invitations end; their keys are revoked and stay listed. Errors: NOT_FOUND, LAST_OWNER.
 */
export async function removeMember(database: DoorDatabase, memberId: string, now: Date): Promise<void> {
  await database.transaction(async (tx) => {
    await keepAnOwner(tx, memberId);
    const removed = await tx.query('DELETE FROM reentry_door.member WHERE user_id = $1 RETURNING user_id', [
      memberId,
    ]);
    if (removed.length === 0) {
      const withdrawn = await tx.query(
        'DELETE FROM reentry_door.invitation WHERE id = $1 AND email IS NOT NULL RETURNING id',
        [memberId],
      );
      if (withdrawn.length === 0) throw noSuchMember();
      return;
    }
    await withdrawInvitationsBy(tx, memberId);
    await tx.query('DELETE FROM reentry_door.session WHERE "userId" = $1', [memberId]);
    await tx.query('DELETE FROM reentry_door.account WHERE "userId" = $1', [memberId]);
    await tx.query('DELETE FROM reentry_door.person WHERE id = $1', [memberId]);
    await tx.query(
      'UPDATE reentry_door.api_key SET revoked_at = coalesce(revoked_at, $2) WHERE user_id = $1',
      [memberId, now],
    );
  });
}

/** Locks every owner's row, in order: of two owners who step down at once, the second one sees that the first is gone. */
async function keepAnOwner(tx: Queryable, memberId: string): Promise<void> {
  const owners = await tx.query<{ readonly id: string }>(
    `SELECT user_id AS id FROM reentry_door.member WHERE role = 'owner' ORDER BY user_id FOR UPDATE`,
  );
  if (owners.length === 1 && owners[0]?.id === memberId) throw new AppError('LAST_OWNER');
}

async function withdrawInvitationsBy(tx: Queryable, memberId: string): Promise<void> {
  await tx.query('DELETE FROM reentry_door.invitation WHERE invited_by = $1', [memberId]);
}

function noSuchMember(): AppError {
  return new AppError('NOT_FOUND', { what: 'such member' });
}
