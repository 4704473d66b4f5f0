import type { Migration } from './migration.ts';

/** Where repositories are read, how far long work is, and what verifications found. Nothing of it is evidence. */
export const workMigration: Migration = {
  number: 5,
  name: 'work',
  sql: `
CREATE TABLE reentry.repository_source (
  tenant_id smallint NOT NULL,
  repo_id text COLLATE "C" NOT NULL,
  name text NOT NULL,
  path text NOT NULL,
  following boolean NOT NULL,
  added_by text NOT NULL,
  looked_at text COLLATE "C",
  problem text,
  PRIMARY KEY (tenant_id, repo_id)
);
COMMENT ON TABLE reentry.repository_source IS 'Repositories that the server reads itself. problem is JSON: code, detail, action.';

CREATE TABLE reentry.job_progress (
  tenant_id smallint NOT NULL,
  job_id uuid NOT NULL,
  step text NOT NULL,
  done bigint NOT NULL,
  total bigint NOT NULL,
  PRIMARY KEY (tenant_id, job_id)
);
COMMENT ON TABLE reentry.job_progress IS 'Of jobs that are running; the jobs themselves stand in the schema reentry_jobs.';

CREATE TABLE reentry.verification (
  tenant_id smallint NOT NULL,
  verification_id uuid NOT NULL,
  state text COLLATE "C" NOT NULL,
  requested_by text NOT NULL,
  started_at text COLLATE "C" NOT NULL,
  finished_at text COLLATE "C",
  report text NOT NULL,
  PRIMARY KEY (tenant_id, verification_id)
);
CREATE INDEX verification_by_start ON reentry.verification (tenant_id, started_at DESC);
COMMENT ON TABLE reentry.verification IS 'report is JSON: what was looked at of each log, and the first hundred findings.';
`,
};
