import fc from 'fast-check';
import { expect, test } from 'vitest';
import { examples, type Json, parse, parseText } from './testing/deliveries.ts';

const results = ['observed', 'ignored', 'not-understood'];
const usedEvents = [...new Set(examples.map(({ event }) => event)), 'repository_ruleset', 'no_such_event'];

test('arbitrary JSON under any event is a result and never an error', () => {
  fc.assert(
    fc.property(fc.constantFrom(...usedEvents), fc.jsonValue({ maxDepth: 6 }), (event, value) => {
      expect(results).toContain(parse(event, value).result);
    }),
    { numRuns: 1_000 },
  );
});

test('arbitrary text is a result and never an error', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'grapheme' }),
      fc.constantFrom('application/json', 'application/x-www-form-urlencoded'),
      (text, type) => {
        expect(parseText('push', text, type).result).toBe('not-understood');
      },
    ),
  );
});

test('a real payload in which any values are replaced by any others is a result, made of what a fact can hold', () => {
  const anything = fc.oneof(
    fc.constantFrom(null, '', 0, -1, 1e300, 2 ** 53, [], {}, [null], '\0', '\uD800', '__proto__', true),
    fc.jsonValue({ maxDepth: 2 }),
  );
  const real = fc.constantFrom(...examples);
  const changes = fc.array(fc.tuple(fc.nat(), anything), { minLength: 1, maxLength: 4 });

  fc.assert(
    fc.property(real, changes, ({ event, payload }, list) => {
      const changed = structuredClone(payload);
      for (const [place, value] of list) replaceAt(changed, place, value);

      const reading = parse(event, changed);

      expect(results).toContain(reading.result);
      if (reading.result !== 'observed') return;
      for (const observed of reading.observations) {
        expect(JSON.parse(JSON.stringify(observed))).toEqual(observed);
        expect(Number.isNaN(Date.parse(observed.occurredAt))).toBe(false);
      }
    }),
    { numRuns: 600 },
  );
});

/** Replaces the value at the n-th place of the payload, counted in any order that is the same each time. */
function replaceAt(payload: Json, n: number, value: unknown): void {
  const places: (readonly [Record<string, unknown>, string])[] = [];
  const visit = (node: unknown) => {
    if (typeof node !== 'object' || node === null) return;
    for (const key of Object.keys(node)) {
      const parent = node as Record<string, unknown>;
      places.push([parent, key]);
      visit(parent[key]);
    }
  };
  visit(payload);
  const [parent, key] = places[n % places.length] ?? [];
  if (parent && key !== undefined) parent[key] = value;
}
