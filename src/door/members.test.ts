import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  callerOf,
  firstOwner,
  headersOf,
  joinWith,
  member,
  openTestDoor,
  password,
  signIn,
  type TestDoor,
} from '../../test/support/test-door.ts';

let it: TestDoor;

beforeEach(async () => {
  it = await openTestDoor();
});
afterEach(() => it[Symbol.asyncDispose]());

function outcomes(settled: readonly PromiseSettledResult<unknown>[]): readonly string[] {
  return settled.map((one) => (one.status === 'fulfilled' ? 'done' : one.reason.code)).sort();
}

async function openInvitations(): Promise<readonly unknown[]> {
  return it.store.sql('SELECT id FROM reentry_door.invitation');
}

test('the first owner’s link works once, and makes an owner who is signed in', async () => {
  const { door } = it;
  expect(await door.isClaimed()).toBe(false);
  const token = (await door.firstOwnerToken()) ?? '';
  expect(token).toMatch(/^[\w-]{43}$/);
  expect(await door.invitation(token)).toEqual({ role: 'owner', email: null });

  const owner = await joinWith(door, token, 'Owner@Example.com');

  expect(await callerOf(door, owner)).toMatchObject({
    role: 'owner',
    email: 'owner@example.com',
    via: 'session',
  });
  expect(await door.isClaimed()).toBe(true);
  expect(await door.invitation(token)).toBeUndefined();
  await expect(joinWith(door, token, 'second@example.com')).rejects.toMatchObject({
    code: 'INVITATION_UNKNOWN',
  });
  expect(await door.firstOwnerToken()).toBeUndefined();
});

test('a new link for the first owner ends the one before, and after a day so does this one', async () => {
  const { door } = it;
  const first = (await door.firstOwnerToken()) ?? '';
  const second = (await door.firstOwnerToken()) ?? '';

  await expect(joinWith(door, first, 'a@example.com')).rejects.toMatchObject({ code: 'INVITATION_UNKNOWN' });
  it.clock.now += 24 * 3_600_000;
  await expect(joinWith(door, second, 'a@example.com')).rejects.toMatchObject({ code: 'INVITATION_UNKNOWN' });

  expect(await door.isClaimed()).toBe(false);
});

test('a link for the first owner that was left over makes nobody an owner', async () => {
  const { door } = it;
  const left = (await door.firstOwnerToken()) ?? '';
  const [row] = await it.store.sql('SELECT * FROM reentry_door.invitation');
  await firstOwner(door);
  await it.store.sql(
    `INSERT INTO reentry_door.invitation SELECT * FROM json_populate_record(NULL::reentry_door.invitation, $1)`,
    [JSON.stringify({ ...row, token_hash: `\\x${Buffer.from(row?.token_hash).toString('hex')}` })],
  );

  expect(await door.invitation(left)).toBeUndefined();
  await expect(joinWith(door, left, 'second@example.com')).rejects.toMatchObject({
    code: 'INVITATION_UNKNOWN',
  });
});

test('of several who use one link at once, through two processes, one comes in and nothing of the others is kept', async () => {
  const doors = [it.door, await it.openAnother()];
  const token = (await it.door.firstOwnerToken()) ?? '';

  const settled = await Promise.allSettled(
    [0, 1, 2, 3].map((at) => joinWith(doors[at % 2] ?? it.door, token, `person${at}@example.com`)),
  );

  expect(outcomes(settled)).toEqual([
    'INVITATION_UNKNOWN',
    'INVITATION_UNKNOWN',
    'INVITATION_UNKNOWN',
    'done',
  ]);
  for (const table of ['person', 'account', 'member', 'session'])
    expect(
      await it.store.sql(
        `SELECT id FROM reentry_door.${table}`.replace(
          'id FROM reentry_door.member',
          'user_id FROM reentry_door.member',
        ),
      ),
    ).toHaveLength(1);
  expect((await it.actions()).map(({ action }) => action)).toEqual(['join']);
});

test('where the log takes no fact, nobody joins and the link stays', async () => {
  await it[Symbol.asyncDispose]();
  let fails = true;
  it = await openTestDoor((inner) => ({
    record: async (action) => {
      if (fails) throw new Error('the disk is full');
      await inner.record(action);
    },
  }));
  const token = (await it.door.firstOwnerToken()) ?? '';

  await expect(joinWith(it.door, token, 'owner@example.com')).rejects.toThrow('the disk is full');

  expect(await it.door.isClaimed()).toBe(false);
  fails = false;
  const owner = await joinWith(it.door, token, 'owner@example.com');
  fails = true;
  await expect(signIn(it.door, owner)).rejects.toThrow('the disk is full');
  expect(await it.door.sessions()).toHaveLength(1);
});

test('an invitation is for one e-mail and role, works for three days, and a later one replaces it', async () => {
  const { door } = it;
  const owner = await firstOwner(door);
  const by = await callerOf(door, owner);
  const first = await door.invite('Ada@example.com', 'engineer', by);
  const { token, expiresAt } = await door.invite('ada@example.com', 'auditor', by);

  expect(await door.invitation(first.token)).toBeUndefined();
  expect(await door.invitation(token)).toEqual({ role: 'auditor', email: 'ada@example.com' });
  expect(new Date(expiresAt).getTime() - it.clock.now).toBe(72 * 3_600_000);
  expect((await door.members()).map(({ email, state }) => [email, state])).toEqual([
    ['owner@example.com', 'active'],
    ['ada@example.com', 'invited'],
  ]);
  await expect(joinWith(door, token, 'eve@example.com')).rejects.toMatchObject({ code: 'INPUT_INVALID' });
  const ada = await joinWith(door, token, 'ada@example.com');
  expect(await callerOf(door, ada)).toMatchObject({ role: 'auditor' });
  await expect(door.invite('ADA@example.com', 'owner', by)).rejects.toMatchObject({ code: 'MEMBER_EXISTS' });
  const late = await door.invite('late@example.com', 'auditor', by);
  it.clock.now += 72 * 3_600_000;
  await expect(joinWith(door, late.token, 'late@example.com')).rejects.toMatchObject({
    code: 'INVITATION_UNKNOWN',
  });
});

test.each([
  { name: ' ', email: 'a@example.com', password },
  { name: 'a\u0000b', email: 'a@example.com', password },
  { name: 'A', email: 'not an e-mail', password },
  { name: 'A', email: 'a@example.com', password: 'eleven char' },
  { name: 'A', email: 'a@example.com', password: 'x'.repeat(129) },
])('%o is nobody who joins, and the link stays', async (person) => {
  const token = (await it.door.firstOwnerToken()) ?? '';

  await expect(it.door.join({ token, ...person }, { headers: headersOf({}) })).rejects.toMatchObject({
    code: 'INPUT_INVALID',
  });

  expect(await it.door.invitation(token)).toBeDefined();
});

test('an e-mail is one member’s, and who comes second keeps the link', async () => {
  const { door } = it;
  const owner = await firstOwner(door);
  const { token } = await door.invite('ada@example.com', 'auditor', await callerOf(door, owner));
  await it.store.sql(`UPDATE reentry_door.invitation SET email = 'owner@example.com'`);

  await expect(joinWith(door, token, owner.email)).rejects.toMatchObject({
    code: 'MEMBER_EXISTS',
    details: { email: owner.email },
  });

  expect(await door.invitation(token)).toBeDefined();
});

test('a role changes at once, also one that was only offered', async () => {
  const { door } = it;
  const owner = await firstOwner(door);
  const ada = await member(door, owner, 'auditor', 'ada@example.com');
  const { token } = await door.invite('bob@example.com', 'auditor', await callerOf(door, owner));
  const bob = (await door.members()).find(({ email }) => email === 'bob@example.com');

  await door.setRole(ada.id, 'engineer');
  await door.setRole(bob?.id ?? '', 'engineer');

  expect((await callerOf(door, ada)).role).toBe('engineer');
  expect(await door.invitation(token)).toEqual({ role: 'engineer', email: 'bob@example.com' });
  await expect(door.setRole('nobody', 'auditor')).rejects.toMatchObject({ code: 'NOT_FOUND' });
});

test('the last owner stays one', async () => {
  const { door } = it;
  const owner = await firstOwner(door);
  await member(door, owner, 'engineer', 'ada@example.com');

  await expect(door.setRole(owner.id, 'auditor')).rejects.toMatchObject({ code: 'LAST_OWNER' });
  await expect(door.removeMember(owner.id)).rejects.toMatchObject({ code: 'LAST_OWNER' });

  expect((await callerOf(door, owner)).role).toBe('owner');
});

test('two owners who take each other’s role at once leave one owner', async () => {
  const { door } = it;
  const another = await it.openAnother();
  const first = await firstOwner(door);
  let second = await member(door, first, 'owner', 'second@example.com');

  for (let round = 0; round < 5; round += 1) {
    const settled = await Promise.allSettled([
      door.setRole(first.id, 'engineer'),
      round % 2 === 0 ? another.setRole(second.id, 'engineer') : another.removeMember(second.id),
    ]);

    expect(outcomes(settled)).toEqual(['LAST_OWNER', 'done']);
    const owners = (await door.members()).filter(({ role, state }) => role === 'owner' && state === 'active');
    expect(owners).toHaveLength(1);
    await door.setRole(first.id, 'owner');
    if (!(await door.members()).some(({ id }) => id === second.id))
      second = await member(door, first, 'owner', 'second@example.com');
    await door.setRole(second.id, 'owner');
  }
});

test('a removed member’s sessions, keys, password and invitations end, and the e-mail may come again', async () => {
  const { door } = it;
  const owner = await firstOwner(door);
  const ada = await member(door, owner, 'owner', 'ada@example.com');
  const caller = await callerOf(door, ada);
  const { secret, key } = await door.createKey(
    { name: 'ci', scopes: ['read:change'], expiresInDays: 9 },
    caller,
  );
  const { token } = await door.invite('friend@example.com', 'owner', caller);

  await door.removeMember(ada.id);

  const keyHeaders = headersOf({ headers: { authorization: `Bearer ${secret}` } });
  expect(await door.authenticate({ headers: headersOf({ cookie: ada.cookie }) })).toBeUndefined();
  expect(await door.authenticate({ headers: keyHeaders })).toBeUndefined();
  expect(await door.invitation(token)).toBeUndefined();
  await expect(signIn(door, ada)).rejects.toMatchObject({ code: 'SIGN_IN_REFUSED' });
  expect(await door.sessions(ada.id)).toEqual([]);
  expect(await door.keys()).toEqual([{ ...key, revokedAt: expect.any(String) }]);
  expect(await openInvitations()).toEqual([]);
  await expect(door.removeMember(ada.id)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  expect((await member(door, owner, 'auditor', 'ada@example.com')).id).not.toBe(ada.id);
});

test('an owner who is made less has invited nobody', async () => {
  const { door } = it;
  const owner = await firstOwner(door);
  const ada = await member(door, owner, 'owner', 'ada@example.com');
  const { token } = await door.invite('friend@example.com', 'owner', await callerOf(door, ada));

  await door.setRole(ada.id, 'auditor');

  expect(await door.invitation(token)).toBeUndefined();
});

test('an invitation can be taken back', async () => {
  const { door } = it;
  const owner = await firstOwner(door);
  const { token } = await door.invite('ada@example.com', 'auditor', await callerOf(door, owner));
  const invited = (await door.members()).find(({ state }) => state === 'invited');

  await door.removeMember(invited?.id ?? '');

  expect(await door.invitation(token)).toBeUndefined();
});
