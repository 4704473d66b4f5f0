import { Button, Switch } from '@mantine/core';
import { IconCloudDownload, IconGitBranch } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { RepositoryState } from '../../../src/contract/work.ts';
import { plural } from '../../../src/core/sentence-parts.ts';
import { useApiMutation, useCan } from '../api/queries.ts';
import { HostileText } from '../kit/hostile-text.tsx';
import { Id } from '../kit/id.tsx';
import { isActive, JobProgress, JobSign } from '../kit/job-progress.tsx';
import { OutsideLink } from '../kit/links.tsx';
import { Panel } from '../kit/page.tsx';
import { ErrorState } from '../kit/states.tsx';
import { Time } from '../kit/time.tsx';
import { ClassShares } from './class-shares.tsx';
import { ProblemNote } from './problem-note.tsx';
import classes from './repositories.module.css';

export function RepositoryCard({ repository }: { readonly repository: RepositoryState }) {
  const { repoId, name, changes, job, problem, importedAt, byClass } = repository;
  const isBusy = isActive(job);
  return (
    <Panel>
      <article className={classes.card} aria-label={name.slice(0, 100)}>
        <div className={classes.head}>
          <h3>
            <HostileText text={name} limit={120} />
          </h3>
          <Link to="/changes" search={{ repo: [repoId] }}>
            {plural(changes, 'change')}
          </Link>
          <Link to="/changes/pull-requests" search={{ repo: [repoId] }}>
            Pull requests
          </Link>
          {job && isBusy && <JobSign job={job} />}
          <div className={`${classes.doing} no-print`}>
            <Doing repository={repository} isBusy={isBusy} />
          </div>
        </div>
        <Where repository={repository} />
        {job && isBusy && <JobProgress job={job} />}
        {problem && <ProblemNote problem={problem} />}
        <ClassShares repoId={repoId} byClass={byClass} />
        <p className={classes.foot}>
          <span>
            Imported <Time at={importedAt} />
          </span>
          {repository.following && (
            <span>
              Looked for new commits <Time at={repository.lastLookedAt} />
            </span>
          )}
          {job && !isBusy && job.outcome !== null && <HostileText text={job.outcome} limit={200} />}
        </p>
      </article>
    </Panel>
  );
}

function Doing({ repository, isBusy }: { readonly repository: RepositoryState; readonly isBusy: boolean }) {
  const { repoId, path, following } = repository;
  const canFollow = useCan('update:repository');
  const canImport = useCan('create:import');
  const follow = useApiMutation('updateRepository', ['listRepositories']);
  const start = useApiMutation('startImport', ['listRepositories', 'listJobs']);
  const error = follow.error ?? start.error;
  if (path === null) {
    return <span className="dimmed">Imported elsewhere: only its evidence is here</span>;
  }
  // The switch shows what was asked for until the server has answered.
  const isOn = follow.isPending ? (follow.variables?.body.following ?? following) : following;
  return (
    <>
      <Switch
        size="sm"
        label="Follow new commits"
        checked={isOn}
        disabled={!canFollow}
        onChange={(event) =>
          follow.mutate({ query: { repo: repoId }, body: { following: event.currentTarget.checked } })
        }
      />
      {canImport && (
        <Button
          size="xs"
          variant="default"
          disabled={isBusy}
          loading={start.isPending}
          leftSection={<IconCloudDownload size={15} aria-hidden />}
          onClick={() => start.mutate({ query: { repo: repoId } })}
        >
          Import now
        </Button>
      )}
      {error && <ErrorState error={error} compact />}
    </>
  );
}

function Where({ repository }: { readonly repository: RepositoryState }) {
  const { url, path, targetBranch, headSha } = repository;
  return (
    <p className={classes.where}>
      {path !== null && <HostileText text={path} mono limit={200} />}
      {url !== null && (
        <OutsideLink href={url}>
          <HostileText text={url} limit={120} expandable={false} />
        </OutsideLink>
      )}
      {targetBranch !== null && (
        <span className={classes.branch}>
          <IconGitBranch size={14} aria-hidden />
          <HostileText text={targetBranch} limit={80} />
        </span>
      )}
      {headSha !== null && (
        <span>
          at <Id value={headSha} what="commit id" />
        </span>
      )}
    </p>
  );
}
