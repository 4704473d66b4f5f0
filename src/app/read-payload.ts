import type { ChangeStatement } from '../core/evidence/change-evidence.ts';
import { parseEnvelope } from '../core/evidence/dsse.ts';
import { type Fact, parseFact } from '../core/evidence/fact.ts';
import { utf8Text } from '../core/evidence/utf8-text.ts';
import { decodeEntry } from '../core/tlog/entry.ts';
import type { SealedEntry } from './ports.ts';

/**
 * The statement in a sealed record, to be shown; undefined where it is erased or no longer readable. A page must open on a
 * damaged payload too, since that is where the damage is seen: nothing read here may be derived from or signed again.
 */
export function shownStatement(sealed: SealedEntry | undefined): ChangeStatement | undefined {
  return readable(sealed, (payload) => {
    const parsed = parseEnvelope(utf8Text(payload));
    if (!parsed.ok) return undefined;
    const statement = JSON.parse(utf8Text(parsed.envelope.payload)) as ChangeStatement;
    return typeof statement.predicate?.change === 'object' ? statement : undefined;
  });
}

/** As `shownStatement`, of a fact. */
export function shownFact(sealed: SealedEntry | undefined): Fact | undefined {
  return readable(sealed, (payload) => {
    const fact = parseFact(payload);
    return typeof fact.event?.data === 'object' ? fact : undefined;
  });
}

/** When the entry was accepted, RFC 3339 with milliseconds; undefined where it is no entry. */
export function acceptedAt(sealed: SealedEntry | undefined): string | undefined {
  const decoded = sealed && decodeEntry(sealed.entry);
  return decoded?.ok ? new Date(decoded.entry.timeMs).toISOString() : undefined;
}

function readable<Read>(
  sealed: SealedEntry | undefined,
  read: (payload: Uint8Array) => Read | undefined,
): Read | undefined {
  if (!sealed?.payload) return undefined;
  try {
    return read(sealed.payload);
  } catch {
    return undefined;
  }
}
