import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  firstOwner,
  type Inside,
  openTestDoor,
  password,
  requestOf,
  signIn,
  type TestDoor,
} from '../../test/support/test-door.ts';

let it: TestDoor;
let owner: Inside;

beforeAll(async () => {
  it = await openTestDoor();
  owner = await firstOwner(it.door);
});
afterAll(() => it[Symbol.asyncDispose]());

test.each([
  'sign-up/email',
  'update-user',
  'delete-user',
  'list-sessions',
  'revoke-sessions',
  'change-email',
  'ok',
  'error',
  'sign-in/social',
  'request-password-reset',
  'sign-in/email/',
  'sign-in//email',
  '../auth2/sign-in/email',
  'SIGN-IN/email',
])('%s is no way in', async (way) => {
  const body = { email: 'eve@example.com', name: 'Eve', password };

  await expect(it.door.handle(requestOf(way, body, owner))).rejects.toMatchObject({ code: 'NOT_FOUND' });

  expect(await it.door.members()).toHaveLength(1);
});

test.each([
  ['http://localhost:8620', 'localhost:8620'],
  ['http://127.0.0.1:8620', '127.0.0.1:8620'],
  ['https://evidence.example.com', 'evidence.example.com'],
  ['http://[::1]:8620', '[::1]:8620'],
])('a page of %s signs in when that is how the server is called', async (origin, host) => {
  const response = await signIn(it.door, owner, { headers: { origin, host }, cookie: owner.cookie });

  expect(response.status).toBe(200);
});

test.each(['https://evil.example', 'http://localhost:9999', 'http://localhost:8620.evil.example', 'null'])(
  'a page of %s does not sign in here',
  async (origin) => {
    for (const cookie of ['a=1', undefined]) {
      const browser = { headers: { origin, 'sec-fetch-site': 'cross-site' }, ...(cookie ? { cookie } : {}) };
      await expect(signIn(it.door, owner, browser)).rejects.toMatchObject({ code: 'CROSS_SITE' });
    }
  },
);

test.each([
  ['a form', 'email=owner@example.com&password=x', 'application/x-www-form-urlencoded', 'INPUT_INVALID'],
  ['no JSON', '{', 'application/json', 'INPUT_INVALID'],
  ['an e-mail that is none', { email: 'owner', password }, 'application/json', 'INPUT_INVALID'],
  ['objects in place of texts', { email: { $ne: '' }, password: {} }, 'application/json', 'INPUT_INVALID'],
  [
    'a page of text',
    { email: 'owner@example.com', password: 'a'.repeat(20_000) },
    'application/json',
    'INPUT_TOO_LARGE',
  ],
] as const)('%s is not understood', async (_, body, type, code) => {
  const request = requestOf('sign-in/email', body, { headers: { 'content-type': type } });

  await expect(it.door.handle(request)).rejects.toMatchObject({ code });
});
