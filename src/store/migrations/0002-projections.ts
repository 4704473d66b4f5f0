import type { Migration } from './migration.ts';

/**
 * Tables that can be dropped and rebuilt from the logs. Times are RFC 3339 in UTC as text, byte for byte as sealed: in
 * "C" order they sort by time, and a date that no calendar knows (git takes any) stops nothing.
 */
export const projectionsMigration: Migration = {
  number: 2,
  name: 'projections',
  sql: `
CREATE TABLE reentry.repository (
  tenant_id smallint NOT NULL,
  repo_id text COLLATE "C" NOT NULL,
  name text NOT NULL,
  url text,
  target_branch text NOT NULL,
  head_sha text COLLATE "C" NOT NULL,
  refs_digest text COLLATE "C" NOT NULL,
  changes bigint NOT NULL,
  fact_seq bigint NOT NULL,
  imported_at text COLLATE "C" NOT NULL,
  PRIMARY KEY (tenant_id, repo_id)
);

CREATE TABLE reentry.change (
  tenant_id smallint NOT NULL,
  repo_id text COLLATE "C" NOT NULL,
  change_id text COLLATE "C" NOT NULL,
  ordinal bigint NOT NULL,
  kind text COLLATE "C" NOT NULL,
  number bigint,
  landing text COLLATE "C" NOT NULL,
  title text NOT NULL,
  author_name text NOT NULL,
  author_email text NOT NULL,
  base_sha text COLLATE "C",
  head_sha text COLLATE "C" NOT NULL,
  merge_sha text COLLATE "C" NOT NULL,
  merged_at text COLLATE "C" NOT NULL,
  files bigint NOT NULL,
  additions bigint NOT NULL,
  deletions bigint NOT NULL,
  class text COLLATE "C" NOT NULL,
  ai_share double precision,
  attribution_level smallint,
  risk_score double precision NOT NULL,
  risk_probability double precision NOT NULL,
  risk_band text COLLATE "C" NOT NULL,
  risk_log_odds double precision NOT NULL,
  model_version text COLLATE "C" NOT NULL,
  capture text COLLATE "C" NOT NULL,
  gaps integer NOT NULL,
  contradictions integer NOT NULL,
  observed_digest bytea NOT NULL,
  fact_seq bigint NOT NULL,
  evidence_seq bigint NOT NULL,
  statement_digest bytea NOT NULL,
  PRIMARY KEY (tenant_id, repo_id, change_id)
);
CREATE INDEX change_by_risk
  ON reentry.change (tenant_id, repo_id, risk_score DESC, risk_log_odds DESC, ordinal DESC);

CREATE TABLE reentry.claim (
  tenant_id smallint NOT NULL,
  repo_id text COLLATE "C" NOT NULL,
  change_id text COLLATE "C" NOT NULL,
  ordinal integer NOT NULL,
  agent text COLLATE "C" NOT NULL,
  model text COLLATE "C",
  session_id text COLLATE "C",
  user_name text,
  role text COLLATE "C" NOT NULL,
  level smallint NOT NULL,
  PRIMARY KEY (tenant_id, repo_id, change_id, ordinal)
);

CREATE TABLE reentry.evidence_record (
  tenant_id smallint NOT NULL,
  evidence_seq bigint NOT NULL,
  repo_id text COLLATE "C" NOT NULL,
  change_id text COLLATE "C" NOT NULL,
  fact_seq bigint NOT NULL,
  reason text COLLATE "C" NOT NULL,
  statement_digest bytea NOT NULL,
  PRIMARY KEY (tenant_id, evidence_seq)
);
CREATE INDEX evidence_record_by_change
  ON reentry.evidence_record (tenant_id, repo_id, change_id, evidence_seq);

CREATE TABLE reentry.projection_cursor (
  tenant_id smallint NOT NULL,
  next_seq bigint NOT NULL,
  PRIMARY KEY (tenant_id)
);
`,
};
