import { expect, test } from 'vitest';
import {
  callerOf,
  cookieOf,
  firstOwner,
  joinWith,
  openTestDoor,
  password,
  requestOf,
  signIn,
} from '../../test/support/test-door.ts';

test('no secret stands in a table or in a fact: what is stored lets nobody in', async () => {
  await using it = await openTestDoor();
  const { door, store } = it;
  const ownerToken = (await door.firstOwnerToken()) ?? '';
  const owner = await joinWith(door, ownerToken, 'owner@example.com');
  const by = await callerOf(door, owner);
  const { token: used } = await door.invite('ada@example.com', 'auditor', by);
  await joinWith(door, used, 'ada@example.com');
  const { token: open } = await door.invite('bob@example.com', 'auditor', by);
  const { secret: key } = await door.createKey({ name: 'ci', scopes: ['read:change'], expiresInDays: 9 }, by);
  const other = cookieOf((await signIn(door, owner)).headers.getSetCookie());
  const newPassword = 'another long password';
  const change = { currentPassword: password, newPassword };
  const changed = await door.handle(requestOf('change-password', change, { cookie: other }));
  const fresh = cookieOf(changed.headers.getSetCookie());
  await expect(signIn(door, { ...owner, password: 'a wrong password' })).rejects.toThrow();

  const tokens = [owner.cookie, other, fresh].map(
    (cookie) => decodeURIComponent(cookie.split('=')[1] ?? '').split('.')[0] ?? '',
  );
  const secrets = [...tokens, ownerToken, used, open, key, password, newPassword, 'a wrong password'];
  const tables = await store.sql<{ name: string }>(
    `SELECT schemaname || '.' || tablename AS name FROM pg_tables WHERE schemaname LIKE 'reentry%'`,
  );
  let dump = await it.sealed();
  for (const { name } of tables) {
    const rows = await store.sql<{ row: string }>(`SELECT t::text AS row FROM ${name} AS t`);
    dump += rows.map(({ row }) => row).join('\n');
  }

  expect(dump).toContain('owner@example.com');
  expect(dump.length).toBeGreaterThan(5_000);
  const plain = secrets.filter((secret) => dump.includes(secret));
  const encoded = secrets.filter((secret) => dump.includes(Buffer.from(secret).toString('hex')));
  expect(secrets.every((secret) => secret.length > 10)).toBe(true);
  expect([plain, encoded]).toEqual([[], []]);
});

test('what is still counted when the door closes becomes a fact', async () => {
  await using it = await openTestDoor();
  await firstOwner(it.door);
  for (let at = 0; at < 8; at += 1)
    await signIn(it.door, { email: 'a@example.com', password: 'wrong again' }).catch(() => undefined);

  await it.door.close();

  const last = (await it.actions()).at(-1);
  expect(last?.detail).toMatchObject({ suppressed: 3 });
});
