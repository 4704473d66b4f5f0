/** Tells in one pass over a text which groups have a hint in it: bit n of the answer is group n. */
export interface HintIndex {
  find(text: string): number;
}

const tripleSlots = 16_384;

/**
 * Hints are two or three characters long; case is ignored. A group may be named without need (letters are folded and
 * slots shared), never missed: what follows a hit is the exact test.
 */
export function createHintIndex(groups: readonly (readonly string[])[]): HintIndex {
  const pairs = new Uint16Array(128 * 128);
  const triples = new Uint16Array(tripleSlots);
  groups.forEach((hints, group) => {
    for (const hint of hints) {
      const [a = 0, b = 0, c] = Array.from(hint, (_, at) => folded(hint, at));
      if (c === undefined) pairs[pairSlot(a, b)] = (pairs[pairSlot(a, b)] ?? 0) | (1 << group);
      else triples[tripleSlot(a, b, c)] = (triples[tripleSlot(a, b, c)] ?? 0) | (1 << group);
    }
  });
  return {
    find(text: string): number {
      let found = 0;
      let a = 0;
      let b = 0;
      for (let at = 0; at < text.length; at += 1) {
        const c = folded(text, at);
        found |= (pairs[pairSlot(b, c)] ?? 0) | (triples[tripleSlot(a, b, c)] ?? 0);
        a = b;
        b = c;
      }
      return found;
    },
  };
}

/** The character without its case, in 7 bits; characters beyond ASCII share the slots of others. */
function folded(text: string, at: number): number {
  return (text.charCodeAt(at) | 32) & 127;
}

function pairSlot(a: number, b: number): number {
  return (a << 7) | b;
}

function tripleSlot(a: number, b: number, c: number): number {
  return ((a << 9) ^ (b << 5) ^ c) & (tripleSlots - 1);
}
