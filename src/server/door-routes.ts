import type { FastifyInstance, FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Welcome } from '../contract/door.ts';
import { AppError } from '../core/errors.ts';
import type { Limits } from './limits.ts';
import { parseBody, parseQuery } from './parse-input.ts';
import type { ServerParts } from './parts.ts';
import { calledUrl, headersForDoor } from './requests.ts';

const Token = z.object({ token: z.string().min(1).max(200) });

/** The ways in: sign-in, and the one-time link. Every attempt counts, since each is a guess until it is right. */
export async function registerDoor(app: FastifyInstance, parts: ServerParts, limits: Limits): Promise<void> {
  const { door, settled } = parts;
  app.get('/api/welcome', { onRequest: limits.attempts }, async (request, reply) => {
    const { token } = parseQuery(Token, request.query) as z.output<typeof Token>;
    const invitation = await door.invitation(token);
    if (!invitation) throw new AppError('INVITATION_UNKNOWN');
    reply.header('cache-control', 'no-store');
    return invitation;
  });
  app.post('/api/welcome', { onRequest: limits.attempts }, async (request, reply) => {
    const welcome = parseBody(Welcome, request.body) as z.output<typeof Welcome>;
    const { setCookies } = await door.join(welcome, {
      headers: headersForDoor(request, settled.publicUrl),
    });
    parts.onJoined();
    reply.header('cache-control', 'no-store').header('set-cookie', [...setCookies]);
    return { ok: true };
  });
  const library: FastifyPluginAsync = async (scope) => {
    scope.removeAllContentTypeParsers();
    // The door reads the body itself, whatever it is.
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_, body, done) => done(null, body));
    const handler = (request: FastifyRequest, reply: FastifyReply) => throughDoor(parts, request, reply);
    scope.get('/api/auth/*', { onRequest: limits.count, handler });
    scope.post('/api/auth/*', { onRequest: limits.attempts, handler });
  };
  await app.register(library);
}

async function throughDoor(
  { door, settled }: ServerParts,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { body, method } = request;
  const response = await door.handle(
    new Request(`${calledUrl(request, settled.publicUrl)}${request.url}`, {
      method,
      headers: headersForDoor(request, settled.publicUrl),
      ...(body instanceof Uint8Array ? { body: new Uint8Array(body) } : {}),
    }),
  );
  reply.header('cache-control', 'no-store');
  const cookies = response.headers.getSetCookie();
  if (cookies.length > 0) reply.header('set-cookie', cookies);
  const type = response.headers.get('content-type') ?? '';
  if (type !== '') reply.type(type);
  return reply.code(response.status).send(Buffer.from(await response.arrayBuffer()));
}
