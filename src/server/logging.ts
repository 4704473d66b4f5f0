import { randomUUID } from 'node:crypto';
import { type FastifyInstance, type FastifyServerOptions, LogController } from 'fastify';
import type { ServerSettings } from './parts.ts';
import { pathOf } from './requests.ts';

/** Nothing of this is logged on purpose; should a later line carry it by mistake, it is still not written. */
const secrets = ['authorization', 'cookie', 'set-cookie', 'password', 'token', 'secret', 'key'];

/**
 * One JSON object a line. The request's id is always made here: it is sealed in the facts of what people do, so a caller must not
 * choose it (and could make two requests look like one); what a proxy sends as `X-Request-Id` is logged beside it.
 */
export function loggingOptions({ level, write }: ServerSettings['log']) {
  return {
    genReqId: () => randomUUID(),
    requestIdHeader: false,
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'requestId' }),
    logger: {
      level,
      stream: { write },
      base: null,
      messageKey: 'message',
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: { level: (label: string) => ({ level: label }) },
      redact: secrets.flatMap((name) => [`["${name}"]`, `*["${name}"]`, `*.*["${name}"]`]),
      serializers: { err: describeError },
    },
  } satisfies FastifyServerOptions;
}

/** One line a request, once it is answered; tells who and what, never the query, a header or a body. */
export function logRequests(app: FastifyInstance): void {
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id);
  });
  app.addHook('onResponse', async (request, reply) => {
    const { method, caller, ip, headers } = request;
    const line = {
      method,
      path: pathOf(request).slice(0, 500),
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime),
      address: ip,
      ...(caller ? { user: caller.userId, via: caller.via } : {}),
      ...callerRequestId(headers['x-request-id']),
    };
    if (reply.statusCode >= 500) request.log.warn(line, 'request');
    else request.log.info(line, 'request');
  });
}

function callerRequestId(given: string | string[] | undefined): { readonly callerRequestId?: string } {
  return typeof given === 'string' && /^[\w.:-]{1,100}$/.test(given) ? { callerRequestId: given } : {};
}

function describeError(error: unknown): ErrorLine {
  if (!(error instanceof Error)) return { type: typeof error, message: '', stack: '' };
  const { code } = error as NodeJS.ErrnoException;
  return {
    type: error.name,
    message: error.message,
    stack: error.stack ?? '',
    ...(typeof code === 'string' ? { code } : {}),
    ...(error.cause instanceof Error ? { cause: describeError(error.cause) } : {}),
  };
}

interface ErrorLine {
  [key: string]: unknown;
  type: string;
  message: string;
  stack: string;
}
