/** What a JSON text may hold before it is parsed. */
export interface JsonLimits {
  readonly maxDepth: number;
  /** Of values and keys together, near enough: each comma and each bracket counts. */
  readonly maxValues: number;
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

/** Which limit a text goes beyond, without parsing it: a small text can become gigabytes of objects. Undefined where it keeps both. */
export function jsonBeyond(
  text: string,
  { maxDepth, maxValues }: JsonLimits,
): 'depth' | 'values' | undefined {
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
    if (depth > maxDepth) return 'depth';
    if (values > maxValues) return 'values';
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
