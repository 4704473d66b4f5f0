import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { Overview } from '../../../src/contract/overview.ts';
import { count, plural } from '../../../src/core/sentence-parts.ts';
import { apiQuery } from '../api/queries.ts';
import { PageHeader } from '../kit/page.tsx';
import { EmptyState, Loaded, LoadingBlock } from '../kit/states.tsx';
import { Time } from '../kit/time.tsx';
import { Agents } from './agents.tsx';
import { Attention } from './attention.tsx';
import { ChangesOverTime, RiskDistribution } from './charts.tsx';
import { Coverage } from './coverage.tsx';
import styles from './overview.module.css';
import { Readiness } from './readiness.tsx';
import { Riskiest } from './riskiest.tsx';
import { Sources } from './sources.tsx';

/** While something is imported its numbers change by the second; else new commits come now and then. */
const busyMs = 3_000;
const calmMs = 60_000;

export function OverviewPage() {
  const overview = useQuery({
    ...apiQuery('getOverview', {}),
    refetchInterval: ({ state }) => (state.data && isBusy(state.data) ? busyMs : calmMs),
  });
  return (
    <Loaded query={overview} loading={<OverviewLoading />}>
      {(value) =>
        value.changes.total === 0 ? <Nothing overview={value} /> : <Everything overview={value} />
      }
    </Loaded>
  );
}

function Everything({ overview }: { readonly overview: Overview }) {
  const { changes, repositories, pullRequests } = overview;
  return (
    <>
      <PageHeader
        title="Overview"
        meta={
          <>
            {plural(changes.total, 'change')} in {plural(repositories.length, 'repository', 'repositories')},
            the newest <Time at={changes.newest} />
          </>
        }
        actions={
          pullRequests.open > 0 && (
            <Link to="/changes/pull-requests" search={{ state: ['open'] }}>
              {plural(pullRequests.open, 'open pull request')}
            </Link>
          )
        }
      />
      <Readiness readiness={overview.readiness} />
      <Attention items={overview.attention} />
      <ChangesOverTime timeline={overview.timeline} />
      <div className={styles.columns}>
        <RiskDistribution distribution={overview.distribution} byBand={changes.byBand} />
        <Coverage changes={changes} />
        <Riskiest items={overview.riskiest} />
        <Agents agents={overview.agents} />
      </div>
      <Sources overview={overview} />
    </>
  );
}

function Nothing({ overview }: { readonly overview: Overview }) {
  const { pullRequests } = overview;
  const running = overview.jobs.find(({ kind, state }) => kind === 'import' && state === 'running');
  return (
    <>
      <PageHeader title="Overview" />
      {running ? (
        <EmptyState
          title="The first import is running"
          action={<Link to="/repositories">See its progress</Link>}
        >
          <p>
            {running.progress
              ? `${running.progress.step}: ${count(running.progress.done)} of ${count(running.progress.total)}.`
              : 'It has just begun.'}{' '}
            Changes appear here as soon as they are sealed.
          </p>
        </EmptyState>
      ) : pullRequests.total > 0 ? (
        <EmptyState
          title="No change has landed yet"
          action={<Link to="/changes/pull-requests">See {plural(pullRequests.total, 'pull request')}</Link>}
        >
          <p>
            The code host has told of {plural(pullRequests.total, 'pull request')}, of which{' '}
            {count(pullRequests.open)} {pullRequests.open === 1 ? 'is' : 'are'} open. This page counts what
            reached its branch. For what was merged before, add the repository by its path.
          </p>
        </EmptyState>
      ) : (
        <EmptyState title="No change is here yet" action={<Link to="/repositories">Add a repository</Link>}>
          <p>
            This page tells what changed, who or which agent made it, how risky it is and what is missing, for
            every repository that was imported.
          </p>
          <p>
            Nothing was imported so far. Add a repository by its path on the server’s machine, or run{' '}
            <code>npm start -- path/to/repository</code>.
          </p>
        </EmptyState>
      )}
    </>
  );
}

export function OverviewLoading() {
  return (
    <>
      <PageHeader title="Overview" meta="Loading…" />
      <LoadingBlock height="80vh" />
    </>
  );
}

function isBusy({ jobs }: Overview): boolean {
  return jobs.some(({ state }) => state === 'running' || state === 'waiting');
}
