import type { Contradiction } from '../../../src/core/attribution/attribution.ts';

/** Contradictions that say the same, and every place where they do. */
export interface ContradictionGroup {
  readonly about: Contradiction['about'];
  readonly because: string;
  readonly values: readonly string[];
  /** Per contradiction the places of its values, in their order. */
  readonly places: readonly (readonly string[])[];
}

/** One agent that names another model in each of forty commits is told once, with forty places; in order of first appearance. */
export function groupContradictions(contradictions: readonly Contradiction[]): readonly ContradictionGroup[] {
  const groups = new Map<string, { group: ContradictionGroup; places: (readonly string[])[] }>();
  for (const { about, because, values, locators } of contradictions) {
    const key = JSON.stringify([about, because, values]);
    const known = groups.get(key);
    if (known) {
      known.places.push(locators);
    } else {
      const places = [locators];
      groups.set(key, { group: { about, because, values, places }, places });
    }
  }
  return [...groups.values()].map(({ group }) => group);
}
