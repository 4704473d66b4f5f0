/** Looks into JSON that others wrote: whatever has another shape than expected is absent, never an error. */

export type JsonObject = Readonly<Record<string, unknown>>;

/** The object that the text holds; undefined where it is not JSON or not an object. */
export function parseObject(text: string): JsonObject | undefined {
  try {
    return asObject(JSON.parse(text));
  } catch {
    return undefined;
  }
}

export function asObject(value: unknown): JsonObject | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as JsonObject)
    : undefined;
}

export function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Own properties as a map: a key such as `__proto__` is a key like any other. */
export function entriesOf(value: unknown): ReadonlyMap<string, unknown> {
  return new Map(Object.entries(asObject(value) ?? {}));
}

/** A string, cut to `max` characters and without control characters; undefined for anything else. */
export function asText(value: unknown, max = 200): string | undefined {
  return typeof value === 'string' ? tidy(value, max) : undefined;
}

export function asCount(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}

/** Well-formed text without control characters, cut to `max` UTF-16 units, so that every store and terminal can hold it. */
export function tidy(text: string, max: number): string {
  return text
    .slice(0, max)
    .toWellFormed()
    .replace(/\p{Cc}/gu, ' ');
}
