import { jsonBeyond } from '../../core/json-size.ts';

/** GitHub's own payloads are ten levels deep at most, and hold some ten thousand values. */
const maxDepth = 64;
const maxValues = 1_000_000;

export type ReadJson =
  | { readonly ok: true; readonly value: Readonly<Record<string, unknown>> }
  | { readonly ok: false; readonly because: string };

/**
 * The JSON object in the text. Depth and number of values are counted before anything is built: some megabytes of brackets
 * become gigabytes of objects.
 */
export function readJsonObject(text: string): ReadJson {
  const read = readJson(text);
  if (!read.ok) return read;
  const { value } = read;
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return { ok: false, because: 'the body is not a JSON object' };
  return { ok: true, value: value as Readonly<Record<string, unknown>> };
}

/** Whatever JSON the text is, within the same limits. */
export function readJson(
  text: string,
): { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly because: string } {
  const beyond = beyondLimits(text);
  if (beyond !== undefined) return { ok: false, because: beyond };
  try {
    return { ok: true, value: JSON.parse(text) as unknown };
  } catch {
    return { ok: false, because: 'the body is not JSON' };
  }
}

function beyondLimits(text: string): string | undefined {
  switch (jsonBeyond(text, { maxDepth, maxValues })) {
    case 'depth':
      return `the body is nested deeper than ${maxDepth} levels`;
    case 'values':
      return `the body holds more than ${maxValues} values`;
    default:
      return undefined;
  }
}
