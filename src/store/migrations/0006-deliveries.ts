import type { Migration } from './migration.ts';

/** Which webhook deliveries came and what became of them. What they told stands in the events log. */
export const deliveriesMigration: Migration = {
  number: 6,
  name: 'deliveries',
  sql: `
CREATE TABLE reentry.delivery (
  tenant_id smallint NOT NULL,
  receipt_id uuid NOT NULL,
  host text COLLATE "C" NOT NULL,
  delivery_id text COLLATE "C",
  event text COLLATE "C",
  action text COLLATE "C",
  received_at text COLLATE "C" NOT NULL,
  outcome text COLLATE "C" NOT NULL,
  facts integer NOT NULL CHECK (facts >= 0),
  bytes bigint NOT NULL CHECK (bytes >= 0),
  digest bytea NOT NULL CHECK (octet_length(digest) = 32),
  detail text,
  PRIMARY KEY (tenant_id, receipt_id)
);
CREATE INDEX delivery_by_id ON reentry.delivery (tenant_id, host, delivery_id);
CREATE INDEX delivery_by_time ON reentry.delivery (tenant_id, host, received_at DESC);
COMMENT ON TABLE reentry.delivery IS 'One row each time that a webhook was called, only ever inserted. Of a refused one delivery_id and event are the word of whoever sent it.';
`,
};
