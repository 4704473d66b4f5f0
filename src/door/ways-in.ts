import { z } from 'zod';
import { type Caller, doorHeaders } from '../app/serving-ports.ts';
import { AppError } from '../core/errors.ts';
import type { DoorParts } from './door-parts.ts';
import { sweepInvitations } from './invitations.ts';
import type { RefusedSignIns } from './refused-sign-ins.ts';
import { protocolOf } from './session-cookie.ts';
import { callerOfToken, endSession, sessionCaller, sweepSessions } from './sessions.ts';
import { basePath, passwordLength } from './sign-in-library.ts';
import { sessionCookies, signedInToken } from './sign-in-response.ts';
import { network, type SignInThrottle } from './sign-in-throttle.ts';

export interface WaysIn extends DoorParts {
  readonly throttle: SignInThrottle;
  readonly refused: RefusedSignIns;
}

type Way = (parts: WaysIn, request: Request) => Promise<Response>;

/** What is not here does not exist, whatever the library would answer. Organisation-wide sign-in adds its ways here. */
const ways: ReadonlyMap<string, Way> = new Map<string, Way>([
  [`POST ${basePath}/sign-in/email`, signIn],
  [`POST ${basePath}/sign-out`, signOut],
  [`GET ${basePath}/get-session`, getSession],
  [`POST ${basePath}/change-password`, changePassword],
]);

/** Errors: NOT_FOUND, INPUT_INVALID, INPUT_TOO_LARGE, SIGN_IN_REFUSED, RATE_LIMITED, CROSS_SITE, UNAUTHENTICATED. */
export async function goThrough(parts: WaysIn, request: Request): Promise<Response> {
  const way = ways.get(`${request.method} ${new URL(request.url).pathname}`);
  if (way === undefined) throw new AppError('NOT_FOUND', { what: 'such way through the door' });
  return way(parts, request);
}

const Credentials = z.object({
  email: z.email().max(254).toLowerCase(),
  password: z.string().min(1).max(1_000),
});

async function signIn(parts: WaysIn, request: Request): Promise<Response> {
  const { library, throttle, refused, database, surroundings, recorder } = parts;
  const { headers } = request;
  const { email, password } = await parseBody(request, Credentials);
  const address = headers.get(doorHeaders.address) ?? '';
  const key = `${network(address)} ${email}`;
  const attempt = { network: network(address), address, email, requestId: requestIdOf(headers) };
  const seconds = throttle.take(key, surroundings.now().getTime());
  if (seconds !== undefined) {
    await refused.add({ ...attempt, because: 'too-many' });
    throw new AppError('RATE_LIMITED', { seconds });
  }
  const before = await sessionCaller(parts, headers);
  // The library refuses by length what it would never have stored; the answer must not differ for that.
  const tried = password.length > passwordLength.most ? 'x' : password;
  const response = await library.handle(protocolOf(headers), asJson(request, { email, password: tried }));
  if (response.status === 401) {
    await refused.add({ ...attempt, because: 'wrong' });
    throw new AppError('SIGN_IN_REFUSED');
  }
  const token = await signedInToken(response);
  if (token === undefined) {
    throttle.giveBack(key);
    throw refusalOf(response);
  }
  throttle.forget(key);
  const now = surroundings.now();
  const caller = await callerOfToken(database, token, now);
  // Whoever was removed in this moment.
  if (caller === undefined) throw new AppError('SIGN_IN_REFUSED');
  try {
    await recorder.record({
      ...{ actor: actorOf(caller), action: 'sign-in', resource: 'own-session', target: email },
      ...{ detail: { address }, requestId: attempt.requestId },
    });
  } catch (error) {
    await endSession(database, caller.credentialId);
    throw error;
  }
  // One browser, one session; and a cookie that somebody else had put there is worth nothing afterwards.
  if (before !== undefined) await endSession(database, before.credentialId).catch(() => undefined);
  await sweepSessions(database, now);
  await sweepInvitations(database, now);
  return done(response, headers);
}

async function signOut(parts: WaysIn, request: Request): Promise<Response> {
  const { library, recorder } = parts;
  const { headers } = request;
  const caller = await sessionCaller(parts, headers);
  const response = await library.handle(protocolOf(headers), asJson(request, {}));
  if (!response.ok) throw refusalOf(response);
  if (caller !== undefined) {
    await recorder.record({
      ...{ actor: actorOf(caller), action: 'sign-out', resource: 'own-session', target: caller.credentialId },
      ...{ detail: {}, requestId: requestIdOf(headers) },
    });
  }
  return done(response, headers);
}

async function getSession(parts: WaysIn, { headers }: Request): Promise<Response> {
  const caller = await sessionCaller(parts, headers);
  const user = caller && { id: caller.userId, name: caller.name, email: caller.email };
  return Response.json({ user: user ?? null });
}

const NewPassword = z.object({
  currentPassword: z.string().min(1).max(passwordLength.most),
  newPassword: z.string().min(passwordLength.least).max(passwordLength.most),
});

/** Every session of the person ends, and this browser gets a new one. Keys stay: they are not the password's. */
async function changePassword(parts: WaysIn, request: Request): Promise<Response> {
  const { library, throttle, surroundings, recorder } = parts;
  const { headers } = request;
  const caller = await sessionCaller(parts, headers);
  if (caller === undefined) throw new AppError('UNAUTHENTICATED');
  const passwords = await parseBody(request, NewPassword);
  const key = `password of ${caller.userId}`;
  const seconds = throttle.take(key, surroundings.now().getTime());
  if (seconds !== undefined) throw new AppError('RATE_LIMITED', { seconds });
  const body = { ...passwords, revokeOtherSessions: true };
  const response = await library.handle(protocolOf(headers), asJson(request, body));
  if (response.status === 400)
    throw new AppError('INPUT_INVALID', { detail: 'the present password is another one' });
  if (!response.ok) throw refusalOf(response);
  throttle.forget(key);
  await recorder.record({
    ...{ actor: actorOf(caller), action: 'update', resource: 'own-profile', target: caller.email },
    ...{ detail: { changed: 'password' }, requestId: requestIdOf(headers) },
  });
  return done(response, headers);
}

/** The library's answers name the token, which belongs in the cookie alone. */
function done(response: Response, headers: Headers): Response {
  const answer = Response.json({ ok: true });
  for (const cookie of sessionCookies(response, headers)) answer.headers.append('set-cookie', cookie);
  return answer;
}

const maxBodyCharacters = 10_000;

/** JSON alone: a form of another site cannot send it. */
async function parseBody<Shape extends z.ZodType>(request: Request, shape: Shape): Promise<z.output<Shape>> {
  const type = request.headers.get('content-type') ?? '';
  if (!/^application\/json\s*(;|$)/i.test(type))
    throw new AppError('INPUT_INVALID', { detail: 'the content type must be application/json' });
  const text = await request.text();
  if (text.length > maxBodyCharacters) {
    const size = `${text.length} characters`;
    throw new AppError('INPUT_TOO_LARGE', {
      what: 'The request',
      size,
      limit: `${maxBodyCharacters} characters`,
    });
  }
  const parsed = shape.safeParse(jsonOf(text));
  if (parsed.success) return parsed.data;
  // The paths alone: what was typed may be a password.
  const wrong = new Set(parsed.error.issues.map(({ path }) => path.join('.') || 'body'));
  throw new AppError('INPUT_INVALID', { detail: `${[...wrong].join(', ')} missing or malformed` });
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The same request with what we understood of its body. */
function asJson({ url, method, headers }: Request, body: object): Request {
  const copy = new Headers(headers);
  copy.set('content-type', 'application/json');
  copy.delete('content-length');
  return new Request(url, { method, headers: copy, body: JSON.stringify(body) });
}

function refusalOf({ status }: Response): AppError {
  if (status === 401) return new AppError('SIGN_IN_REFUSED');
  if (status === 403) return new AppError('CROSS_SITE');
  if (status === 404) return new AppError('NOT_FOUND', { what: 'such way through the door' });
  if (status < 500) return new AppError('INPUT_INVALID', { detail: 'the sign-in library refused it' });
  return new AppError('INTERNAL', { detail: 'the sign-in library failed' });
}

function requestIdOf(headers: Headers): string {
  const id = headers.get(doorHeaders.requestId);
  if (id === null) throw new AppError('INTERNAL', { detail: 'the request has no id' });
  return id;
}

function actorOf({ userId, email, role, via }: Caller) {
  return { id: userId, email, role, via };
}
