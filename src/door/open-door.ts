import type pg from 'pg';
import type { Surroundings } from '../app/ports.ts';
import type { ActionRecorder, Door } from '../app/serving-ports.ts';
import { bearerSecret, createKey, keyCaller, listKeys, revokeKey } from './api-keys.ts';
import { openDoorDatabase } from './door-database.ts';
import { openDoorSecret } from './door-secret.ts';
import { findInvitation, firstOwnerToken, invite } from './invitations.ts';
import { join } from './join.ts';
import { isClaimed, listMembers, removeMember, setRole } from './members.ts';
import { RefusedSignIns } from './refused-sign-ins.ts';
import { endSession, listSessions, sessionCaller } from './sessions.ts';
import { openSignInLibrary } from './sign-in-library.ts';
import { SignInThrottle } from './sign-in-throttle.ts';
import { goThrough, type WaysIn } from './ways-in.ts';

export interface OpenDoorOptions {
  /** Of the role that the server works under, on a database that is migrated (`Store.connection`). */
  readonly connection: pg.ClientConfig;
  /** Holds the secret of the session cookies; made where it is missing. */
  readonly secretFile: string;
  readonly surroundings: Surroundings;
  readonly recorder: ActionRecorder;
}

export interface OpenDoor extends Door {
  /** Records what is still counted, and closes the connections. The recorder must still take it. */
  close(): Promise<void>;
}

/** The headers of `doorHeaders` are believed. Errors: CONFIG_INVALID, DATA_FOLDER_NOT_WRITABLE, DISK_FULL. */
export async function openDoor(options: OpenDoorOptions): Promise<OpenDoor> {
  const { surroundings, recorder } = options;
  const secret = await openDoorSecret(options.secretFile, surroundings);
  const database = openDoorDatabase(options.connection);
  try {
    const library = await openSignInLibrary({ pool: database.pool, secret });
    const refused = new RefusedSignIns(recorder, surroundings);
    const parts = {
      database,
      library,
      secret,
      surroundings,
      recorder,
      refused,
      throttle: new SignInThrottle(),
    };
    return doorOf(parts);
  } catch (error) {
    await database.close();
    throw error;
  }
}

function doorOf(parts: WaysIn): OpenDoor {
  const { database, surroundings } = parts;
  const now = () => surroundings.now();
  let closing: Promise<void> | undefined;
  return {
    authenticate: async ({ headers }) => {
      const key = bearerSecret(headers);
      // Whoever shows a key is asked for that key alone, whatever cookies come along.
      if (key !== undefined) return key === null ? undefined : keyCaller(database, key, now());
      return sessionCaller(parts, headers);
    },
    handle: (request) => goThrough(parts, request),
    isClaimed: () => isClaimed(database),
    firstOwnerToken: () => firstOwnerToken(parts),
    invitation: async (token) => {
      const found = await findInvitation(database, token, now());
      return found && { role: found.role, email: found.email };
    },
    join: (welcome, { headers }) => join(parts, welcome, headers),
    members: () => listMembers(database, now()),
    invite: (email, role, by) => invite(parts, { email, role }, by),
    setRole: (memberId, role) => setRole(database, memberId, role),
    removeMember: (memberId) => removeMember(database, memberId, now()),
    sessions: (userId) => listSessions(database, now(), userId),
    revokeSession: (sessionId, userId) => endSession(database, sessionId, userId),
    keys: (userId) => listKeys(database, userId),
    createKey: (key, by) => createKey(parts, key, by),
    revokeKey: (keyId, userId) =>
      revokeKey(database, { keyId, now: now(), ...(userId === undefined ? {} : { userId }) }),
    close: () => {
      closing ??= close(parts);
      return closing;
    },
  };
}

async function close({ refused, database }: WaysIn): Promise<void> {
  try {
    await refused.close();
  } finally {
    await database.close();
  }
}
