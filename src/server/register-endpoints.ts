import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Caller } from '../app/serving-ports.ts';
import { api, type Shapes } from '../contract/api.ts';
import { type Endpoint, type EndpointName, endpoints } from '../contract/endpoints.ts';
import { isAllowed } from '../core/access/permissions.ts';
import { AppError } from '../core/errors.ts';
import type { Call, FileAnswer, Recorded } from './handler.ts';
import type { Limits } from './limits.ts';
import { parseBody, parseQuery } from './parse-input.ts';
import type { ServerParts } from './parts.ts';
import { calledUrl, headersForDoor } from './requests.ts';
import { handlers } from './routes/all.ts';

/** An export of a hundred thousand rows to a slow reader takes minutes; everything else has the usual time. */
const exportTimeoutMs = 30 * 60_000;

/** Every endpoint of the contract, from its table: the only place where a route under `/api/v1` comes from. */
export function registerEndpoints(app: FastifyInstance, parts: ServerParts, limits: Limits): void {
  for (const name of Object.keys(endpoints) as EndpointName[]) {
    const endpoint: Endpoint = endpoints[name];
    app.route({
      method: endpoint.method,
      url: endpoint.path,
      ...(endpoint.file ? { handlerTimeout: exportTimeoutMs } : {}),
      onRequest: [limits.beforeSignIn, authenticate(parts), limits.count, authorise(endpoint)],
      handler: (request, reply) => handle(parts, { name, endpoint }, request, reply),
    });
  }
}

/** Finds out who asks. */
export function authenticate({ door, settled }: Pick<ServerParts, 'door' | 'settled'>) {
  return async (request: FastifyRequest): Promise<void> => {
    request.caller =
      (await door.authenticate({ headers: headersForDoor(request, settled.publicUrl) })) ?? null;
  };
}

/** The one place where it is decided who may do what. */
export function authorise({ action, resource }: Pick<Endpoint, 'action' | 'resource'>) {
  return async ({ caller }: FastifyRequest): Promise<void> => {
    if (caller === null) throw new AppError('UNAUTHENTICATED');
    if (!isAllowed(caller, action, resource))
      throw new AppError('FORBIDDEN', { role: caller.role, action, resource });
  };
}

/** Every handler, as the loop sees it: its own types were checked where it is written. */
interface AnyHandler {
  check?(call: AnyCall): void;
  recorded?(call: AnyCall): Recorded;
  run(parts: ServerParts, call: AnyCall): Promise<unknown>;
}

type AnyCall = Omit<Call<EndpointName>, 'query' | 'body'> & {
  readonly query: unknown;
  readonly body: unknown;
};

interface Route {
  readonly name: EndpointName;
  readonly endpoint: Endpoint;
}

async function handle(
  parts: ServerParts,
  { name, endpoint }: Route,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<unknown> {
  const { caller } = request;
  if (caller === null) throw new AppError('UNAUTHENTICATED');
  const handler = handlers[name] as unknown as AnyHandler;
  const shapes: Shapes = api[name];
  const call: AnyCall = {
    caller,
    query: parseQuery(shapes.query, request.query),
    body: parseBody(shapes.body, request.body),
    baseUrl: parts.settled.publicUrl ?? calledUrl(request, undefined),
  };
  handler.check?.(call);
  const work = () => handler.run(parts, call);
  const recorded = handler.recorded?.(call);
  const answer = await (recorded ? recordThen(parts, { endpoint, caller, request, recorded }, work) : work());
  reply.header('cache-control', 'no-store');
  return endpoint.file ? sendFile(reply, answer as FileAnswer) : answer;
}

interface Deed {
  readonly endpoint: Endpoint;
  readonly caller: Caller;
  readonly request: FastifyRequest;
  readonly recorded: Recorded;
}

/**
 * What somebody does is in the events log before it is done: a crash in between leaves a record of something that did not happen,
 * never the other way round. A refusal after that is recorded too.
 */
async function recordThen(
  { actions }: ServerParts,
  { endpoint: { action, resource }, caller, request, recorded }: Deed,
  work: () => Promise<unknown>,
): Promise<unknown> {
  const { userId: id, email, role, via } = caller;
  const fact = { actor: { id, email, role, via }, action, resource, requestId: request.id, ...recorded };
  await actions.record(fact);
  try {
    return await work();
  } catch (error) {
    const failed = error instanceof AppError ? error.code : 'INTERNAL';
    await actions.record({ ...fact, detail: { ...recorded.detail, failed } });
    throw error;
  }
}

function sendFile(reply: FastifyReply, { fileName, type, content }: FileAnswer): FastifyReply {
  // Our own names: letters, digits, dots and dashes.
  return reply.header('content-disposition', `attachment; filename="${fileName}"`).type(type).send(content);
}
