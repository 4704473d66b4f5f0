import { randomBytes } from 'node:crypto';
import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import { betterAuth } from 'better-auth';
import { getMigrations } from 'better-auth/db/migration';
import pg from 'pg';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  callerOf,
  cookieOf,
  firstOwner,
  headersOf,
  type Inside,
  openTestDoor,
  password,
  requestOf,
  signIn,
  type TestDoor,
} from '../../test/support/test-door.ts';
import { libraryOptions } from './sign-in-library.ts';

let it: TestDoor;
let owner: Inside;

beforeEach(async () => {
  it = await openTestDoor();
  owner = await firstOwner(it.door);
});
afterEach(() => it[Symbol.asyncDispose]());

async function who(cookie: string): Promise<string | undefined> {
  return (await it.door.authenticate({ headers: headersOf({ cookie }) }))?.email;
}

async function signedIn(): Promise<string> {
  return cookieOf((await signIn(it.door, owner)).headers.getSetCookie());
}

test('our migration makes the tables that the library expects', async () => {
  const pool = new pg.Pool({ ...it.store.store.connection, max: 1 });
  pool.on('connect', (client) => {
    client.on('error', () => undefined);
  });
  const client = await pool.connect();
  await client.query('SET search_path = reentry_door');
  client.release();

  const { toBeAdded, toBeCreated } = await getMigrations(libraryOptions('http', 'x'.repeat(43), pool));

  await pool.end();
  expect({ toBeAdded, toBeCreated }).toEqual({ toBeAdded: [], toBeCreated: [] });
});

test('a sign-in gives a cookie that scripts do not read and other sites do not send, and nothing else of the token', async () => {
  const response = await signIn(it.door, { email: 'OWNER@example.com' });

  expect(await response.json()).toEqual({ ok: true });
  const [cookie = '', ...others] = response.headers.getSetCookie();
  expect(others).toEqual([]);
  expect(cookie).toMatch(/^reentry_session=[^;]+; Max-Age=604800; Path=\/; HttpOnly; SameSite=Lax$/);
  expect(await who(cookieOf([cookie]))).toBe(owner.email);
});

test('over https the cookie is sent over https only and bound to the host', async () => {
  const response = await signIn(it.door, owner, { protocol: 'https' });

  const [cookie = ''] = response.headers.getSetCookie();
  expect(cookie).toMatch(
    /^__Host-reentry_session=[^;]+; Max-Age=604800; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
  );
  const headers = headersOf({ cookie: cookieOf([cookie]), protocol: 'https' });
  expect((await it.door.authenticate({ headers }))?.email).toBe(owner.email);
  expect(await who(cookieOf([cookie]))).toBeUndefined();
});

test('an unknown e-mail and a wrong password get the same answer, and take about as long', async () => {
  const attempts = async (email: string) => {
    const times: number[] = [];
    for (let at = 0; at < 5; at += 1) {
      const start = performance.now();
      await expect(signIn(it.door, { email, password: `wrong ${at} entirely` })).rejects.toMatchObject({
        code: 'SIGN_IN_REFUSED',
        details: {},
      });
      times.push(performance.now() - start);
    }
    return times.sort((a, b) => a - b)[2] ?? 0;
  };

  const [unknown, wrong] = [await attempts('nobody@example.com'), await attempts(owner.email)];

  expect(unknown / wrong).toBeGreaterThan(0.4);
  expect(unknown / wrong).toBeLessThan(2.5);
});

test('a password that is too long to be one is refused like a wrong one', async () => {
  await expect(signIn(it.door, { email: owner.email, password: 'a'.repeat(900) })).rejects.toMatchObject({
    code: 'SIGN_IN_REFUSED',
  });
});

test('of many wrong attempts at once five are looked at, then even the right password waits a minute', async () => {
  const attempts = Array.from({ length: 12 }, (_, at) =>
    signIn(it.door, { ...owner, password: `wrong guess ${at}` }),
  );
  const codes = (await Promise.allSettled(attempts)).map(
    (one) => one.status === 'rejected' && one.reason.code,
  );

  expect(codes.filter((code) => code === 'SIGN_IN_REFUSED')).toHaveLength(5);
  expect(codes.filter((code) => code === 'RATE_LIMITED')).toHaveLength(7);
  await expect(signIn(it.door, owner)).rejects.toMatchObject({
    code: 'RATE_LIMITED',
    details: { seconds: 60 },
  });
  await signIn(it.door, owner, { address: '192.0.2.99' });
  it.clock.now += 60_000;
  await signIn(it.door, owner);
});

test('a sign-in makes a new session and ends the one that the browser came with', async () => {
  const before = await signedIn();

  const response = await signIn(it.door, owner, { cookie: before });

  const after = cookieOf(response.headers.getSetCookie());
  expect(after).not.toBe(before);
  expect([await who(before), await who(after)]).toEqual([undefined, owner.email]);
});

test('a cookie that our secret did not sign is nobody’s, even with the token of a session', async () => {
  const cookie = await signedIn();
  const [name, value = ''] = cookie.split('=');
  const token = decodeURIComponent(value).split('.')[0];

  expect(await who(`${name}=${token}`)).toBeUndefined();
  expect(await who(`${name}=${token}.${randomBytes(32).toString('base64')}`)).toBeUndefined();
  expect(await who(`${name}=%E0%A4%A`)).toBeUndefined();
  expect(await who(`other=1; ${cookie}; more=2`)).toBe(owner.email);
  await rm(it.secretFile);
  const another = await it.openAnother();
  expect(await another.authenticate({ headers: headersOf({ cookie }) })).toBeUndefined();
});

test('a session ends twelve hours after its last use', async () => {
  const cookie = await signedIn();

  it.clock.now += 11 * 3_600_000;
  expect(await who(cookie)).toBe(owner.email);
  it.clock.now += 11 * 3_600_000;
  expect(await who(cookie)).toBe(owner.email);
  it.clock.now += 13 * 3_600_000;
  expect(await who(cookie)).toBeUndefined();
  expect(await it.door.sessions()).toEqual([]);
});

test('a session ends seven days after its sign-in, however often it is used', async () => {
  const cookie = await signedIn();

  for (let hours = 0; hours < 7 * 24 - 10; hours += 10) {
    it.clock.now += 10 * 3_600_000;
    expect(await who(cookie)).toBe(owner.email);
  }
  it.clock.now += 10 * 3_600_000;

  expect(await who(cookie)).toBeUndefined();
});

test('an ended session ends at once, in another process too, and nobody ends another person’s', async () => {
  const cookie = await signedIn();
  const another = await it.openAnother();
  const { credentialId } = await callerOf(it.door, { cookie });
  await expect(it.door.revokeSession(credentialId, 'somebody else')).rejects.toMatchObject({
    code: 'NOT_FOUND',
  });
  expect(await who(cookie)).toBe(owner.email);

  await another.revokeSession(credentialId, owner.id);

  expect(await who(cookie)).toBeUndefined();
  await expect(it.door.revokeSession(credentialId)).rejects.toMatchObject({ code: 'NOT_FOUND' });
});

test('sessions are listed with where they come from', async () => {
  await signIn(it.door, owner, { address: '2001:db8::7' });

  const [newest, first] = await it.door.sessions(owner.id);

  expect(newest).toMatchObject({ userEmail: owner.email, userAgent: 'test browser', userId: owner.id });
  expect(newest?.address).toMatch(/^2001:0?db8:/);
  expect(first?.address).toBe('192.0.2.1');
  expect(await it.door.sessions('somebody else')).toEqual([]);
});

test('sign-out ends the session and takes the cookie away', async () => {
  const cookie = await signedIn();

  const response = await it.door.handle(requestOf('sign-out', {}, { cookie }));

  expect(response.headers.getSetCookie()).toEqual([expect.stringMatching(/^reentry_session=; Max-Age=0;/)]);
  expect(await who(cookie)).toBeUndefined();
  expect((await it.actions()).map(({ action }) => action)).toEqual(['join', 'sign-in', 'sign-out']);
});

test('a new password ends every session but the new one of this browser', async () => {
  const [cookie, elsewhere] = [await signedIn(), await signedIn()];
  const passwords = { currentPassword: password, newPassword: 'another long password' };

  const response = await it.door.handle(requestOf('change-password', passwords, { cookie }));

  const fresh = cookieOf(response.headers.getSetCookie());
  expect([await who(cookie), await who(elsewhere), await who(owner.cookie)]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
  expect(await who(fresh)).toBe(owner.email);
  await expect(signIn(it.door, owner)).rejects.toMatchObject({ code: 'SIGN_IN_REFUSED' });
  await signIn(it.door, { ...owner, password: passwords.newPassword });
});

test('a stolen session does not let the password be guessed, nor a short one be set', async () => {
  const change = (currentPassword: string, newPassword = 'another long password') =>
    it.door.handle(requestOf('change-password', { currentPassword, newPassword }, owner));

  for (let at = 0; at < 5; at += 1)
    await expect(change(`guess number ${at}`)).rejects.toMatchObject({ code: 'INPUT_INVALID' });

  await expect(change(password)).rejects.toMatchObject({ code: 'RATE_LIMITED' });
  await expect(change(password, 'short')).rejects.toMatchObject({ code: 'INPUT_INVALID' });
  await expect(
    it.door.handle(requestOf('change-password', { currentPassword: password, newPassword: password }, {})),
  ).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
});

test('the present session is told without its token', async () => {
  const ask = async (cookie?: string) => {
    const headers = headersOf(cookie === undefined ? {} : { cookie });
    return (
      await it.door.handle(new Request('http://localhost:8620/api/auth/get-session', { headers }))
    ).json();
  };

  expect(await ask(owner.cookie)).toEqual({ user: { id: owner.id, name: 'owner', email: owner.email } });
  expect(await ask()).toEqual({ user: null });
});

test('the library itself, asked past the door, signs nobody up', async () => {
  const auth = betterAuth(libraryOptions('http', 'x'.repeat(43), undefined));

  await expect(
    auth.api.signUpEmail({ body: { email: 'eve@example.com', name: 'Eve', password } }),
  ).rejects.toThrow(/sign up is not enabled/i);
});

test('the secret of the cookies is made once and read by its owner alone', async () => {
  const text = await readFile(it.secretFile, 'utf8');

  await it.openAnother();

  expect(await readFile(it.secretFile, 'utf8')).toBe(text);
  expect(text).toMatch(/^[\w-]{43}\n$/);
  expect((await stat(it.secretFile)).mode & 0o777).toBe(0o600);
});

test('a secret that is cut off is refused with what to do', async () => {
  await writeFile(it.secretFile, 'abc');

  await expect(it.openAnother()).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
});
