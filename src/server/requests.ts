import type { FastifyRequest } from 'fastify';
import { type Caller, doorHeaders } from '../app/serving-ports.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Null until it is known who asks, and where nobody is signed in. */
    caller: Caller | null;
  }
}

/** The headers as the door takes them: what we know of the request stands in place of what a caller may have sent under these names. */
export function headersForDoor(request: FastifyRequest, publicUrl: string | undefined): Headers {
  const copy = new Headers();
  for (const [name, value] of Object.entries(request.headers)) {
    if (typeof value === 'string') copy.append(name, value);
    else for (const one of value ?? []) copy.append(name, one);
  }
  copy.set(doorHeaders.address, request.ip);
  copy.set(doorHeaders.protocol, new URL(calledUrl(request, publicUrl)).protocol.slice(0, -1));
  copy.set(doorHeaders.requestId, request.id);
  return copy;
}

/** The address that was called, without a slash at its end; a proxy under the public name need not tell that it speaks TLS. */
export function calledUrl({ protocol, host }: FastifyRequest, publicUrl: string | undefined): string {
  const isPublic = publicUrl !== undefined && new URL(publicUrl).host === host;
  return isPublic ? publicUrl : `${protocol}://${host}`;
}

/** Without the query: it may hold a one-time secret, or what somebody searched for. */
export function pathOf({ url }: Pick<FastifyRequest, 'url'>): string {
  const end = url.search(/[?#]/);
  return end === -1 ? url : url.slice(0, end);
}
