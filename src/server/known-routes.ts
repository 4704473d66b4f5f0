import type { FastifyInstance } from 'fastify';
import { endpoints } from '../contract/endpoints.ts';
import { guardedRoutes, publicRoutes } from './other-routes.ts';

/** Which methods an address takes, for answers with 405. */
export type KnownRoutes = ReadonlyMap<string, ReadonlySet<string>>;

/** Refuses to start with a route that no table names; gives what is registered. */
export function guardRoutes(app: FastifyInstance): KnownRoutes {
  const named = new Set(
    [...Object.values(endpoints), ...publicRoutes, ...guardedRoutes].map(
      ({ method, path }) => `${method} ${path}`,
    ),
  );
  const known = new Map<string, Set<string>>();
  app.addHook('onRoute', ({ method, url }) => {
    for (const one of [method].flat()) {
      if (!named.has(`${one === 'HEAD' ? 'GET' : one} ${url}`))
        throw new Error(`the route ${one} ${url} is in no table of permissions`);
      known.set(url, (known.get(url) ?? new Set()).add(one));
    }
  });
  return known;
}
