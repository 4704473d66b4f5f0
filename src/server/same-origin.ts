import type { FastifyRequest, onRequestAsyncHookHandler } from 'fastify';
import { AppError } from '../core/errors.ts';
import type { ServerParts } from './parts.ts';

const harmless = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Refuses what another site makes a browser send. A browser adds our cookie by itself, but cannot lie about where the request
 * comes from (`Sec-Fetch-Site`, and `Origin` where that is missing: plain HTTP beyond this machine). A key in `Authorization` is
 * added by nobody but its owner.
 */
export const sameOriginOnly: onRequestAsyncHookHandler = async (request) => {
  if (harmless.has(request.method) || carriesKey(request)) return;
  const site = request.headers['sec-fetch-site'];
  const { origin, cookie } = request.headers;
  if (site === undefined && origin === undefined && cookie === undefined) return;
  if (site !== undefined && site !== 'same-origin') throw new AppError('CROSS_SITE');
  if (site === undefined && (origin === undefined || !isOwn(origin, request)))
    throw new AppError('CROSS_SITE');
};

/**
 * While only this machine is listened to, it must also be called by a name of this machine: a page elsewhere could let its own
 * name point here (DNS rebinding), and would then be of the same origin.
 */
export function knownHostOnly({ loopbackOnly, settled }: ServerParts): onRequestAsyncHookHandler {
  const publicName = settled.publicUrl === undefined ? undefined : new URL(settled.publicUrl).hostname;
  return async ({ host, hostname }) => {
    if (!URL.canParse(`http://${host}`))
      throw new AppError('INPUT_INVALID', { detail: 'Host names no host' });
    if (loopbackOnly() && hostname !== publicName && !isLoopback(hostname)) throw new AppError('CROSS_SITE');
  };
}

/** Names and addresses that never leave this machine (RFC 6761 section 6.3, RFC 5735). */
export function isLoopback(host: string): boolean {
  const name = host.replace(/^\[|\]$/g, '').toLowerCase();
  return name === 'localhost' || name === '::1' || /^127(\.\d{1,3}){3}$/.test(name);
}

function carriesKey({ headers }: FastifyRequest): boolean {
  return /^bearer /i.test(headers.authorization ?? '');
}

/** The scheme is left out: a proxy may speak TLS in front of us. */
function isOwn(origin: string, { host }: FastifyRequest): boolean {
  try {
    const from = new URL(origin);
    // Read as an address too: `shop.example:443` is `shop.example` under https.
    return from.host === new URL(`${from.protocol}//${host}`).host;
  } catch {
    return false;
  }
}
