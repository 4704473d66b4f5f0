import { readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply } from 'fastify';

export type SendShell = (reply: FastifyReply) => Promise<FastifyReply>;

/**
 * The built pages. Their shell is the same for everybody and holds no data, so that it needs nobody to be signed in: what it shows
 * comes from `/api/v1`, which does. Returns what sends the shell. Nothing of the folder is remembered, since the pages may be built
 * anew beneath a running server, and then their files have other names.
 */
export async function servePages(app: FastifyInstance, folder: string): Promise<SendShell> {
  await app.register(fastifyStatic, {
    root: folder,
    prefix: '/',
    decorateReply: false,
    suppressWarning: true,
    index: false,
    redirect: false,
    cacheControl: false,
    preCompressed: true,
    allowedPath: (path) => built.test(path),
    setHeaders: (reply, path) => {
      // Vite writes a hash of the content into the names of everything below `assets`.
      const isHashed = relative(folder, path).startsWith('assets/');
      reply.header('cache-control', isHashed ? 'public, max-age=31536000, immutable' : 'no-cache');
    },
  });
  return async (reply) => {
    const shell = await readFile(join(folder, 'index.html'), 'utf8');
    return reply.header('cache-control', 'no-cache').type('text/html; charset=utf-8').send(shell);
  };
}

/**
 * What a build is made of, as paths of URLs: without the shell, which stands for many addresses, without the compressed twins, which
 * stand in for their originals, without hidden files, and with no way to another folder.
 */
const built = /^\/(?:assets\/)?[\w-][\w.-]*\.(?:css|js|svg)$/;
