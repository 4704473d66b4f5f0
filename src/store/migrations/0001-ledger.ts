import type { Migration } from './migration.ts';

/** The two logs: rows are only ever inserted, but for the size of a log and, once erased, salt and payload. */
export const ledgerMigration: Migration = {
  number: 1,
  name: 'ledger',
  sql: `
CREATE TABLE reentry.log_head (
  tenant_id smallint NOT NULL,
  log text COLLATE "C" NOT NULL,
  size bigint NOT NULL CHECK (size >= 0),
  PRIMARY KEY (tenant_id, log)
);
COMMENT ON TABLE reentry.log_head IS 'One row a log; whoever appends holds its lock, so sequence numbers have no gaps.';

CREATE TABLE reentry.log_entry (
  tenant_id smallint NOT NULL,
  log text COLLATE "C" NOT NULL,
  seq bigint NOT NULL,
  entry bytea NOT NULL CHECK (octet_length(entry) = 58),
  PRIMARY KEY (tenant_id, log, seq)
);
COMMENT ON TABLE reentry.log_entry IS 'The leaves: version, kind, time, random id, commitment to the payload.';

CREATE TABLE reentry.log_payload (
  tenant_id smallint NOT NULL,
  log text COLLATE "C" NOT NULL,
  seq bigint NOT NULL,
  idempotency_key bytea NOT NULL CHECK (octet_length(idempotency_key) = 32),
  salt bytea CHECK (octet_length(salt) = 32),
  payload bytea,
  PRIMARY KEY (tenant_id, log, seq),
  UNIQUE (tenant_id, log, idempotency_key)
);
COMMENT ON TABLE reentry.log_payload IS 'What the leaves commit to, byte for byte; salt and payload are NULL once erased.';

CREATE TABLE reentry.log_checkpoint (
  tenant_id smallint NOT NULL,
  log text COLLATE "C" NOT NULL,
  size bigint NOT NULL CHECK (size >= 0),
  previous_size bigint NOT NULL CHECK (previous_size < size),
  root bytea NOT NULL CHECK (octet_length(root) = 32),
  note text NOT NULL,
  PRIMARY KEY (tenant_id, log, size),
  UNIQUE (tenant_id, log, previous_size)
);
COMMENT ON TABLE reentry.log_checkpoint IS 'Signed tree heads; each has one successor at most. previous_size of the first is -1.';

INSERT INTO reentry.log_head (tenant_id, log, size) VALUES (1, 'events', 0), (1, 'evidence', 0);
`,
};
