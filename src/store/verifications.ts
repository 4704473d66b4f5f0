import type { Verification } from '../contract/evidence.ts';
import { storedText } from '../core/evidence/stored-text.ts';
import type { Queryable } from './database.ts';
import { tenant } from './tenant.ts';

interface VerificationRow extends Omit<Verification, 'logs' | 'findings'>, Record<string, unknown> {
  readonly report: string;
}

export async function newestVerifications(
  database: Queryable,
  limit: number,
): Promise<readonly Verification[]> {
  const rows = await database.query<VerificationRow>(
    `SELECT verification_id AS id, state, requested_by AS "requestedBy", started_at AS "startedAt",
       finished_at AS "finishedAt", report
     FROM reentry.verification WHERE tenant_id = $1 ORDER BY started_at DESC, verification_id LIMIT $2`,
    [tenant, limit],
  );
  return rows.map(({ report, ...rest }) => ({
    ...rest,
    ...(JSON.parse(report) as Pick<Verification, 'logs' | 'findings'>),
  }));
}

export async function putVerification(
  database: Queryable,
  { id, state, requestedBy, startedAt, finishedAt, logs, findings }: Verification,
): Promise<void> {
  await database.query(
    `INSERT INTO reentry.verification
       (tenant_id, verification_id, state, requested_by, started_at, finished_at, report)
     VALUES ($1, $2, $3, $4, $5, $6, $7)
     ON CONFLICT (tenant_id, verification_id) DO UPDATE
     SET state = excluded.state, started_at = excluded.started_at, finished_at = excluded.finished_at,
       report = excluded.report`,
    // JSON escapes what PostgreSQL's text cannot hold.
    [tenant, id, state, storedText(requestedBy), startedAt, finishedAt, JSON.stringify({ logs, findings })],
  );
}
