import { randomBytes } from 'node:crypto';
import type { NewEntry } from '../../app/ports.ts';

/** An entry with everything random but what is given. */
export function newEntry(given: Partial<NewEntry>): NewEntry {
  return {
    kind: 1,
    timeMs: 1_700_000_000_123,
    id: randomBytes(16),
    salt: randomBytes(32),
    payload: randomBytes(200),
    idempotencyKey: randomBytes(32),
    ...given,
  };
}

/** All pages in one array. */
export async function collect<Item>(pages: AsyncIterable<readonly Item[]>): Promise<readonly Item[]> {
  const all: Item[] = [];
  for await (const page of pages) all.push(...page);
  return all;
}
