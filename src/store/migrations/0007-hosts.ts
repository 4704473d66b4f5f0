import type { Migration } from './migration.ts';

/** What code hosts told last, and pull requests as they were last assessed: projections of both logs. */
export const hostsMigration: Migration = {
  number: 7,
  name: 'hosts',
  sql: `
CREATE TABLE reentry.host_item (
  tenant_id smallint NOT NULL,
  repository_host_id text COLLATE "C" NOT NULL,
  schema text COLLATE "C" NOT NULL,
  subject text COLLATE "C" NOT NULL,
  item text COLLATE "C" NOT NULL,
  occurred_at text COLLATE "C" NOT NULL,
  fact_seq bigint NOT NULL,
  received_at text COLLATE "C" NOT NULL,
  capture text COLLATE "C" NOT NULL,
  data text NOT NULL,
  PRIMARY KEY (tenant_id, repository_host_id, schema, subject, item)
);
COMMENT ON TABLE reentry.host_item IS 'One row a thing at a code host, as it was told last; data is the observation as JSON.';

CREATE TABLE reentry.host_repository (
  tenant_id smallint NOT NULL,
  host_id text COLLATE "C" NOT NULL,
  host text COLLATE "C" NOT NULL,
  repo_id text COLLATE "C" NOT NULL,
  name text NOT NULL,
  url text,
  default_branch text,
  fact_seq bigint NOT NULL,
  PRIMARY KEY (tenant_id, host_id)
);
COMMENT ON TABLE reentry.host_repository IS 'repo_id is the name it was first told with and never changes.';

CREATE TABLE reentry.pull_request (
  tenant_id smallint NOT NULL,
  repo_id text COLLATE "C" NOT NULL,
  number bigint NOT NULL,
  change_id text COLLATE "C" NOT NULL,
  ordinal bigint NOT NULL,
  repository_host_id text COLLATE "C" NOT NULL,
  title text NOT NULL,
  author_login text,
  state text COLLATE "C" NOT NULL,
  draft boolean NOT NULL,
  target_branch text NOT NULL,
  head_sha text COLLATE "C" NOT NULL,
  class text COLLATE "C" NOT NULL,
  attribution_level smallint,
  risk_score double precision NOT NULL,
  risk_band text COLLATE "C" NOT NULL,
  verdict text COLLATE "C" NOT NULL,
  pending boolean NOT NULL,
  because text NOT NULL,
  policy_digest text COLLATE "C",
  state_digest text COLLATE "C" NOT NULL,
  approvals integer NOT NULL,
  assessed_at text COLLATE "C" NOT NULL,
  created_at text COLLATE "C" NOT NULL,
  merged_at text COLLATE "C",
  merge_sha text COLLATE "C",
  landed text[] NOT NULL,
  fact_seq bigint NOT NULL,
  evidence_seq bigint NOT NULL,
  statement_digest bytea NOT NULL,
  PRIMARY KEY (tenant_id, repo_id, number)
);

CREATE TABLE reentry.published_check (
  tenant_id smallint NOT NULL,
  repository_host_id text COLLATE "C" NOT NULL,
  head_sha text COLLATE "C" NOT NULL,
  check_id text NOT NULL,
  digest text COLLATE "C" NOT NULL,
  PRIMARY KEY (tenant_id, repository_host_id, head_sha)
);
COMMENT ON TABLE reentry.published_check IS 'Which check run at the host shows our verdict of a head; no projection and no evidence.';

CREATE TABLE reentry.host_progress (
  tenant_id smallint NOT NULL,
  repository_host_id text COLLATE "C" NOT NULL,
  cursor text NOT NULL,
  PRIMARY KEY (tenant_id, repository_host_id)
);
COMMENT ON TABLE reentry.host_progress IS 'How far pull requests were read back; no projection and no evidence.';

CREATE INDEX pull_request_by_landed ON reentry.pull_request USING gin (landed);
CREATE INDEX pull_request_by_head ON reentry.pull_request (tenant_id, repository_host_id, head_sha);
CREATE INDEX pull_request_by_merge ON reentry.pull_request (tenant_id, repository_host_id, merge_sha);
CREATE INDEX pull_request_by_state ON reentry.pull_request (tenant_id, state, assessed_at DESC);
`,
};
