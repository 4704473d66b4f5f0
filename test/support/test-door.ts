import { randomBytes, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { actionRecorder } from '../../src/app/record-action.ts';
import { type ActionRecorder, doorHeaders } from '../../src/app/serving-ports.ts';
import type { Role } from '../../src/core/access/permissions.ts';
import { type Fact, factTypes, type PersonActed, parseFact } from '../../src/core/evidence/fact.ts';
import { type OpenDoor, openDoor } from '../../src/door/open-door.ts';
import { openTestStore, type TestStore } from '../../src/store/testing/test-store.ts';

export const password = 'correct horse battery';

export interface Browser {
  readonly address?: string;
  readonly protocol?: 'http' | 'https';
  readonly cookie?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Somebody who has come in, with the cookie of their browser. */
export interface Inside {
  readonly id: string;
  readonly email: string;
  readonly cookie: string;
}

export interface TestDoor extends AsyncDisposable {
  readonly door: OpenDoor;
  readonly store: TestStore;
  readonly clock: { now: number };
  readonly secretFile: string;
  /** A second process on the same database and folder. */
  openAnother(): Promise<OpenDoor>;
  /** Facts of people's actions, in order. */
  actions(): Promise<readonly PersonActed['event']['data'][]>;
  /** Every fact as it is sealed. */
  sealed(): Promise<string>;
}

export async function openTestDoor(recorder?: (inner: ActionRecorder) => ActionRecorder): Promise<TestDoor> {
  const store = await openTestStore();
  const clock = { now: Date.now() };
  const surroundings = { now: () => new Date(clock.now), randomBytes: (size: number) => randomBytes(size) };
  const inner = actionRecorder({ ledger: store.store.ledger, surroundings });
  const secretFile = join(store.dataFolder, 'keys', 'door.secret');
  const open = () =>
    openDoor({
      connection: store.store.connection,
      secretFile,
      surroundings,
      recorder: recorder?.(inner) ?? inner,
    });
  const doors = [await open()];
  const payloads = async () => {
    const { ledger } = store.store;
    const texts: string[] = [];
    for await (const page of ledger.readSealed('events', 0, await ledger.size('events'))) {
      for (const { payload } of page) texts.push(Buffer.from(payload ?? []).toString('utf8'));
    }
    return texts;
  };
  return {
    door: doors[0] as OpenDoor,
    store,
    clock,
    secretFile,
    openAnother: async () => {
      const another = await open();
      doors.push(another);
      return another;
    },
    actions: async () =>
      (await payloads())
        .map((text) => parseFact(Buffer.from(text)))
        .filter(isAction)
        .map(({ event }) => event.data),
    sealed: async () => (await payloads()).join('\n'),
    [Symbol.asyncDispose]: async () => {
      for (const one of doors) await one.close();
      await store.close();
    },
  };
}

function isAction(fact: Fact): fact is PersonActed {
  return fact.event.type === factTypes.personActed;
}

/** The headers that the server hands over. */
export function headersOf({ address = '192.0.2.1', protocol = 'http', cookie, headers }: Browser): Headers {
  return new Headers({
    host: 'localhost:8620',
    'user-agent': 'test browser',
    ...(cookie === undefined ? {} : { cookie }),
    ...headers,
    [doorHeaders.address]: address,
    [doorHeaders.protocol]: protocol,
    [doorHeaders.requestId]: randomUUID(),
  });
}

export function requestOf(way: string, body: unknown, browser: Browser = {}): Request {
  const { protocol = 'http' } = browser;
  const headers = headersOf(browser);
  if (!headers.has('content-type')) headers.set('content-type', 'application/json');
  if (!headers.has('origin')) headers.set('origin', `${protocol}://localhost:8620`);
  return new Request(`${protocol}://localhost:8620/api/auth/${way}`, {
    method: 'POST',
    headers,
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}

export function signIn(
  door: OpenDoor,
  person: { readonly email: string; readonly password?: string },
  browser: Browser = {},
): Promise<Response> {
  return door.handle(
    requestOf('sign-in/email', { email: person.email, password: person.password ?? password }, browser),
  );
}

/** `name=value` of the one cookie that is set. */
export function cookieOf(setCookies: readonly string[]): string {
  if (setCookies.length !== 1) throw new Error(`${setCookies.length} cookies are set`);
  return setCookies[0]?.split(';')[0] ?? '';
}

export async function firstOwner(door: OpenDoor, email = 'owner@example.com'): Promise<Inside> {
  return joinWith(door, (await door.firstOwnerToken()) ?? '', email);
}

export async function joinWith(door: OpenDoor, token: string, email: string): Promise<Inside> {
  const welcome = { token, name: email.split('@')[0] ?? '', email, password };
  const { caller, setCookies } = await door.join(welcome, { headers: headersOf({}) });
  return { id: caller.userId, email, cookie: cookieOf(setCookies) };
}

/** Invited by the owner, and joined. */
export async function member(door: OpenDoor, owner: Inside, role: Role, email: string): Promise<Inside> {
  const { token } = await door.invite(email, role, await callerOf(door, owner));
  return joinWith(door, token, email);
}

export async function callerOf(door: OpenDoor, { cookie }: Pick<Inside, 'cookie'>) {
  const caller = await door.authenticate({ headers: headersOf({ cookie }) });
  if (caller === undefined) throw new Error('nobody is signed in with this cookie');
  return caller;
}
