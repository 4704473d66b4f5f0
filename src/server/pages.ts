import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply } from 'fastify';

export type SendShell = (reply: FastifyReply) => FastifyReply;

/**
 * The built pages. Their shell is the same for everybody and holds no data, so that it needs nobody to be signed in: what it shows
 * comes from `/api/v1`, which does. Returns what sends the shell.
 */
export async function servePages(app: FastifyInstance, folder: string): Promise<SendShell> {
  const shell = await readFile(join(folder, 'index.html'), 'utf8');
  const files = await servedFiles(folder);
  await app.register(fastifyStatic, {
    root: folder,
    prefix: '/',
    decorateReply: false,
    suppressWarning: true,
    index: false,
    redirect: false,
    cacheControl: false,
    preCompressed: true,
    allowedPath: (path) => files.has(path),
    setHeaders: (reply, path) => {
      // Vite writes a hash of the content into the names of everything below `assets`.
      const isHashed = relative(folder, path).startsWith('assets/');
      reply.header('cache-control', isHashed ? 'public, max-age=31536000, immutable' : 'no-cache');
    },
  });
  return (reply) => reply.header('cache-control', 'no-cache').type('text/html; charset=utf-8').send(shell);
}

/** As paths of URLs; without the shell, which stands for many addresses, and without the compressed twins, which stand in for their originals. */
async function servedFiles(folder: string): Promise<ReadonlySet<string>> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true });
  return new Set(
    found
      .filter((entry) => entry.isFile() && !/^\.|^index\.html$|\.(br|gz)$/.test(entry.name))
      .map((entry) => `/${relative(folder, join(entry.parentPath, entry.name))}`),
  );
}
