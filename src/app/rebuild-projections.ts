import { createHash } from 'node:crypto';
import { factTypes } from '../core/evidence/fact.ts';
import type { Scorecard } from '../core/risk/scorecard.ts';
import { type Derivation, type DeriveOptions, deriveEvidence } from './derive-evidence.ts';
import type { Archive } from './ports.ts';
import { shownFact } from './read-payload.ts';

export interface Rebuild {
  readonly derivation: Derivation;
  readonly changes: number;
  /** SHA-256, hex, over every change's id and statement digest in order: equal before and after a faithful rebuild. */
  readonly digestBefore: string;
  readonly digestAfter: string;
  /** Rows were derived from a part of the facts only, so the digest before says nothing about what they held. */
  readonly interruptedBefore: boolean;
  /** Evidence log size before and after; equal unless an interrupted import was finished. */
  readonly sizeBefore: number;
  readonly sizeAfter: number;
}

/** Drops every projection and derives it again from the logs; the logs themselves only grow. */
export async function rebuildProjections(
  archive: Archive,
  model: Scorecard,
  options?: DeriveOptions,
): Promise<Rebuild> {
  const before = await evidenceDigest(archive);
  const sizeBefore = await archive.ledger.size('evidence');
  const interruptedBefore = await hasUnderivedFacts(archive);
  await archive.projections.dropProjections();
  const derivation = await deriveEvidence(archive, model, options);
  const after = await evidenceDigest(archive);
  return {
    derivation,
    changes: after.changes,
    digestBefore: before.digest,
    digestAfter: after.digest,
    interruptedBefore,
    sizeBefore,
    sizeAfter: await archive.ledger.size('evidence'),
  };
}

/** What people do and what a code host tells come between imports too, and no row is missing for it. */
async function hasUnderivedFacts({ ledger, projections }: Archive): Promise<boolean> {
  const size = await ledger.size('events');
  for await (const page of ledger.readSealed('events', await projections.cursor(), size)) {
    for (const sealed of page) {
      const type = shownFact(sealed)?.event.type;
      if (type === undefined || derivedTypes.has(type)) return true;
    }
  }
  return false;
}

const derivedTypes: ReadonlySet<string> = new Set([
  factTypes.changeObserved,
  factTypes.changeAssessed,
  factTypes.importCompleted,
]);

async function evidenceDigest(
  archive: Archive,
): Promise<{ readonly digest: string; readonly changes: number }> {
  const hash = createHash('sha256');
  let changes = 0;
  for await (const page of archive.projections.allChanges()) {
    changes += page.length;
    for (const row of page) hash.update(`${row.repoId}\0${row.changeId}\0`).update(row.statementDigest);
  }
  return { digest: hash.digest('hex'), changes };
}
