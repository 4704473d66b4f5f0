import { z } from 'zod';
import { type Caller, doorHeaders } from '../app/serving-ports.ts';
import { AppError } from '../core/errors.ts';
import { isUniqueViolation, type Queryable } from './door-database.ts';
import type { DoorParts } from './door-parts.ts';
import { findInvitation, type Invitation, useInvitation } from './invitations.ts';
import { newId } from './secrets.ts';
import { protocolOf } from './session-cookie.ts';
import { callerOfToken } from './sessions.ts';
import { passwordLength } from './sign-in-library.ts';
import { sessionCookies, signedInToken } from './sign-in-response.ts';

export interface Welcome {
  readonly token: string;
  readonly name: string;
  readonly email: string;
  readonly password: string;
}

const Person = z.object({
  name: z
    .string()
    .trim()
    .min(1)
    .max(100)
    .regex(/^\P{Cc}*$/u),
  email: z.email().max(254).toLowerCase(),
  password: z.string().min(passwordLength.least).max(passwordLength.most),
});

interface Joining extends z.output<typeof Person> {
  readonly userId: string;
  readonly passwordHash: string;
}

/**
 * Makes the person, their password and their membership, and uses up the link: all of it or nothing, and not without the fact of
 * it. The password is hashed by the library, and the first sign-in goes its ordinary way, which shows that it takes what we wrote.
 */
export async function join(
  parts: DoorParts,
  welcome: Welcome,
  headers: Headers,
): Promise<{ readonly caller: Caller; readonly setCookies: readonly string[] }> {
  const { database, library, surroundings } = parts;
  const now = surroundings.now();
  const person = parsePerson(welcome);
  // Looked for before the password is hashed: that takes a while, and strangers may ask.
  const open = await findInvitation(database, welcome.token, now);
  if (open === undefined) throw new AppError('INVITATION_UNKNOWN');
  checkEmail(open, person.email);
  const joining = {
    ...person,
    userId: newId(surroundings),
    passwordHash: await library.hashPassword(person.password),
  };
  await addMember(parts, joining, { token: welcome.token, now, headers });
  const response = await library.signIn(protocolOf(headers), person, headers);
  const token = await signedInToken(response);
  const caller = token === undefined ? undefined : await callerOfToken(database, token, surroundings.now());
  if (caller === undefined) throw new AppError('INTERNAL', { detail: 'who has just joined cannot sign in' });
  return { caller, setCookies: sessionCookies(response, headers) };
}

function parsePerson({ name, email, password }: Welcome): z.output<typeof Person> {
  const parsed = Person.safeParse({ name, email, password });
  if (parsed.success) return parsed.data;
  const wrong = new Set(parsed.error.issues.map(({ path }) => path.join('.')));
  const detail = `${[...wrong].join(', ')}: a password has ${passwordLength.least} to ${passwordLength.most} characters`;
  throw new AppError('INPUT_INVALID', { detail: wrong.has('password') ? detail : [...wrong].join(', ') });
}

function checkEmail(invitation: Invitation, email: string): void {
  if (invitation.email === null || invitation.email === email) return;
  throw new AppError('INPUT_INVALID', { detail: `this link is for ${invitation.email}` });
}

async function addMember(
  { database, recorder }: DoorParts,
  { userId, name, email, passwordHash }: Joining,
  { token, now, headers }: { readonly token: string; readonly now: Date; readonly headers: Headers },
): Promise<void> {
  try {
    await database.transaction(async (tx) => {
      const invitation = await useInvitation(tx, token, now);
      checkEmail(invitation, email);
      await insertPerson(tx, { userId, name, email, passwordHash, now });
      await tx.query(
        'INSERT INTO reentry_door.member (user_id, role, created_at, last_seen_at) VALUES ($1, $2, $3, $3)',
        [userId, invitation.role, now],
      );
      // Last, so that what it says is about to be true, and before the commit, so that nobody is in without it.
      await recorder.record({
        actor: { id: userId, email, role: invitation.role, via: 'session' },
        action: 'join',
        resource: 'member',
        target: email,
        detail: { address: headers.get(doorHeaders.address) },
        requestId: headers.get(doorHeaders.requestId) ?? userId,
      });
    });
  } catch (error) {
    if (isUniqueViolation(error)) throw new AppError('MEMBER_EXISTS', { email }, { cause: error });
    throw error;
  }
}

/** As the library makes a person who signs in with a password. */
async function insertPerson(
  tx: Queryable,
  person: Omit<Joining, 'password'> & { readonly now: Date },
): Promise<void> {
  const { userId, name, email, passwordHash, now } = person;
  await tx.query(
    `INSERT INTO reentry_door.person (id, name, email, "emailVerified", "createdAt", "updatedAt")
     VALUES ($1, $2, $3, false, $4, $4)`,
    [userId, name, email, now],
  );
  await tx.query(
    `INSERT INTO reentry_door.account (id, "userId", "accountId", "providerId", password, "createdAt", "updatedAt")
     VALUES ($1, $2, $2, 'credential', $3, $4, $4)`,
    [`${userId}-password`, userId, passwordHash, now],
  );
}
