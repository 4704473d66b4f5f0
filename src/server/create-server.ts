import fastify, {
  type FastifyInstance,
  type FastifyPluginAsync,
  type FastifyReply,
  type FastifyRequest,
} from 'fastify';
import { AppError } from '../core/errors.ts';
import { registerDoor } from './door-routes.ts';
import { registerHealth } from './health-routes.ts';
import { guardRoutes, type KnownRoutes } from './known-routes.ts';
import { limit } from './limits.ts';
import { serveLogFiles } from './log-files.ts';
import { loggingOptions, logRequests } from './logging.ts';
import { measure } from './metrics.ts';
import { openApi } from './openapi.ts';
import { type SendShell, servePages } from './pages.ts';
import type { ServerParts } from './parts.ts';
import { answerProblem, bodyLimit } from './problem.ts';
import { registerEndpoints } from './register-endpoints.ts';
import { pathOf } from './requests.ts';
import { knownHostOnly, sameOriginOnly } from './same-origin.ts';
import { secureHeaders } from './security-headers.ts';
import { registerWebhooks } from './webhook-routes.ts';

/** Longer than any page needs; what takes longer is a job. */
const handlerTimeoutMs = 30_000;
const maxParamLength = 500;

/**
 * The HTTP server of one installation, ready to route; `listeners.ts` gives it addresses. Everything that it does for somebody goes
 * through the ports in `parts`.
 */
export async function createServer(parts: ServerParts): Promise<FastifyInstance> {
  const { settled } = parts;
  const app = fastify({
    ...loggingOptions(settled.log),
    bodyLimit,
    handlerTimeout: handlerTimeoutMs,
    routerOptions: { maxParamLength },
    exposeHeadRoutes: false,
    trustProxy: [...settled.trustedProxies],
    frameworkErrors: (error, request, reply) => {
      void answerProblem(error, request, reply);
    },
  });
  app.removeContentTypeParser('text/plain');
  app.decorateRequest('caller', null);
  app.setErrorHandler(answerProblem);
  const known = guardRoutes(app);

  logRequests(app);
  await secureHeaders(app);
  app.addHook('onRequest', knownHostOnly(parts));
  app.addHook('onRequest', sameOriginOnly);
  closeWhenDraining(app, parts);
  const limits = await limit(app, settled);
  const registry = measure(app, parts);

  registerHealth(app, parts, { limits, registry });
  await registerEndpoints(app, parts, limits);
  await registerDoor(app, parts, limits);
  await registerWebhooks(app, parts, { limits, registry });
  const description = JSON.stringify(openApi(parts.version));
  app.get('/api/openapi.json', { onRequest: limits.count }, async (_, reply) =>
    reply.type('application/json').header('cache-control', 'no-cache').send(description),
  );
  let sendShell: SendShell | undefined;
  const files: FastifyPluginAsync = async (scope) => {
    scope.addHook('onRequest', limits.count);
    await serveLogFiles(scope, settled.logFolder);
    if (settled.webFolder !== undefined) sendShell = await servePages(scope, settled.webFolder);
  };
  await app.register(files);
  app.setNotFoundHandler((request, reply) => answerUnknown({ known, sendShell }, request, reply));
  await app.ready();
  return app;
}

/** So that kept-alive connections end with the answer that they wait for. */
function closeWhenDraining(app: FastifyInstance, parts: ServerParts): void {
  app.addHook('onSend', async (_, reply) => {
    if (parts.draining()) reply.header('connection', 'close');
  });
}

/** A page of the application, a known address with the wrong method, or nothing. */
function answerUnknown(
  { known, sendShell }: { readonly known: KnownRoutes; readonly sendShell: SendShell | undefined },
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply | Promise<FastifyReply> {
  const { method } = request;
  const path = pathOf(request);
  const taken = known.get(path);
  if (taken && !taken.has(method)) {
    reply.header('allow', [...taken].join(', '));
    throw new AppError('METHOD_NOT_ALLOWED', { method });
  }
  const isPage = (method === 'GET' || method === 'HEAD') && !ours.test(path) && wantsHtml(request);
  if (isPage && sendShell) return sendShell(reply);
  throw new AppError('NOT_FOUND', { what: isPage ? 'page here: the pages are not built' : 'such route' });
}

/** Addresses that are never a page (design section 9); `/log` and `/log/<name>` are pages, what lies below are files. */
const ours = /^\/(?:(?:api|v1|webhooks|assets|healthz|readyz|metrics)(?:\/|$)|log\/[^/]*\/)/;

function wantsHtml({ headers }: FastifyRequest): boolean {
  return headers.accept?.includes('text/html') ?? false;
}
