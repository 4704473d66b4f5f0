import { Button } from '@mantine/core';
import { IconShield } from '@tabler/icons-react';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useApi, useApiMutation, useCan } from '../api/queries.ts';
import { useJobs } from '../api/work.ts';
import { isActive, JobProgress } from '../kit/job-progress.tsx';
import { PageHeader, Panel, Section } from '../kit/page.tsx';
import { ErrorState, Loaded, LoadingBlock } from '../kit/states.tsx';
import { Tabs } from '../kit/tabs.tsx';
import { PageMissing } from '../shell/fallbacks.tsx';
import { CheckpointsTable } from './checkpoints-table.tsx';
import { LastVerification } from './last-verification.tsx';
import classes from './log.module.css';
import { LogSummary } from './log-summary.tsx';
import { ProofOfEntry } from './proof-of-entry.tsx';
import { Verifications } from './verifications.tsx';

const route = getRouteApi('/inside/log/{-$name}');
const names = ['evidence', 'events'] as const;

/** What anybody can check about this installation: both logs, their keys and checkpoints, and a proof for each entry. */
export function LogPage() {
  const { name = 'evidence' } = route.useParams();
  const chosen = names.find((known) => known === name);
  const logs = useApi('listLogs');
  if (chosen === undefined) return <PageMissing />;
  return (
    <>
      <PageHeader
        title="Log"
        meta="Everything that is recorded goes into two append-only logs. Whoever keeps one of their checkpoints can prove later that nothing before it was changed."
        actions={<StartVerification />}
      />
      <Section title="Last verification">
        <Loaded query={logs} loading={<LoadingBlock height={150} />}>
          {({ lastVerification }) => (
            <Panel>
              <LastVerification verification={lastVerification} />
              <UnderWay />
            </Panel>
          )}
        </Loaded>
      </Section>
      <Tabs label="Logs">
        {names.map((log) => (
          <Link
            key={log}
            to="/log/{-$name}"
            params={{ name: log === 'evidence' ? undefined : log }}
            activeOptions={{ exact: true }}
            // The evidence log has two addresses, of which the link knows one.
            aria-current={log === chosen ? 'page' : undefined}
            resetScroll={false}
          >
            {log === 'evidence' ? 'Evidence log' : 'Events log'}
          </Link>
        ))}
      </Tabs>
      <Loaded query={logs} loading={<LoadingLog />}>
        {(loaded) => {
          const log = loaded.logs.find((one) => one.log === chosen);
          return log === undefined ? null : (
            <>
              <LogSummary log={log} />
              <ProofOfEntry key={chosen} log={log} />
            </>
          );
        }}
      </Loaded>
      <CheckpointsTable key={`${chosen} checkpoints`} log={chosen} />
      <Verifications />
    </>
  );
}

/** As high as what comes: the summary and the form below it. */
function LoadingLog() {
  return (
    <Section title="Log">
      <LoadingBlock height={490} />
    </Section>
  );
}

function StartVerification() {
  const canVerify = useCan('create:verification');
  const jobs = useJobs();
  const start = useApiMutation('startVerification', ['listJobs', 'listVerifications', 'listLogs']);
  const isRunning = jobs.data?.items.some((job) => job.kind === 'verification' && isActive(job)) ?? false;
  // Kept in place while it is not known, so that nothing moves.
  if (!canVerify) return <Button disabled>Verify both logs</Button>;
  return (
    <>
      {start.error && <ErrorState error={start.error} compact />}
      <Button
        leftSection={<IconShield size={17} aria-hidden />}
        loading={start.isPending}
        disabled={isRunning}
        onClick={() => start.mutate({})}
      >
        {isRunning ? 'Verifying…' : 'Verify both logs'}
      </Button>
    </>
  );
}

/** Takes the same room while nothing runs, so that the page below stays where it is. */
function UnderWay() {
  const jobs = useJobs();
  const job = jobs.data?.items.find((one) => one.kind === 'verification' && isActive(one));
  return (
    <div className={classes.underWay}>
      {job ? (
        <JobProgress job={job} />
      ) : (
        'A verification recomputes every hash of both logs, checks every signature, and compares the published files with the database. It goes on when this page is left.'
      )}
    </div>
  );
}
