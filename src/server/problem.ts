import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Problem } from '../contract/problem.ts';
import { AppError, errorTable } from '../core/errors.ts';
import { mistakesOf } from './parse-input.ts';

export const problemType = 'application/problem+json';

/** How long a caller waits where nothing tells better. */
const usualWaitSeconds = 5;

/** The failure as it is answered (RFC 9457). */
export function problemOf(error: AppError, requestId: string): Problem {
  const mistakes = mistakesOf(error);
  return {
    type: `urn:reentry:error:${error.code}`,
    title: titleOf(error.code),
    status: error.entry.httpStatus,
    code: error.code,
    detail: error.message,
    action: error.action,
    requestId,
    ...(mistakes ? { mistakes } : {}),
  };
}

/** Logs what is our fault, and answers: the code with what to do, never a stack, never what lies beneath. */
export function answerProblem(thrown: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const error = asAppError(thrown, request);
  const { httpStatus } = error.entry;
  if (httpStatus >= 500) request.log.error({ err: thrown, code: error.code }, 'the request failed');
  const wait = waitSeconds(error);
  if (wait !== undefined) reply.header('retry-after', wait);
  const shown = httpStatus >= 500 && request.caller === null ? withoutDetails(error) : error;
  // Serialised here: a route may have promised another type, and no serialiser of its own may touch this.
  return (
    reply
      .code(httpStatus)
      .header('cache-control', 'no-store')
      // Where the request was too malformed for any hook, nothing has set it yet.
      .header('x-request-id', request.id)
      .removeHeader('content-disposition')
      .type(problemType)
      .send(JSON.stringify(problemOf(shown, request.id)))
  );
}

/** Any thrown value as a row of the error table. */
function asAppError(thrown: unknown, request: Pick<FastifyRequest, 'id' | 'routeOptions'>): AppError {
  if (thrown instanceof AppError) return thrown;
  const { code, statusCode } = thrown as { readonly code?: unknown; readonly statusCode?: unknown };
  if (typeof code === 'string' && code.startsWith('FST_')) {
    const known = ofFastify(code, statusCode, request.routeOptions?.bodyLimit ?? bodyLimit);
    if (known) return known;
  }
  return new AppError(
    'INTERNAL',
    { detail: `the server's log tells more under ${request.id}` },
    { cause: thrown },
  );
}

export const bodyLimit = 1024 * 1024;
const notJson = 'the body must be JSON, with content-type application/json';

function ofFastify(code: string, status: unknown, limit: number): AppError | undefined {
  switch (code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return new AppError('INPUT_TOO_LARGE', {
        what: 'The body',
        size: 'longer',
        limit: `${limit / 1024 ** 2} MiB`,
      });
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
    case 'FST_ERR_CTP_INVALID_JSON_BODY':
    case 'FST_ERR_CTP_EMPTY_JSON_BODY':
      return new AppError('INPUT_INVALID', { detail: notJson });
    case 'FST_ERR_HANDLER_TIMEOUT':
      return new AppError('SERVER_BUSY');
    // A path that leads out of the folder, or is written in two ways.
    case 'FST_STATIC_FORBIDDEN_PATH':
      return new AppError('NOT_FOUND', { what: 'such file' });
    default:
      return typeof status === 'number' && status >= 400 && status < 500
        ? new AppError('INPUT_INVALID', { detail: 'address, headers or body are malformed' })
        : undefined;
  }
}

/** Somebody who is not signed in learns what failed, not the paths and addresses in it. */
function withoutDetails(error: AppError): AppError {
  const details = Object.keys(error.details).map((name) => [name, '(in the log of the server)'] as const);
  return new AppError(error.code, Object.fromEntries(details));
}

function waitSeconds({ code, details }: AppError): number | undefined {
  if (code === 'RATE_LIMITED') return Number(details.seconds);
  return errorTable[code].httpStatus === 503 ? usualWaitSeconds : undefined;
}

/** `INPUT_TOO_LARGE` → `Input too large`. */
function titleOf(code: string): string {
  const words = code.toLowerCase().replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
