import { expect, test } from 'vitest';
import { entryKind } from '../core/evidence/fact.ts';
import { type ArchiveEvidence, verifyArchive } from './verify-archive.ts';

const records = 300;

/** A log of records that all are forged, whose walk ends at once; later signatures are checked sooner than earlier ones. */
const forged: ArchiveEvidence = {
  path: 'logs/evidence',
  present: ['evidence'],
  database: undefined,
  statements: {
    open: async (envelope) => {
      const seq = Number(Buffer.from(envelope).toString());
      for (let turn = seq % 7; turn < 7; turn += 1) await new Promise(setImmediate);
      return { reason: `forgery ${seq}` };
    },
  },
  logs: {
    verify: async (log, { onEntry }) => {
      for (let seq = 0; seq < records; seq += 1) {
        const entry = Uint8Array.of(1, entryKind.evidenceRecord);
        void onEntry?.({ seq, entry, salt: null, payload: Buffer.from(`${seq}`) });
      }
      return {
        log,
        origin: null,
        checkpoint: null,
        entries: records,
        unpublished: 0,
        findings: [{ code: 'root-mismatch', log, detail: 'another root' }],
        counts: new Map([['root-mismatch', 1]]),
      };
    },
  },
};

test('every forged record is told, in order and before what the walk of its log found', async () => {
  const { findings, findingCount, records: good } = await verifyArchive(forged);

  expect(findings.map(({ code, index, detail }) => [code, index, /forgery \d+$/.exec(detail)?.[0]])).toEqual([
    ...[...Array(records).keys()].map((seq) => ['record-signature-invalid', seq, `forgery ${seq}`]),
    ['root-mismatch', undefined, undefined],
  ]);
  expect(findingCount).toBe(records + 1);
  expect(good).toBe(0);
});
