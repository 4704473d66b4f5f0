import type { BodyOf, QueryOf, ResponseOf } from '../../../src/contract/api.ts';
import { type Endpoint, type EndpointName, endpoints } from '../../../src/contract/endpoints.ts';
import { problemOf, unreachable } from './problem.ts';

type Field<Key extends string, Value> = [Value] extends [undefined]
  ? { readonly [K in Key]?: undefined }
  : Record<never, never> extends Value
    ? { readonly [K in Key]?: Value }
    : { readonly [K in Key]: Value };

/** What an endpoint takes, as the contract says. */
export type InputOf<Name extends EndpointName> = Field<'query', QueryOf<Name>> & Field<'body', BodyOf<Name>>;

/** Endpoints that can be asked without any input. */
export type FreeEndpoint = {
  [Name in EndpointName]: Record<never, never> extends InputOf<Name> ? Name : never;
}[EndpointName];

interface Loose {
  readonly query?: object | undefined;
  readonly body?: unknown;
}

/** Asks one endpoint of the contract. Errors: `ApiProblem`. */
export async function call<Name extends EndpointName>(
  name: Name,
  input: InputOf<Name>,
  signal?: AbortSignal,
): Promise<ResponseOf<Name>> {
  const { query, body } = input as Loose;
  const { method, path }: Endpoint = endpoints[name];
  // The contract is the promise that both sides are held to by the server's own check of its answers.
  return (await ask(method, path + searchOf(query), body, signal)) as ResponseOf<Name>;
}

/** JSON in, JSON out, for the few routes outside the contract (sign-in, welcome). Errors: `ApiProblem`. */
export async function ask(
  method: Endpoint['method'],
  address: string,
  body?: unknown,
  signal?: AbortSignal,
): Promise<unknown> {
  let response: Response;
  try {
    response = await fetch(address, {
      method,
      credentials: 'same-origin',
      headers: {
        accept: 'application/json',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(signal ? { signal } : {}),
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw unreachable(error);
  }
  if (!response.ok) throw await problemOf(response);
  return response.status === 204 ? undefined : await response.json();
}

/** The address of an endpoint that answers with a file, for `<a download>`. */
export function fileHref<Name extends 'exportChanges' | 'downloadEvidence'>(
  name: Name,
  query: QueryOf<Name>,
): string {
  return endpoints[name].path + searchOf(query as object);
}

function searchOf(query: object | undefined): string {
  const params = new URLSearchParams();
  for (const [key, value] of Object.entries(query ?? {})) {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one !== undefined && one !== null && one !== '') params.append(key, String(one));
    }
  }
  const text = params.toString();
  return text === '' ? '' : `?${text}`;
}
