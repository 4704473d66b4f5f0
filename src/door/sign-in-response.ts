import { z } from 'zod';
import { cookieNames, protocolOf } from './session-cookie.ts';

const SignedIn = z.object({ token: z.string().min(1) });

/** The token of the new session, which goes no further than the cookie; undefined where the library refused. */
export async function signedInToken(response: Response): Promise<string | undefined> {
  if (!response.ok) return undefined;
  return SignedIn.parse(await response.clone().json()).token;
}

/** Of the cookies that the library sets, the one that we read. */
export function sessionCookies(response: Response, headers: Headers): readonly string[] {
  const start = `${cookieNames[protocolOf(headers)]}=`;
  return response.headers.getSetCookie().filter((cookie) => cookie.startsWith(start));
}
