import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  callerOf,
  firstOwner,
  headersOf,
  type Inside,
  member,
  openTestDoor,
  type TestDoor,
} from '../../test/support/test-door.ts';
import type { Caller } from '../app/serving-ports.ts';
import { isAllowed, type Scope } from '../core/access/permissions.ts';

let it: TestDoor;
let owner: Inside;

beforeAll(async () => {
  it = await openTestDoor();
  owner = await firstOwner(it.door);
});
afterAll(() => it[Symbol.asyncDispose]());

function withKey(secret: string, cookie?: string): Promise<Caller | undefined> {
  const headers = headersOf({
    headers: { authorization: `Bearer ${secret}` },
    ...(cookie ? { cookie } : {}),
  });
  return it.door.authenticate({ headers });
}

async function newKey(by: Inside, scopes: readonly Scope[] = ['read:change'], expiresInDays = 30) {
  return it.door.createKey({ name: 'ci', scopes, expiresInDays }, await callerOf(it.door, by));
}

test('a key lets its maker in with its scopes, and only its beginning is shown again', async () => {
  const { key, secret } = await newKey(owner);

  expect(secret).toMatch(/^rk_[\w-]{43}$/);
  expect(key).toMatchObject({
    start: secret.slice(0, 8),
    lastUsedAt: null,
    revokedAt: null,
    userId: owner.id,
  });
  expect(await withKey(secret)).toEqual({
    userId: owner.id,
    name: 'owner',
    email: owner.email,
    role: 'owner',
    scopes: ['read:change'],
    via: 'api-key',
    credentialId: key.id,
  });
  expect(JSON.stringify(await it.door.keys())).not.toContain(secret);
});

test.each(['rk_', `rk_${'a'.repeat(43)}`, 'Bearer', '', `rk_${'a'.repeat(10_000)}`])(
  'the key %j is nobody’s, also beside the cookie of somebody',
  async (secret) => {
    expect(await withKey(secret, owner.cookie)).toBeUndefined();
  },
);

test('a key with another case is another key', async () => {
  const { secret } = await newKey(owner);
  const swapped = secret.replace(/[a-z]/gi, (letter) =>
    letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase(),
  );

  expect(await withKey(swapped)).toBeUndefined();
});

test('a key never does more than its maker’s role allows now', async () => {
  const ada = await member(it.door, owner, 'engineer', 'ada@example.com');
  const { secret } = await newKey(ada, ['create:import', 'read:change']);
  const may = async (scope: 'create:import' | 'read:change') => {
    const caller = await withKey(secret);
    const [action, resource] =
      scope === 'create:import' ? (['create', 'import'] as const) : (['read', 'change'] as const);
    return caller !== undefined && isAllowed(caller, action, resource);
  };
  expect([await may('create:import'), await may('read:change')]).toEqual([true, true]);

  await it.door.setRole(ada.id, 'auditor');

  expect([await may('create:import'), await may('read:change')]).toEqual([false, true]);
});

test.each([
  [['update:repository'], 'FORBIDDEN'],
  [['read:member'], 'FORBIDDEN'],
  [['create:own-api-key'], 'FORBIDDEN'],
  [['read:change', 'delete:session'], 'FORBIDDEN'],
  [[], 'INPUT_INVALID'],
] as const)('an engineer’s key cannot have the scopes %j', async (scopes, code) => {
  const caller = { ...(await callerOf(it.door, owner)), role: 'engineer' } as const;

  await expect(it.door.createKey({ name: 'ci', scopes, expiresInDays: 1 }, caller)).rejects.toMatchObject({
    code,
  });
});

test.each([0, 366, 1.5, Number.NaN])('a key does not live for %d days', async (expiresInDays) => {
  await expect(newKey(owner, ['read:change'], expiresInDays)).rejects.toMatchObject({
    code: 'INPUT_INVALID',
  });
});

test('a key cannot make keys', async () => {
  const { secret } = await newKey(owner);
  const caller = (await withKey(secret)) as Caller;

  await expect(
    it.door.createKey({ name: 'child', scopes: ['read:change'], expiresInDays: 1 }, caller),
  ).rejects.toMatchObject({ code: 'FORBIDDEN' });
});

test('an expired key is dead', async () => {
  const { secret } = await newKey(owner, ['read:change'], 1);

  it.clock.now += 24 * 3_600_000;

  expect(await withKey(secret)).toBeUndefined();
  it.clock.now -= 24 * 3_600_000;
});

test('a revoked key is dead at once, in another process too, and stays listed', async () => {
  const { key, secret } = await newKey(owner);
  const another = await it.openAnother();
  await expect(it.door.revokeKey(key.id, 'somebody else')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  expect(await withKey(secret)).toBeDefined();

  await another.revokeKey(key.id, owner.id);
  await another.revokeKey(key.id);

  expect(await withKey(secret)).toBeUndefined();
  expect((await it.door.keys(owner.id)).find(({ id }) => id === key.id)?.revokedAt).not.toBeNull();
  await expect(it.door.revokeKey('unknown')).rejects.toMatchObject({ code: 'NOT_FOUND' });
});

test('the last use is written down once a minute', async () => {
  const { key, secret } = await newKey(owner);
  const lastUse = async () => (await it.door.keys()).find(({ id }) => id === key.id)?.lastUsedAt;

  await withKey(secret);
  const first = await lastUse();
  it.clock.now += 50_000;
  await withKey(secret);
  const second = await lastUse();
  it.clock.now += 20_000;
  await withKey(secret);

  expect(second).toBe(first);
  expect(new Date((await lastUse()) ?? 0).getTime() - new Date(first ?? 0).getTime()).toBe(70_000);
});

test('somebody has fifty live keys at most', async () => {
  const bob = await member(it.door, owner, 'auditor', 'bob@example.com');
  const caller = await callerOf(it.door, bob);
  const make = () => it.door.createKey({ name: 'ci', scopes: ['read:change'], expiresInDays: 1 }, caller);
  const keys = await Promise.all(Array.from({ length: 50 }, make));

  await expect(make()).rejects.toMatchObject({ code: 'INPUT_INVALID' });
  await it.door.revokeKey(keys[0]?.key.id ?? '');
  await make();
});
