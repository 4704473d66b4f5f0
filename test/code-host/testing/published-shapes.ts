import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { Ajv, type ValidateFunction } from 'ajv';
import formats from 'ajv-formats';
import type { Json } from '../model.ts';

interface Description {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly 'x-webhooks': Readonly<Record<string, { readonly post: Operation }>>;
}

interface Operation {
  readonly operationId: string;
  readonly responses?: Readonly<Record<string, { readonly $ref?: string; readonly content?: Json }>>;
}

export interface PublishedShapes {
  /** What is wrong with an answer by GitHub's own description of its API; empty, if nothing. */
  answer(method: string, route: string, status: number, body: unknown): readonly string[];
  /** What is wrong with a payload, likewise. */
  payload(event: string, action: string | null, body: unknown): readonly string[];
}

/** GitHub's description of its REST API and webhooks, as `@octokit/openapi` publishes it, without its texts. */
export function readPublishedShapes(): PublishedShapes {
  const file = new URL('../../vectors/github-api/api.github.com.json.gz', import.meta.url);
  const text = gunzipSync(readFileSync(file)).toString('utf8');
  const description = JSON.parse(text, withNull) as Description;
  const ajv = new Ajv({ strict: false, allErrors: true, logger: false, validateFormats: true });
  formats.default(ajv, { mode: 'full' });
  ajv.addSchema(description, 'github');
  const known = new Map<string, ValidateFunction>();
  const check = (pointer: readonly string[], body: unknown): readonly string[] => {
    const $ref = `github#/${pointer
      .map((part) => part.replaceAll('~', '~0').replaceAll('/', '~1'))
      .map(encodeURIComponent)
      .join('/')}`;
    const validate = known.get($ref) ?? ajv.compile({ $ref });
    known.set($ref, validate);
    if (validate(body)) return [];
    return (validate.errors ?? []).map(
      ({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`,
    );
  };
  return {
    answer: (method, route, status, body) => {
      const operation = description.paths[route]?.[method.toLowerCase()];
      const response = operation?.responses?.[status];
      if (!response) return [`GitHub describes no ${status} of ${method} ${route}`];
      const shared = response.$ref?.split('/').slice(1);
      const place = shared ?? ['paths', route, method.toLowerCase(), 'responses', String(status)];
      if (!shared && response.content === undefined)
        return body === undefined ? [] : ['GitHub describes no body'];
      return check([...place, 'content', 'application/json', 'schema'], body);
    },
    payload: (event, action, body) => {
      const words = [event, ...(action === null ? [] : [action])].join('-').replaceAll('_', '-');
      if (!description['x-webhooks'][words]) return [`GitHub describes no webhook ${words}`];
      return check(
        ['x-webhooks', words, 'post', 'requestBody', 'content', 'application/json', 'schema'],
        body,
      );
    },
  };
}

/** OpenAPI 3.0 says `nullable` beside anything; in JSON Schema null has to stand among the types and the values. */
function withNull(_: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('nullable' in value)) return value;
  if ('enum' in value && Array.isArray(value.enum)) return { ...value, enum: [...value.enum, null] };
  if ('type' in value) return value;
  const { nullable, ...rest } = value;
  return nullable === true ? { anyOf: [rest, { type: 'null' }] } : rest;
}
