import type { ResponseOf } from '../../../src/contract/api.ts';
import { plural } from '../../../src/core/sentence-parts.ts';
import { useCan, useProfile } from '../api/queries.ts';
import { useJobs, useRepositories } from '../api/work.ts';
import { isActive } from '../kit/job-progress.tsx';
import { PageHeader, Section } from '../kit/page.tsx';
import { EmptyState, Loaded, LoadingRows, Settled } from '../kit/states.tsx';
import { AddRepository } from './add-repository.tsx';
import { JobsTable } from './jobs-table.tsx';
import classes from './repositories.module.css';
import { RepositoryCard } from './repository-card.tsx';
import { UnlistedJob } from './unlisted-job.tsx';

/** What is imported, whether it is followed, what runs at this moment, and what went wrong. */
export function RepositoriesPage() {
  const repositories = useRepositories();
  const jobs = useJobs();
  const profile = useProfile();
  const canAdd = useCan('create:repository');
  const items = repositories.data?.items;
  return (
    <>
      <PageHeader
        title="Repositories"
        meta={items === undefined ? 'Where changes come from' : wordsFor(items)}
      />
      <Settled queries={[profile, repositories, jobs]} loading={<LoadingRows rows={10} height={48} />}>
        {canAdd && <AddRepository />}
        <Section title="Imported">
          <Loaded query={repositories} loading={null}>
            {(loaded) => <List items={loaded.items} jobs={jobs.data?.items ?? []} canAdd={canAdd} />}
          </Loaded>
        </Section>
        <Section title="Work" meta="Imports and verifications: running, waiting, and the last that ended">
          <Loaded query={jobs} loading={null}>
            {(loaded) => <JobsTable jobs={loaded.items} repositories={items ?? []} />}
          </Loaded>
        </Section>
      </Settled>
    </>
  );
}

type Repositories = ResponseOf<'listRepositories'>['items'];
type Jobs = ResponseOf<'listJobs'>['items'];

function List({
  items,
  jobs,
  canAdd,
}: {
  readonly items: Repositories;
  readonly jobs: Jobs;
  readonly canAdd: boolean;
}) {
  const known = new Set(items.map(({ repoId }) => repoId));
  const unlisted = jobs.filter((job) => job.kind === 'import' && isActive(job) && !known.has(job.subject));
  if (items.length === 0 && unlisted.length === 0) {
    return (
      <EmptyState title="No repository yet">
        <p>
          Each imported repository appears here with its number of changes, who made them, and whether new
          commits are followed.
        </p>
        <p>
          {canAdd
            ? 'Give the path of a git repository on the server’s machine above.'
            : 'An owner of this installation adds repositories.'}
        </p>
      </EmptyState>
    );
  }
  return (
    <div className={classes.list}>
      {unlisted.map((job) => (
        <UnlistedJob key={job.id} job={job} />
      ))}
      {items.map((repository) => (
        <RepositoryCard key={repository.repoId} repository={repository} />
      ))}
    </div>
  );
}

function wordsFor(items: Repositories): string {
  const followed = items.filter(({ following }) => following).length;
  const changes = items.reduce((sum, item) => sum + item.changes, 0);
  return `${plural(items.length, 'repository', 'repositories')}, ${plural(changes, 'change')}, ${followed} followed`;
}
