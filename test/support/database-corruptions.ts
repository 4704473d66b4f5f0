import { type Corruption, exchange, flip, statements } from './damage.ts';

const events = (seq: number) => `log = 'events' AND seq = ${seq}`;
/** The change that record 9 is of has a claim, that of record 10 has none. */
const changeOf = (record: number) => `(SELECT change_id FROM reentry.change WHERE evidence_seq = ${record})`;

/** Whatever can be done to the rows of a ledger or of its projections. */
export const databaseCorruptions: readonly Corruption[] = [
  {
    what: 'one bit of a fact',
    told: ['events payload-changed 5'],
    damage: flip('log_payload.payload', 100, events(5)),
  },
  {
    what: 'one bit of the fact that a repository row comes from',
    told: ['events payload-changed 704', 'events repository-row-edited 704'],
    damage: flip('log_payload.payload', 100, events(704)),
  },
  {
    what: 'one bit of an evidence envelope',
    told: ['evidence payload-changed 6', 'evidence row-without-record 6', 'evidence record-row-edited 6'],
    damage: flip('log_payload.payload', 100, `log = 'evidence' AND seq = 6`),
  },
  {
    what: 'one bit of a salt',
    told: ['events payload-changed 5'],
    damage: flip('log_payload.salt', 0, events(5)),
  },
  {
    what: 'an edited entry row',
    told: ['events row-changed 9'],
    damage: flip('log_entry.entry', 40, events(9)),
  },
  {
    what: 'two entry rows that changed places',
    told: ['events row-swapped 7', 'events row-swapped 300'],
    says: 'holds entry 300',
    damage: exchange('log_entry', ['entry'], 7, 300),
  },
  {
    what: 'two payloads that changed places',
    told: ['events payload-changed 7', 'events payload-changed 300'],
    damage: exchange('log_payload', ['salt', 'payload'], 7, 300),
  },
  {
    what: 'two entries that changed places, payloads and all',
    told: ['events row-swapped 7', 'events row-swapped 300'],
    damage: async (bench) => {
      await exchange('log_entry', ['entry'], 7, 300)(bench);
      await exchange('log_payload', ['salt', 'payload'], 7, 300)(bench);
    },
  },
  {
    what: 'a deleted entry row',
    told: ['events row-missing 9'],
    damage: statements(`DELETE FROM reentry.log_entry WHERE ${events(9)}`),
  },
  {
    what: 'a deleted payload row',
    told: ['events payload-missing 9'],
    damage: statements(`DELETE FROM reentry.log_payload WHERE ${events(9)}`),
  },
  {
    what: 'a payload that is gone while its row stayed',
    told: ['events payload-missing 9'],
    damage: statements(`UPDATE reentry.log_payload SET payload = NULL WHERE ${events(9)}`),
  },
  {
    what: 'a row beyond the end of the log',
    told: ['events row-extra 705'],
    damage: statements(
      `INSERT INTO reentry.log_entry SELECT tenant_id, log, 705, entry FROM reentry.log_entry WHERE ${events(3)}`,
    ),
  },
  {
    what: 'a log that counts an entry which it does not have',
    told: ['events row-missing 705'],
    damage: statements(`UPDATE reentry.log_head SET size = 706 WHERE log = 'events'`),
  },
  {
    what: 'a log that counts one entry less than it has',
    told: [
      'events database-behind',
      'events row-extra 704',
      'events rows-ahead-of-log 704',
      'events repository-row-edited 704',
    ],
    damage: statements(`UPDATE reentry.log_head SET size = 704 WHERE log = 'events'`),
  },
  ...[
    ['class', `'human'`, 'class'],
    ['risk_score', 'risk_score + 1', 'riskScore'],
    ['title', `'another title'`, 'title'],
    ['author_email', `'someone@example.org'`, 'authorEmail'],
    ['merge_sha', 'head_sha || 0', 'mergeSha'],
    ['base_sha', 'NULL', 'baseSha'],
    ['statement_digest', `sha256('x')`, 'statementDigest'],
    ['ordinal', 'ordinal + 1', 'ordinal'],
    ['agents', `'{codex}'`, 'agents'],
    ['sessions', 'sessions + 1', 'sessions'],
    ['lines', 'lines + 1', 'lines'],
    ['merged_day', 'NULL', 'mergedDay'],
    ['search', `''`, 'search'],
    ['cell', `sha256('x')`, 'cell'],
  ].map(([column, value, field]) => ({
    what: `a change row with another ${column}`,
    told: ['evidence row-edited 9'],
    says: `differs from its record in ${field}`,
    damage: statements(`UPDATE reentry.change SET ${column} = ${value} WHERE evidence_seq = 9`),
  })),
  {
    what: 'a deleted change row',
    told: ['evidence row-missing 9'],
    damage: statements('DELETE FROM reentry.change WHERE evidence_seq = 9'),
  },
  {
    what: 'a change row that no record calls for',
    told: ['evidence row-without-record 9'],
    says: 'change push/invented',
    damage: statements(
      'CREATE TEMPORARY TABLE invented AS SELECT * FROM reentry.change WHERE evidence_seq = 9',
      `UPDATE invented SET change_id = 'push/invented'`,
      'INSERT INTO reentry.change SELECT * FROM invented',
      'DROP TABLE invented',
    ),
  },
  {
    what: 'an edited claim',
    told: ['evidence claims-edited 9'],
    damage: statements(`UPDATE reentry.claim SET agent = 'codex' WHERE change_id = ${changeOf(9)}`),
  },
  {
    what: 'a deleted claim',
    told: ['evidence claims-missing 9'],
    damage: statements(`DELETE FROM reentry.claim WHERE change_id = ${changeOf(9)}`),
  },
  {
    what: 'a claim of a change that has none',
    told: ['evidence claims-edited 10'],
    damage: statements(
      `INSERT INTO reentry.claim SELECT tenant_id, repo_id, change_id, 0, 'codex', NULL, NULL, NULL, 'author', 5
       FROM reentry.change WHERE evidence_seq = 10`,
    ),
  },
  {
    what: 'a claim of a change that there is not',
    told: ['evidence claims-edited'],
    says: 'claims of change push/invented have no intact sealed record',
    damage: statements(
      `INSERT INTO reentry.claim SELECT tenant_id, repo_id, 'push/invented', 0, 'codex', NULL, NULL, NULL, 'author', 5
       FROM reentry.change WHERE evidence_seq = 10`,
    ),
  },
  {
    what: 'an edited index row of a record',
    told: ['evidence record-row-edited 9'],
    says: 'differs from the sealed record',
    damage: statements(`UPDATE reentry.evidence_record SET reason = 'learned-later' WHERE evidence_seq = 9`),
  },
  {
    what: 'a deleted index row of a record',
    told: ['evidence record-row-missing 9'],
    damage: statements('DELETE FROM reentry.evidence_record WHERE evidence_seq = 9'),
  },
  {
    what: 'an index row of a record that there is not',
    told: ['evidence rows-ahead-of-log 702', 'evidence record-row-edited 900'],
    damage: statements(
      `INSERT INTO reentry.evidence_record SELECT tenant_id, 900, repo_id, change_id, fact_seq, reason, statement_digest
       FROM reentry.evidence_record WHERE evidence_seq = 9`,
    ),
  },
  {
    what: 'an edited repository row',
    told: ['events repository-row-edited 704'],
    says: 'differs from its last sealed import',
    damage: statements(`UPDATE reentry.repository SET head_sha = base.head_sha FROM reentry.change AS base`),
  },
  {
    what: 'a deleted repository row',
    told: ['events repository-row-missing 704'],
    damage: statements('DELETE FROM reentry.repository'),
  },
  {
    what: 'a repository row that no import calls for',
    told: ['events repository-row-edited 704'],
    says: 'local/invented comes from no intact sealed import',
    damage: statements(
      'CREATE TEMPORARY TABLE invented AS SELECT * FROM reentry.repository',
      `UPDATE invented SET repo_id = 'local/invented'`,
      'INSERT INTO reentry.repository SELECT * FROM invented',
      'DROP TABLE invented',
    ),
  },
  ...[
    ['change_cell', 'cell = (SELECT cell FROM reentry.change WHERE evidence_seq = 9)'],
    ['change_score', 'ctid = (SELECT min(ctid) FROM reentry.change_score)'],
    ['change_day', 'ctid = (SELECT min(ctid) FROM reentry.change_day)'],
  ].flatMap(([table, where]) => [
    {
      what: `an edited count of ${table}`,
      told: ['evidence roll-up-edited'],
      says: 'differs from the sealed records in changes',
      damage: statements(`UPDATE reentry.${table} SET changes = changes + 1 WHERE ${where}`),
    },
    {
      what: `a deleted row of ${table}`,
      told: ['evidence roll-up-missing'],
      says: `${table} `,
      damage: statements(`DELETE FROM reentry.${table} WHERE ${where}`),
    },
  ]),
  {
    what: 'a cell that stands for other values',
    told: ['evidence roll-up-edited'],
    says: 'differs from the sealed records in agents, models',
    damage: statements(
      `UPDATE reentry.change_cell SET agents = '{codex}', models = '{gpt-5}'
       WHERE cell = (SELECT cell FROM reentry.change WHERE evidence_seq = 9)`,
    ),
  },
  {
    what: 'a count of changes that there are not',
    told: ['evidence roll-up-edited'],
    says: 'change_day 0 human counts 7 changes that no intact sealed record is of',
    damage: statements(`INSERT INTO reentry.change_day VALUES (1, 0, 'human', 7)`),
  },
  {
    what: 'a cursor that was set back',
    told: ['events cursor-edited', 'events repository-row-edited 704'],
    says: 'derived from 703 facts, and there are records of 704',
    damage: statements('UPDATE reentry.projection_cursor SET next_seq = 703'),
  },
  {
    what: 'a cursor beyond the log',
    told: ['events rows-ahead-of-log 705'],
    damage: statements('UPDATE reentry.projection_cursor SET next_seq = 800'),
  },
];
