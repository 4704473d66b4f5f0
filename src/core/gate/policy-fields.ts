import { isScalar } from 'yaml';
import type { Glob, ParsedGlob } from './glob.ts';
import type { Placed, YamlReading } from './yaml-reading.ts';

/** Reads one value; undefined where it is wrong, and then the mistake is reported. */
export type Reader<Value> = (reading: YamlReading, place: Placed) => Value | undefined;

export type Fields<Shape> = { readonly [Key in keyof Shape]-?: Reader<NonNullable<Shape[Key]>> };

const maxItems = 500;

/** A mapping with these keys and no other one. */
export function mapping<Shape extends object>(
  fields: Fields<Shape>,
  required: readonly (keyof Shape & string)[],
): Reader<Shape> {
  const known = Object.keys(fields);
  return (reading, place) => {
    const entries = reading.entries(place);
    if (entries === undefined) return undefined;
    const missing = required.filter((key) => !entries.some((entry) => entry.key === key));
    for (const key of missing) reading.report(place, `lacks the key \`${key}\``);
    if (entries.length === 0 && missing.length === 0)
      reading.report(place, 'is empty: say something of it, or leave it out');
    const read = entries.map(({ key, offset, value }) => {
      if (Object.hasOwn(fields, key)) return [key, fields[key as keyof Shape](reading, value)] as const;
      reading.report({ offset, at: value.at }, unknownKey(known), { written: key, words: known });
      return [key, undefined] as const;
    });
    if (missing.length > 0 || read.some(([, value]) => value === undefined)) return undefined;
    // Every key came through the reader of its own field, and none that is required is missing.
    return Object.fromEntries(read) as Shape;
  };
}

/** A mapping whose keys are names that the writer chose, with at least one; in order of the names. */
export function named<Value>(
  read: (reading: YamlReading, place: Placed, name: string) => Value | undefined,
): Reader<readonly Value[]> {
  return (reading, place) => {
    const entries = reading.entries(place);
    if (entries === undefined) return undefined;
    if (entries.length === 0) reading.report(place, 'is empty: name something, or leave it out');
    if (entries.length > maxItems) reading.report(place, `has more than ${maxItems} names`);
    const values = entries.map(({ key, offset, value }) => {
      if (!isIdentifier(key)) reading.report({ offset, at: value.at }, identifierRule);
      return { key, value: read(reading, value, key) };
    });
    return values
      .toSorted((a, b) => (a.key < b.key ? -1 : 1))
      .flatMap(({ value }) => (value === undefined ? [] : [value]));
  };
}

/** A list with at least one item, none of them twice. */
export function list<Item>(item: Reader<Item>): Reader<readonly Item[]> {
  return (reading, place) => {
    const places = reading.items(place);
    if (places === undefined) return undefined;
    if (places.length === 0) return reading.report(place, 'is empty: an empty list says nothing');
    if (places.length > maxItems) return reading.report(place, `has more than ${maxItems} items`);
    const seen = new Set<unknown>();
    return places.flatMap((one) => {
      const value = isScalar(one.node) ? one.node.value : undefined;
      if (value !== undefined && seen.has(value)) reading.report(one, `says \`${String(value)}\` twice`);
      seen.add(value);
      return item(reading, one) ?? [];
    });
  };
}

/** Text of one line, without blanks at its ends. */
export function text(maxLength = 200): Reader<string> {
  return (reading, place) => {
    const { node } = place;
    if (!isScalar(node) || typeof node.value !== 'string')
      return reading.report(place, `is ${reading.describe(place)}, but has to be text; quotes make it text`);
    const { value } = node;
    if (value.trim() === '') return reading.report(place, 'is empty');
    if (value.length > maxLength) return reading.report(place, `is longer than ${maxLength} characters`);
    if (value !== value.trim() || /\p{Cc}/u.test(value) || !value.isWellFormed())
      return reading.report(place, 'has blanks at an end, line breaks, or characters that cannot be seen');
    return value;
  };
}

/** One of these words. */
export function word<Word extends string>(words: readonly Word[], of: string): Reader<Word> {
  return (reading, place) => {
    const written = text()(reading, place);
    if (written === undefined) return undefined;
    const found = words.find((known) => known === written);
    if (found !== undefined) return found;
    const choice =
      words.length === 0 ? `the file has no ${of}` : `the choice is ${words.slice(0, 12).join(', ')}`;
    return reading.report(place, `is \`${written}\`, which is no ${of}; ${choice}`, { written, words });
  };
}

/** A name that other parts of the file, and records, call something by. */
export function identifier(): Reader<string> {
  return (reading, place) => {
    const written = text()(reading, place);
    if (written === undefined || isIdentifier(written)) return written;
    return reading.report(place, identifierRule);
  };
}

/** A whole number as people write it: no octals, no exponents. */
export function whole(least: number, most: number): Reader<number> {
  return (reading, place) => {
    const { node } = place;
    const source = isScalar(node) && typeof node.value === 'number' ? node.source : undefined;
    const value = source !== undefined && /^(0|[1-9]\d{0,8})$/.test(source) ? Number(source) : Number.NaN;
    if (value >= least && value <= most) return value;
    return reading.report(place, `has to be a whole number from ${least} to ${most}`);
  };
}

/** `true`; to want nothing, the key is left out. */
export function yes(): Reader<true> {
  return (reading, place) =>
    isScalar(place.node) && place.node.value === true
      ? true
      : reading.report(place, 'can only be true: leave the key out where it is not wanted');
}

export function pattern(parse: (source: string) => ParsedGlob): Reader<Glob> {
  return (reading, place) => {
    const written = text(1_000)(reading, place);
    if (written === undefined) return undefined;
    const parsed = parse(written);
    return parsed.ok ? parsed.glob : reading.report(place, `is no pattern: ${parsed.because}`);
  };
}

function unknownKey(known: readonly string[]): string {
  return `is not known here; the keys are ${known.join(', ')}`;
}

const identifierRule =
  'has to be a name of letters, digits, `-`, `_` and `.`, at most 64, a letter or digit first';

function isIdentifier(name: string): boolean {
  return /^[A-Za-z0-9][\w.-]{0,63}$/.test(name);
}
