import { createHash } from 'node:crypto';

/**
 * The definitions of RFC 6962, section 2.1, word for word: what the rest is held against. A range's hash is kept, so that
 * thousands of trees over the same entries can be asked for.
 */
export class NaiveTree {
  readonly #entries: readonly Uint8Array[];
  readonly #known = new Map<string, Buffer>();

  constructor(entries: readonly Uint8Array[]) {
    this.#entries = entries;
  }

  /** MTH(D[start:end]). */
  root(start: number, end: number): Buffer {
    const key = `${start}:${end}`;
    const hash = this.#known.get(key) ?? this.#hash(start, end);
    this.#known.set(key, hash);
    return hash;
  }

  /** PATH(m, D[start:end]), m counted from `start`. */
  path(m: number, start: number, end: number): readonly Buffer[] {
    if (end - start === 1) return [];
    const k = largestPowerBelow(end - start);
    return m < k
      ? [...this.path(m, start, start + k), this.root(start + k, end)]
      : [...this.path(m - k, start + k, end), this.root(start, start + k)];
  }

  /** PROOF(m, D[n]). */
  proof(m: number, n: number): readonly Buffer[] {
    return this.#subproof(m, 0, n, true);
  }

  #subproof(m: number, start: number, end: number, known: boolean): readonly Buffer[] {
    if (m === end - start) return known ? [] : [this.root(start, end)];
    const k = largestPowerBelow(end - start);
    return m <= k
      ? [...this.#subproof(m, start, start + k, known), this.root(start + k, end)]
      : [...this.#subproof(m - k, start + k, end, false), this.root(start, start + k)];
  }

  #hash(start: number, end: number): Buffer {
    if (start === end) return sha256();
    if (end - start === 1) return sha256(Uint8Array.of(0), this.#entries[start]);
    const k = largestPowerBelow(end - start);
    return sha256(Uint8Array.of(1), this.root(start, start + k), this.root(start + k, end));
  }
}

/** `count` different entries; the same ones each time. */
export function someEntries(count: number): readonly Uint8Array[] {
  return Array.from({ length: count }, (_, index) => new TextEncoder().encode(`entry ${index}`));
}

function largestPowerBelow(size: number): number {
  let k = 1;
  while (k * 2 < size) k *= 2;
  return k;
}

function sha256(...parts: readonly (Uint8Array | undefined)[]): Buffer {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part ?? '');
  return hash.digest();
}
