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

const code = {
  quote: 34,
  comma: 44,
  openArray: 91,
  backslash: 92,
  closeArray: 93,
  openObject: 123,
  closeObject: 125,
};

function beyondLimits(text: string): string | undefined {
  let depth = 0;
  let values = 1;
  for (let at = 0; at < text.length; at += 1) {
    const here = text.charCodeAt(at);
    if (here === code.quote) at = endOfString(text, at);
    else if (here === code.comma) values += 1;
    else if (here === code.closeArray || here === code.closeObject) depth -= 1;
    else if (here === code.openArray || here === code.openObject) {
      depth += 1;
      values += 1;
    }
    if (depth > maxDepth) return `the body is nested deeper than ${maxDepth} levels`;
    if (values > maxValues) return `the body holds more than ${maxValues} values`;
  }
  return undefined;
}

/** Index of the closing quote, or the text's end. */
function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at += 1) {
    const here = text.charCodeAt(at);
    if (here === code.backslash) at += 1;
    else if (here === code.quote) return at;
  }
  return text.length;
}
