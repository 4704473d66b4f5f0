import type {
  FastifyInstance,
  FastifyPluginAsync,
  FastifyReply,
  FastifyRequest,
  RouteOptions,
} from 'fastify';
import type { Caller } from '../app/serving-ports.ts';
import { api, type Shapes } from '../contract/api.ts';
import { type Endpoint, type EndpointName, endpoints } from '../contract/endpoints.ts';
import { isAllowed } from '../core/access/permissions.ts';
import { AppError } from '../core/errors.ts';
import { BodyLoad } from './body-load.ts';
import type { Call, FileAnswer, Recorded } from './handler.ts';
import type { Limits } from './limits.ts';
import { parseBody, parseQuery } from './parse-input.ts';
import type { ServerParts } from './parts.ts';
import { calledUrl, headersForDoor } from './requests.ts';
import { handlers } from './routes/all.ts';

/** An export of a hundred thousand rows to a slow reader takes minutes; everything else has the usual time. */
const exportTimeoutMs = 30 * 60_000;

/** Two files of the largest size, or many small ones: they are in memory until they are stored. */
const maxUploadBytesUnderWay = 128 * 1024 * 1024;

/** Every endpoint of the contract, from its table: the only place where a route under `/api/v1` comes from. */
export async function registerEndpoints(
  app: FastifyInstance,
  parts: ServerParts,
  limits: Limits,
): Promise<void> {
  for (const name of Object.keys(endpoints) as EndpointName[]) {
    const endpoint: Endpoint = endpoints[name];
    const route: RouteOptions = {
      method: endpoint.method,
      url: endpoint.path,
      ...(endpoint.file ? { handlerTimeout: exportTimeoutMs } : {}),
      onRequest: [limits.beforeSignIn, authenticate(parts), limits.count, authorise(endpoint)],
      handler: (request, reply) => handle(parts, { name, endpoint }, request, reply),
    };
    if (endpoint.uploadBytes === undefined) app.route(route);
    else await registerUpload(app, route, endpoint.uploadBytes);
  }
}

/** The body is taken as it is, whatever type it is said to have: what it is, its content tells. */
async function registerUpload(app: FastifyInstance, route: RouteOptions, bodyLimit: number): Promise<void> {
  const load = new BodyLoad({ body: bodyLimit, together: maxUploadBytesUnderWay });
  const scoped: FastifyPluginAsync = async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_, body, done) => done(null, body));
    scope.route({
      ...route,
      bodyLimit,
      onRequest: [
        ...[route.onRequest ?? []].flat(),
        // Once it is known who sends it.
        async (request: FastifyRequest, reply: FastifyReply) => load.admit(request, reply),
      ],
    });
  };
  await app.register(scoped);
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
    body: endpoint.uploadBytes === undefined ? parseBody(shapes.body, request.body) : bytesOf(request),
    baseUrl: parts.settled.publicUrl ?? calledUrl(request, undefined),
  };
  handler.check?.(call);
  const work = () => handler.run(parts, call);
  const recorded = handler.recorded?.(call);
  const answer = await (recorded ? recordThen(parts, { endpoint, caller, request, recorded }, work) : work());
  reply.header('cache-control', 'no-store');
  if (endpoint.sealsItself) reply.code(201);
  return endpoint.file ? sendFile(reply, answer as FileAnswer) : answer;
}

function bytesOf({ body }: FastifyRequest): Uint8Array {
  return body instanceof Uint8Array ? body : new Uint8Array();
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
