import type { Migration } from './migration.ts';

/**
 * What lists, filters and charts read: columns of a change that its record gives, an index per order, and roll-ups. Old rows
 * get what `src/core/change/change-columns.ts` gives for new ones; the same cell needs the same JSON, byte for byte.
 */
export const readModelsMigration: Migration = {
  number: 3,
  name: 'read-models',
  sql: `
ALTER TABLE reentry.change
  ADD COLUMN merged_day integer,
  ADD COLUMN agents text[] COLLATE "C" NOT NULL DEFAULT '{}',
  ADD COLUMN models text[] COLLATE "C" NOT NULL DEFAULT '{}',
  ADD COLUMN sessions integer NOT NULL DEFAULT 0,
  ADD COLUMN lines bigint NOT NULL DEFAULT 0,
  ADD COLUMN search text COLLATE "C" NOT NULL DEFAULT '',
  ADD COLUMN cell bytea NOT NULL DEFAULT '';
COMMENT ON COLUMN reentry.change.merged_day IS 'Days since 1970-01-01 (UTC); NULL where merged_at is no time.';
COMMENT ON COLUMN reentry.change.models IS 'models[i] is what agents[i] was claimed with; NULL where nobody named it.';

WITH pair AS (
  SELECT tenant_id, repo_id, change_id, agent, model, min(ordinal) AS place
  FROM reentry.claim GROUP BY tenant_id, repo_id, change_id, agent, model
), claimed AS (
  SELECT tenant_id, repo_id, change_id,
    array_agg(agent ORDER BY place) AS agents, array_agg(model ORDER BY place) AS models
  FROM pair GROUP BY tenant_id, repo_id, change_id
), session AS (
  SELECT tenant_id, repo_id, change_id, count(DISTINCT session_id)::integer AS sessions
  FROM reentry.claim GROUP BY tenant_id, repo_id, change_id
)
UPDATE reentry.change AS change
SET agents = claimed.agents, models = claimed.models, sessions = session.sessions
FROM claimed JOIN session USING (tenant_id, repo_id, change_id)
WHERE change.tenant_id = claimed.tenant_id AND change.repo_id = claimed.repo_id
  AND change.change_id = claimed.change_id;

UPDATE reentry.change SET
  merged_day = CASE
    WHEN merged_at ~ '^[1-9][0-9]{3}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T'
    THEN ((left(merged_at, 8) || '01')::date - '1970-01-01'::date) + substr(merged_at, 9, 2)::integer - 1
  END,
  lines = additions + deletions,
  search = lower((left(title, 256) || E'\\n' || left(author_name, 100)) COLLATE "C"),
  cell = substring(sha256(convert_to(
    array_to_json(ARRAY[
      repo_id, class, risk_band, kind, attribution_level::text,
      (gaps > 0)::text, (contradictions > 0)::text, (sessions > 0)::text
    ])::text || array_to_json(agents)::text || array_to_json(models)::text, 'UTF8')) FROM 1 FOR 16);

ALTER TABLE reentry.change
  ALTER COLUMN agents DROP DEFAULT,
  ALTER COLUMN models DROP DEFAULT,
  ALTER COLUMN sessions DROP DEFAULT,
  ALTER COLUMN lines DROP DEFAULT,
  ALTER COLUMN search DROP DEFAULT,
  ALTER COLUMN cell DROP DEFAULT;

DROP INDEX reentry.change_by_risk;
CREATE INDEX change_by_merged ON reentry.change (tenant_id, merged_at, ordinal) INCLUDE (cell, merged_day, risk_score);
CREATE INDEX change_by_score ON reentry.change (tenant_id, risk_score, ordinal) INCLUDE (cell);
CREATE INDEX change_by_lines ON reentry.change (tenant_id, lines, ordinal) INCLUDE (cell);
CREATE INDEX change_by_cell ON reentry.change (tenant_id, cell)
  INCLUDE (ordinal, merged_at, merged_day, risk_score, lines);
CREATE INDEX change_by_place ON reentry.change (tenant_id, repo_id, ordinal);
CREATE INDEX change_by_search ON reentry.change (tenant_id, ordinal)
  INCLUDE (search, cell, merged_at, risk_score, lines);
CREATE INDEX change_by_number ON reentry.change (tenant_id, number) WHERE number IS NOT NULL;

CREATE TABLE reentry.change_cell (
  tenant_id smallint NOT NULL,
  cell bytea NOT NULL,
  repo_id text COLLATE "C" NOT NULL,
  class text COLLATE "C" NOT NULL,
  risk_band text COLLATE "C" NOT NULL,
  kind text COLLATE "C" NOT NULL,
  attribution_level smallint,
  has_gaps boolean NOT NULL,
  has_contradictions boolean NOT NULL,
  has_session boolean NOT NULL,
  agents text[] COLLATE "C" NOT NULL,
  models text[] COLLATE "C" NOT NULL,
  changes bigint NOT NULL,
  PRIMARY KEY (tenant_id, cell)
) WITH (fillfactor = 75);
COMMENT ON TABLE reentry.change_cell IS
  'Roll-up: how many changes have the same values in all that is filtered by. cell is the start of their SHA-256.';

CREATE TABLE reentry.change_score (
  tenant_id smallint NOT NULL,
  cell bytea NOT NULL,
  bucket smallint NOT NULL,
  changes bigint NOT NULL,
  PRIMARY KEY (tenant_id, cell, bucket)
) WITH (fillfactor = 75);
COMMENT ON TABLE reentry.change_score IS 'Roll-up: changes of a cell per five points of score, bucket 0 to 19.';

CREATE TABLE reentry.change_day (
  tenant_id smallint NOT NULL,
  day integer NOT NULL,
  class text COLLATE "C" NOT NULL,
  changes bigint NOT NULL,
  PRIMARY KEY (tenant_id, day, class)
) WITH (fillfactor = 75);
COMMENT ON TABLE reentry.change_day IS 'Roll-up: changes merged on a day, by class; day counts from 1970-01-01 (UTC).';

INSERT INTO reentry.change_cell
SELECT tenant_id, cell, repo_id, class, risk_band, kind, attribution_level, gaps > 0, contradictions > 0, sessions > 0,
  agents, models, count(*)
FROM reentry.change GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12;

INSERT INTO reentry.change_score
SELECT tenant_id, cell, least(19, greatest(0, floor(risk_score / 5)))::smallint, count(*)
FROM reentry.change GROUP BY 1, 2, 3;

INSERT INTO reentry.change_day
SELECT tenant_id, merged_day, class, count(*)
FROM reentry.change WHERE merged_day IS NOT NULL
GROUP BY 1, 2, 3;
`,
};
