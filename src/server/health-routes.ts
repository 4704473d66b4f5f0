import type { FastifyInstance } from 'fastify';
import type { Registry } from 'prom-client';
import type { Limits } from './limits.ts';
import { guardedRoutes } from './other-routes.ts';
import type { ServerParts } from './parts.ts';
import { authenticate, authorise } from './register-endpoints.ts';

/** These answer while the server is too busy for everything else. */
const alwaysAnswers = { pressureHandler: () => undefined };

/** For whoever watches over the process. */
export function registerHealth(
  app: FastifyInstance,
  parts: ServerParts,
  { limits, registry }: { readonly limits: Limits; readonly registry: Registry },
): void {
  app.get('/healthz', { config: alwaysAnswers }, async (_, reply) => {
    reply.header('cache-control', 'no-store');
    return { ok: true };
  });
  app.get('/readyz', { config: alwaysAnswers }, async (_, reply) => {
    const obstacles = parts.draining() ? ['the server is stopping'] : await parts.obstacles();
    reply.header('cache-control', 'no-store').code(obstacles.length === 0 ? 200 : 503);
    return { ok: obstacles.length === 0, obstacles };
  });
  for (const { method, path, action, resource } of guardedRoutes) {
    app.route({
      method,
      url: path,
      config: alwaysAnswers,
      onRequest: [limits.beforeSignIn, authenticate(parts), limits.count, authorise({ action, resource })],
      handler: async (_, reply) => reply.type(registry.contentType).send(await registry.metrics()),
    });
  }
}
