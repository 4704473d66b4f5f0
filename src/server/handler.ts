import type { Readable } from 'node:stream';
import type { Caller, PersonAction } from '../app/serving-ports.ts';
import type { ParsedBody, ParsedQuery, ResponseOf } from '../contract/api.ts';
import type { EndpointName, RecordedName, UploadName } from '../contract/endpoints.ts';
import type { ServerParts } from './parts.ts';

/** One request to an endpoint, once it is known who asks and that they may. */
export interface Call<Name extends EndpointName> {
  readonly caller: Caller;
  readonly query: ParsedQuery<Name>;
  /** Of an upload the bytes as they came. */
  readonly body: Name extends UploadName ? Uint8Array : ParsedBody<Name>;
  /** The address that the caller used, without a slash at its end. */
  readonly baseUrl: string;
}

/** Bytes with a name, in place of JSON. */
export interface FileAnswer {
  readonly fileName: string;
  readonly type: string;
  readonly content: Readable | Uint8Array | string;
}

type Answer<Name extends EndpointName> =
  ResponseOf<Name> extends undefined ? FileAnswer : DeepReadonly<ResponseOf<Name>>;

type DeepReadonly<Value> = Value extends readonly (infer Item)[]
  ? readonly DeepReadonly<Item>[]
  : Value extends object
    ? { readonly [Key in keyof Value]: DeepReadonly<Value[Key]> }
    : Value;

/** What is written into the events log before the handler runs. */
export type Recorded = Pick<PersonAction, 'target' | 'detail'>;

/**
 * An endpoint's work. One that does something or takes data out also says what is recorded of it; that is durable before
 * `run` begins.
 */
export type Handler<Name extends EndpointName> = {
  /** Refuses what the schema alone cannot know to be wrong, before anything is recorded. */
  check?(call: Call<Name>): void;
  run(parts: ServerParts, call: Call<Name>): Promise<Answer<Name>>;
} & (Name extends RecordedName ? { recorded(call: Call<Name>): Recorded } : unknown);

/** A route without a handler does not compile. */
export type Handlers<Name extends EndpointName = EndpointName> = { readonly [Key in Name]: Handler<Key> };
