import { z } from 'zod';
import { api, type Shapes } from '../contract/api.ts';
import { Welcome } from '../contract/door.ts';
import { type Endpoint, type EndpointName, endpoints } from '../contract/endpoints.ts';
import { Problem } from '../contract/problem.ts';
import { problemType } from './problem.ts';

type Json = { readonly [key: string]: unknown };

/** The HTTP API as OpenAPI 3.1, made from the tables that the server itself is made from. */
export function openApi(version: string): Json {
  const paths: Record<string, Record<string, Json>> = {};
  for (const name of Object.keys(endpoints) as EndpointName[]) {
    const { method, path }: Endpoint = endpoints[name];
    paths[path] = { ...paths[path], [method.toLowerCase()]: operation(name) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Reentry',
      version,
      description:
        'Every refusal is a problem (RFC 9457) with a code from docs/errors.md. Lists are in pages; times are RFC 3339 in UTC.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    security: [{ session: [] }, { apiKey: [] }],
    paths: { ...paths, '/api/welcome': welcome(), '/webhooks/github': githubWebhook() },
    components: {
      securitySchemes: {
        session: { type: 'apiKey', in: 'cookie', name: 'session', description: 'Signed in with a browser.' },
        apiKey: {
          type: 'http',
          scheme: 'bearer',
          description: 'An API key, made in Settings; limited to its scopes.',
        },
      },
      responses: {
        Problem: {
          description: 'Refused, with what to do',
          content: { [problemType]: { schema: schemaOf(Problem, 'output') } },
        },
      },
    },
  };
}

function operation(name: EndpointName): Json {
  const { action, resource, summary, file, uploadBytes, sealsItself }: Endpoint = endpoints[name];
  const { query, body, response }: Shapes = api[name];
  return {
    operationId: name,
    summary,
    tags: [resource],
    'x-permission': { action, resource, scope: `${action}:${resource}` },
    ...(query ? { parameters: parameters(query) } : {}),
    ...(body ? { requestBody: requestBody(body) } : {}),
    ...(uploadBytes === undefined ? {} : { requestBody: upload(uploadBytes) }),
    responses: {
      [sealsItself ? 201 : 200]: {
        description: 'Done',
        content: response
          ? { 'application/json': { schema: schemaOf(response, 'output') } }
          : { [file ?? 'application/octet-stream']: {} },
      },
      default: { $ref: '#/components/responses/Problem' },
    },
  };
}

function parameters(query: z.ZodObject): readonly Json[] {
  const { properties = {}, required = [] } = schemaOf(query, 'input') as {
    readonly properties?: Readonly<Record<string, unknown>>;
    readonly required?: readonly string[];
  };
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    in: 'query',
    required: required.includes(name),
    schema,
  }));
}

function welcome(): Json {
  const problem = { $ref: '#/components/responses/Problem' };
  return {
    get: {
      operationId: 'getInvitation',
      summary: 'Who a one-time link is for',
      security: [],
      parameters: [{ name: 'token', in: 'query', required: true, schema: { type: 'string' } }],
      responses: { 200: { description: 'Role, and e-mail where it is known' }, default: problem },
    },
    post: {
      operationId: 'join',
      summary: 'Use a one-time link: makes the member and signs in',
      security: [],
      requestBody: requestBody(Welcome),
      responses: { 200: { description: 'Signed in: the session is in the cookie' }, default: problem },
    },
  };
}

function githubWebhook(): Json {
  const header = (name: string, description: string) => ({
    name,
    in: 'header',
    required: true,
    description,
    schema: { type: 'string' },
  });
  return {
    post: {
      operationId: 'receiveGithubDelivery',
      summary: 'A delivery of a GitHub webhook; at most 25 MiB',
      security: [],
      parameters: [
        header('X-Hub-Signature-256', 'HMAC-SHA-256 of the body with the secret of the webhook'),
        header('X-GitHub-Event', 'Name of the event'),
        header('X-GitHub-Delivery', 'A delivery of the same id adds nothing'),
      ],
      requestBody: { required: true, content: { 'application/json': { schema: { type: 'object' } } } },
      responses: {
        202: { description: 'What it tells is stored, or there is nothing to store: outcome, facts, detail' },
        default: { $ref: '#/components/responses/Problem' },
      },
    },
  };
}

function requestBody(body: z.ZodObject): Json {
  return { required: true, content: { 'application/json': { schema: schemaOf(body, 'input') } } };
}

function upload(bytes: number): Json {
  const description = `The file as it is, at most ${bytes / 1024 ** 2} MiB; its content tells what it is, not its type.`;
  return {
    required: true,
    description,
    content: { '*/*': { schema: { type: 'string', format: 'binary' } } },
  };
}

function schemaOf(schema: z.ZodType, io: 'input' | 'output'): Json {
  // OpenAPI 3.1 speaks JSON Schema 2020-12, so the dialect need not be named in every part.
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  return rest;
}
