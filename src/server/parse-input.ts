import { z } from 'zod';
import type { Problem } from '../contract/problem.ts';
import { AppError } from '../core/errors.ts';

type Mistakes = NonNullable<Problem['mistakes']>;

const nothing = z.strictObject({});
/** An answer tells what is wrong; a caller who sends a thousand wrong keys needs no list of them. */
const listed = 20;
const quoted = 200;

/**
 * The query in its narrow type. A parameter that the route does not know is a mistake too: ignored, a mistyped filter would
 * answer with everything. Error: INPUT_INVALID with what is wrong.
 */
export function parseQuery(schema: z.ZodObject | undefined, query: unknown): unknown {
  return parse(schema ?? nothing, query, 'query');
}

/** The body in its narrow type; undefined for a route that takes none. */
export function parseBody(schema: z.ZodObject | undefined, body: unknown): unknown {
  return schema === undefined ? undefined : parse(schema, body ?? {}, 'body');
}

/** INPUT_INVALID with the places and reasons; the answer lists them. */
export function mistaken(mistakes: Mistakes): AppError {
  const detail = mistakes.map(({ at, because }) => `${at}: ${because}`).join('; ');
  return new AppError('INPUT_INVALID', { detail }, { cause: { mistakes } });
}

export function mistakesOf({ code, cause }: AppError): Mistakes | undefined {
  if (code !== 'INPUT_INVALID' || typeof cause !== 'object' || cause === null) return undefined;
  return 'mistakes' in cause ? (cause.mistakes as Mistakes) : undefined;
}

function parse(schema: z.ZodObject, input: unknown, where: 'query' | 'body'): unknown {
  const parsed = strictOf(schema).safeParse(input);
  if (parsed.success) return parsed.data;
  throw mistaken(
    parsed.error.issues.slice(0, listed).map(({ path, message }) => ({
      at: [where, ...path].map(String).join('.').slice(0, quoted),
      because: message.slice(0, quoted),
    })),
  );
}

/** Made once for each: a new one costs more than all that it then parses. */
function strictOf(schema: z.ZodObject): z.ZodObject {
  const made = stricts.get(schema) ?? schema.strict();
  stricts.set(schema, made);
  return made;
}

const stricts = new WeakMap<z.ZodObject, z.ZodObject>();
