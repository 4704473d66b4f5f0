import { createHmac, timingSafeEqual } from 'node:crypto';
import { doorHeaders } from '../app/serving-ports.ts';

export type Protocol = 'http' | 'https';

/** A browser takes a cookie named `__Host-` only over TLS, for this host alone and for all its paths (RFC 6265bis section 4.1.3.2). */
export const cookieNames = { http: 'reentry_session', https: '__Host-reentry_session' } as const;

/** A session ends seven days after its sign-in, and twelve hours after its last use. */
export const sessionLifetimeSeconds = 7 * 24 * 3_600;
export const sessionIdleSeconds = 12 * 3_600;

export function protocolOf(headers: Headers): Protocol {
  return headers.get(doorHeaders.protocol) === 'https' ? 'https' : 'http';
}

/** The token in the request's session cookie, if our secret signed it: HMAC-SHA-256, `token.signature`, as the library writes it. */
export function sessionToken(headers: Headers, secret: string): string | undefined {
  const value = cookieValue(headers.get('cookie') ?? '', cookieNames[protocolOf(headers)]);
  if (value === undefined) return undefined;
  const dot = value.lastIndexOf('.');
  if (dot <= 0) return undefined;
  const token = value.slice(0, dot);
  const signature = Buffer.from(value.slice(dot + 1), 'base64');
  const right = createHmac('sha256', secret).update(token).digest();
  return signature.length === right.length && timingSafeEqual(signature, right) ? token : undefined;
}

function cookieValue(cookies: string, name: string): string | undefined {
  for (const pair of cookies.split(';')) {
    const at = pair.indexOf('=');
    if (pair.slice(0, at).trim() !== name) continue;
    try {
      return decodeURIComponent(pair.slice(at + 1).trim());
    } catch {
      return undefined;
    }
  }
  return undefined;
}
