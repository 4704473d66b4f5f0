import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';

/** Exactly the names of C2SP tlog-tiles, and the key. */
const published =
  /^\/(?:events|evidence)\/(?:checkpoint|vkey|tile\/(?:entries|\d{1,2})\/(?:x\d{3}\/)*\d{3}(?:\.p\/\d{1,3})?)$/;

/** The published logs, from their files alone: a copy of the folder on any web server serves the same. */
export async function serveLogFiles(app: FastifyInstance, folder: string): Promise<void> {
  await app.register(fastifyStatic, {
    root: folder,
    prefix: '/log/',
    decorateReply: false,
    suppressWarning: true,
    index: false,
    redirect: false,
    cacheControl: false,
    dotfiles: 'ignore',
    allowedPath: (path) => published.test(path.replace(/^\/log(?=\/)/, '')),
    setHeaders: (reply, path) => {
      const isTile = path.includes('/tile/');
      reply.header('cache-control', isTile ? 'public, max-age=31536000, immutable' : 'no-cache');
      reply.type(isTile ? 'application/octet-stream' : 'text/plain; charset=utf-8');
      // Public by design: a page elsewhere may check it too.
      reply.header('access-control-allow-origin', '*').header('cross-origin-resource-policy', 'cross-origin');
    },
  });
}
