import { generateKeyPairSync, sign } from 'node:crypto';
import type { ChangeStatement } from '../../src/core/evidence/change-evidence.ts';
import { payloadType } from '../../src/core/evidence/change-evidence.ts';
import { parseEnvelope, signEnvelope } from '../../src/core/evidence/dsse.ts';
import {
  type Corruption,
  cut,
  cutCheckpoints,
  cutRows,
  earlierFiles,
  inOrder,
  rebuildTiles,
  replacePayload,
  signAnew,
} from './damage.ts';
import type { Workbench } from './workbench.ts';

const unsealed = ['evidence row-without-record 6', 'evidence record-row-edited 6'];
const otherWords = replacePayload('events', 5, (fact) =>
  Buffer.from(fact.toString('utf8').replace('Change number', 'Chance number')),
);
const strangersRecord = replacePayload('evidence', 6, signedByStranger);

/** What takes whole files, many rows, or the keys: cutting a log off, rolling it back, writing it anew. */
export const historyCorruptions: readonly Corruption[] = [
  {
    what: 'a log cut off in files and rows',
    told: [
      'events database-behind',
      'events bundle-missing tile/entries/002.p/193',
      'events tile-missing tile/0/002.p/193',
      'events log-truncated 552',
      'events rows-ahead-of-log 552',
      'events repository-row-edited 704',
    ],
    says: 'it holds 552 entries, 705 are signed',
    damage: inOrder(earlierFiles('events'), cutRows('events')),
  },
  {
    what: 'an events log cut off in files, rows and checkpoints, so that it is whole in itself',
    told: [
      'evidence record-origin-unknown 550',
      'events rows-ahead-of-log 552',
      'events repository-row-edited 704',
    ],
    damage: cut('events'),
  },
  {
    what: 'the files of a log rolled back under a newer database',
    told: ['evidence bundle-missing tile/entries/002.p/190', 'evidence tile-missing tile/0/002.p/190'],
    damage: earlierFiles('evidence'),
  },
  {
    what: 'the rows of a log rolled back under newer files',
    told: [
      'events database-behind',
      'events database-behind',
      'evidence record-origin-unknown 550',
      'events rows-ahead-of-log 552',
      'events repository-row-edited 704',
    ],
    says: 'its newest checkpoint has 552 entries, the file 705',
    damage: inOrder(cutRows('events'), cutCheckpoints('events')),
  },
  {
    what: 'a fact replaced together with its commitment and its entry',
    told: ['events row-changed 5'],
    damage: otherWords,
  },
  {
    what: 'a fact replaced together with its entry and all tiles, by somebody without the key',
    told: [
      'events stored-checkpoint-inconsistent',
      'events stored-checkpoint-inconsistent',
      'events root-mismatch',
      'evidence record-differs-from-fact 5',
    ],
    damage: inOrder(otherWords, rebuildTiles('events')),
  },
  {
    what: 'a fact replaced together with its entry, all tiles and checkpoints, by somebody with the key',
    told: [
      'evidence record-differs-from-fact 5',
      'evidence record-origin-unknown 0',
      'evidence record-origin-unknown 280',
      'evidence record-origin-unknown 550',
    ],
    damage: inOrder(otherWords, signAnew('events')),
  },
  {
    what: 'an evidence record that another key signed, with its entry',
    told: ['evidence row-changed 6', ...unsealed],
    damage: strangersRecord,
  },
  {
    what: "an evidence record that another key signed, sealed with the log's key",
    told: ['evidence record-signature-invalid 6', ...unsealed],
    says: 'no-valid-signature',
    damage: inOrder(strangersRecord, signAnew('evidence')),
  },
  {
    what: 'an evidence record whose factors do not add up, signed and sealed with both keys',
    told: ['evidence risk-sum-wrong 6', 'evidence row-edited 6', 'evidence record-row-edited 6'],
    damage: inOrder(replacePayload('evidence', 6, lowerScore), signAnew('evidence')),
  },
];

function signedByStranger(envelope: Buffer): Buffer {
  const { privateKey } = generateKeyPairSync('ed25519');
  const signer = { keyId: 'stranger', sign: (message: Uint8Array) => sign(null, message, privateKey) };
  return Buffer.from(signEnvelope(payloadType, statementOf(envelope), signer), 'utf8');
}

async function lowerScore(envelope: Buffer, bench: Workbench): Promise<Buffer> {
  const statement = JSON.parse(statementOf(envelope).toString('utf8')) as ChangeStatement;
  const { risk } = statement.predicate;
  const lower = { ...statement.predicate, risk: { ...risk, logOdds: risk.logOdds - 1 } };
  const payload = Buffer.from(JSON.stringify({ ...statement, predicate: lower }), 'utf8');
  return bench.withArchive(async ({ signer }) => Buffer.from(signer.sign(payloadType, payload), 'utf8'));
}

function statementOf(envelope: Buffer): Buffer {
  const parsed = parseEnvelope(envelope.toString('utf8'));
  if (!parsed.ok) throw new Error(parsed.reason);
  return Buffer.from(parsed.envelope.payload);
}
