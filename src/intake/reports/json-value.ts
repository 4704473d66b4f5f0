import { AppError } from '../../core/errors.ts';
import { jsonBeyond } from '../../core/json-size.ts';
import { reportInvalid } from './report-invalid.ts';

/** SARIF with code flows is some twenty levels deep. */
const maxDepth = 128;
/** Some hundred bytes each at worst, far below the heap of a thread: running out of it inside of `JSON.parse` ends the process. */
const maxValues = 3_000_000;

export type JsonObject = Readonly<Record<string, unknown>>;

/**
 * The JSON object in the text. Depth and number of values are counted before anything is built: some megabytes of brackets
 * become gigabytes of objects. Errors: REPORT_INVALID, INPUT_TOO_LARGE.
 */
export function parseJsonObject(text: string): JsonObject {
  refuseBeyondLimits(text);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw reportInvalid('it begins like JSON and is none: was it cut off?');
  }
  return objectOf(value) ?? {};
}

/** Undefined for what is none. */
export function objectOf(value: unknown): JsonObject | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as JsonObject)
    : undefined;
}

/** Empty where there is none. Error: REPORT_INVALID for anything else, since what it holds would go uncounted. */
export function objectsOf(value: unknown, what: string): readonly JsonObject[] {
  return arrayOf(value, what).map((item) => {
    const object = objectOf(item);
    if (object === undefined) throw reportInvalid(`${what} holds something that is no object`);
    return object;
  });
}

function arrayOf(value: unknown, what: string): readonly unknown[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw reportInvalid(`${what} is no list`);
  return value;
}

/** Null for what is no text, or empty. */
export function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

function refuseBeyondLimits(text: string): void {
  const beyond = jsonBeyond(text, { maxDepth, maxValues });
  if (beyond === 'depth') throw reportInvalid(`it is nested deeper than ${maxDepth} levels`);
  if (beyond === 'values')
    throw new AppError('INPUT_TOO_LARGE', {
      what: 'The report',
      size: 'more values',
      limit: `${maxValues} values`,
    });
}
