import { type Problem, type Progress, queueSchema } from '../app/work-ports.ts';
import type { Job } from '../contract/work.ts';
import type { Queryable } from './database.ts';
import { tenant } from './tenant.ts';

interface JobRow extends Record<string, unknown> {
  readonly id: string;
  readonly state: keyof typeof states;
  readonly data: Pick<Job, 'kind' | 'subject' | 'requestedBy'>;
  readonly output: { readonly outcome?: string; readonly error?: Problem } | null;
  readonly createdOn: Date;
  readonly startedOn: Date | null;
  readonly completedOn: Date | null;
  readonly step: string | null;
  readonly done: number | null;
  readonly total: number | null;
}

const states = {
  created: 'waiting',
  retry: 'waiting',
  active: 'running',
  completed: 'done',
  failed: 'failed',
  cancelled: 'stopped',
} as const satisfies Record<string, Job['state']>;

const columns = `
  j.id, j.state::text AS state, j.data, j.output, j.created_on AS "createdOn", j.started_on AS "startedOn",
  j.completed_on AS "completedOn", p.step, p.done, p.total`;
const from = `
  FROM ${queueSchema}.job AS j
  LEFT JOIN reentry.job_progress AS p ON p.tenant_id = $1 AND p.job_id = j.id`;
const isJob = `j.data ? 'kind'`;
const isOpen = `j.state IN ('created', 'retry', 'active')`;

export async function openAndEndedJobs(database: Queryable, ended: number): Promise<readonly Job[]> {
  const rows = await database.query<JobRow>(
    `SELECT * FROM (
       (SELECT ${columns} ${from} WHERE ${isJob} AND ${isOpen})
       UNION ALL
       (SELECT ${columns} ${from} WHERE ${isJob} AND NOT (${isOpen}) ORDER BY j.created_on DESC LIMIT $2)
     ) AS shown ORDER BY "createdOn" DESC, id`,
    [tenant, ended],
  );
  return rows.map(jobOf);
}

export async function findJob(database: Queryable, jobId: string): Promise<Job | undefined> {
  const [row] = await database.query<JobRow>(`SELECT ${columns} ${from} WHERE j.id = $2`, [tenant, jobId]);
  return row && jobOf(row);
}

export async function newestJobs(database: Queryable, kind: Job['kind']): Promise<readonly Job[]> {
  const rows = await database.query<JobRow>(
    `SELECT DISTINCT ON (j.data->>'subject') ${columns} ${from}
     WHERE j.data->>'kind' = $2 ORDER BY j.data->>'subject', j.created_on DESC`,
    [tenant, kind],
  );
  return rows.map(jobOf);
}

export async function setProgress(
  database: Queryable,
  jobId: string,
  progress: Progress | null,
): Promise<void> {
  if (progress === null) {
    await database.query('DELETE FROM reentry.job_progress WHERE tenant_id = $1 AND job_id = $2', [
      tenant,
      jobId,
    ]);
    return;
  }
  await database.query(
    `INSERT INTO reentry.job_progress (tenant_id, job_id, step, done, total) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (tenant_id, job_id) DO UPDATE
     SET step = excluded.step, done = excluded.done, total = excluded.total`,
    [tenant, jobId, progress.step, progress.done, progress.total],
  );
}

function jobOf({ id, state, data, output, createdOn, startedOn, completedOn, ...progress }: JobRow): Job {
  const { step, done, total } = progress;
  const running = state === 'active';
  return {
    id,
    kind: data.kind,
    state: states[state],
    subject: data.subject,
    requestedBy: data.requestedBy,
    createdAt: createdOn.toISOString(),
    startedAt: startedOn?.toISOString() ?? null,
    finishedAt: completedOn?.toISOString() ?? null,
    progress: running && step !== null ? { step, done: done ?? 0, total: total ?? 0 } : null,
    outcome: output?.outcome ?? null,
    error: running ? null : (output?.error ?? null),
  };
}
