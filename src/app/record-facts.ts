import { entryKind, type Fact, idempotencyKey } from '../core/evidence/fact.ts';
import { breathing } from './breathe.ts';
import type { AppendOutcome, Archive, NewEntry, Surroundings } from './ports.ts';

/** The entry that seals a payload: fresh id and salt, so that equal payloads never look alike in the log. */
export function newEntry(
  surroundings: Surroundings,
  of: { readonly kind: number; readonly payload: Uint8Array; readonly idempotencyKey: Uint8Array },
): NewEntry {
  return {
    ...of,
    timeMs: surroundings.now().getTime(),
    id: surroundings.randomBytes(16),
    salt: surroundings.randomBytes(32),
  };
}

/** The fact as an entry of the events log; the payload is the fact's JSON, kept byte for byte. */
function factEntry(surroundings: Surroundings, fact: Fact): NewEntry {
  return newEntry(surroundings, {
    kind: entryKind.fact,
    payload: Buffer.from(JSON.stringify(fact), 'utf8'),
    idempotencyKey: idempotencyKey(fact.event),
  });
}

/** Appends the facts to the events log: durable when it resolves. A fact that is already there is not added again. */
export async function recordFacts(
  archive: Pick<Archive, 'ledger' | 'surroundings'>,
  facts: readonly Fact[],
): Promise<AppendOutcome> {
  const entries: NewEntry[] = [];
  const breathe = breathing();
  for (const fact of facts) {
    entries.push(factEntry(archive.surroundings, fact));
    await breathe();
  }
  return archive.ledger.append('events', entries);
}
