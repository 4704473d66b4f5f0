import type { Job, RepositoryState } from '../../../src/contract/work.ts';
import { type Column, DataTable } from '../kit/data-table.tsx';
import { HostileText } from '../kit/hostile-text.tsx';
import { isActive, JobProgress, JobSign } from '../kit/job-progress.tsx';
import { EmptyState } from '../kit/states.tsx';
import { Time } from '../kit/time.tsx';
import { relative } from '../kit/time-words.ts';
import { ProblemNote } from './problem-note.tsx';

export function JobsTable({
  jobs,
  repositories,
}: {
  readonly jobs: readonly Job[];
  readonly repositories: readonly RepositoryState[];
}) {
  if (jobs.length === 0) {
    return (
      <EmptyState title="Nothing has run yet">
        <p>Imports and verifications appear here while they run, and stay with how they ended.</p>
      </EmptyState>
    );
  }
  const names = new Map(repositories.map(({ repoId, name }) => [repoId, name]));
  const columns: readonly Column<Job>[] = [
    {
      id: 'what',
      header: 'What',
      rowHeader: true,
      width: '28%',
      cell: (job) =>
        job.kind === 'verification' ? (
          'Verification of both logs'
        ) : (
          <>
            Import of <HostileText text={names.get(job.subject) ?? job.subject} limit={60} />
          </>
        ),
    },
    { id: 'state', header: 'State', width: '7rem', cell: (job) => <JobSign job={job} /> },
    { id: 'how', header: 'How it went', cell: (job) => <How job={job} /> },
    {
      id: 'by',
      header: 'Asked for by',
      width: '12rem',
      wideOnly: true,
      cell: (job) => <HostileText text={job.requestedBy} limit={60} />,
    },
    {
      id: 'when',
      header: 'Started',
      width: '8.5rem',
      cell: (job) => <Time at={job.startedAt ?? job.createdAt} />,
    },
    { id: 'took', header: 'Took', width: '6.5rem', align: 'end', wideOnly: true, cell: tookOf },
  ];
  return (
    <DataTable caption="Imports and verifications" columns={columns} rows={jobs} rowKey={({ id }) => id} />
  );
}

function How({ job }: { readonly job: Job }) {
  if (isActive(job)) return <JobProgress job={job} />;
  if (job.error) return <ProblemNote problem={job.error} />;
  return <HostileText text={job.outcome ?? ''} limit={200} />;
}

function tookOf({ startedAt, finishedAt }: Job): string {
  if (startedAt === null || finishedAt === null) return '';
  const ms = Date.parse(finishedAt) - Date.parse(startedAt);
  return ms < 1_000 ? `${Math.max(0, ms)} ms` : relative(ms);
}
