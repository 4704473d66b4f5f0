import { randomBytes } from 'node:crypto';
import type { NewEntry } from '../src/app/ports.ts';
import { payloadType, predicateType, statementType } from '../src/core/evidence/change-evidence.ts';
import { signEnvelope } from '../src/core/evidence/dsse.ts';

/** Sealed records of the size that real ones have, for changes to share: the Overview reads those of its riskiest. */
export function syntheticRecords(count: number): readonly NewEntry[] {
  const payload = Buffer.from(
    signEnvelope(payloadType, Buffer.from(JSON.stringify(statement)), {
      keyId: 'a'.repeat(64),
      sign: () => new Uint8Array(64),
    }),
  );
  return Array.from({ length: count }, () => ({
    kind: 2,
    timeMs: 1_767_225_600_000,
    id: randomBytes(16),
    salt: randomBytes(32),
    payload,
    idempotencyKey: randomBytes(32),
  }));
}

/** Records of changes that git alone tells of have about 6 kB, a third of it the factors of the score. */
const statement = {
  _type: statementType,
  subject: [{ name: 'merge', digest: { gitCommit: 'b'.repeat(40) } }],
  predicateType,
  predicate: {
    change: { title: 'Take cards' },
    risk: {
      factors: Array.from({ length: 16 }, (_, index) => ({
        signal: `signal_${index}`,
        value: index,
        contribution: 700 - 40 * index,
        because: `Adds ${90 + index} source lines (usually 14), which raises the score.`,
      })),
    },
    doesNotProve: Array.from(
      { length: 40 },
      () => 'Who sat at the keyboard: names, e-mails, trailers and notes in git can be written by anyone.',
    ),
  },
};
