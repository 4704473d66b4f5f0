import { Progress } from '@mantine/core';
import { IconAlertTriangle, IconCheck, IconPlayerStop } from '@tabler/icons-react';
import type { Job } from '../../../src/contract/work.ts';
import { count } from '../../../src/core/sentence-parts.ts';
import { HostileText } from './hostile-text.tsx';
import classes from './job-progress.module.css';
import { PendingSign, Sign } from './signs.tsx';

export function isActive(job: Pick<Job, 'state'> | null | undefined): boolean {
  return job?.state === 'running' || job?.state === 'waiting';
}

/** How a job ended, or that it has not. */
export function JobSign({ job }: { readonly job: Job }) {
  switch (job.state) {
    case 'waiting':
      return <PendingSign>Waiting</PendingSign>;
    case 'running':
      return <PendingSign>Running</PendingSign>;
    case 'done':
      return (
        <Sign tone="green" icon={IconCheck}>
          Done
        </Sign>
      );
    case 'failed':
      return (
        <Sign tone="red" icon={IconAlertTriangle}>
          Failed
        </Sign>
      );
    case 'stopped':
      return (
        <Sign tone="grey" icon={IconPlayerStop}>
          Stopped
        </Sign>
      );
  }
}

/** Where running work stands: the step in words, how far, and a bar; it survives a reload, since the server keeps it. */
export function JobProgress({ job }: { readonly job: Job }) {
  const { progress, state } = job;
  const words = state === 'waiting' ? 'Waiting for its turn' : (progress?.step ?? 'Starting');
  const isCounted = progress !== null && progress.total > 0;
  const percent = isCounted ? Math.min(100, (100 * progress.done) / progress.total) : 100;
  return (
    <div className={classes.progress}>
      <div className={classes.words}>
        <span>
          <HostileText text={words} limit={120} expandable={false} />
        </span>
        {progress !== null && progress.done + progress.total > 0 && (
          <span className="dimmed nowrap">
            {count(progress.done)}
            {isCounted && ` of ${count(progress.total)}`}
          </span>
        )}
      </div>
      <Progress
        value={percent}
        size="sm"
        radius="xl"
        animated={!isCounted}
        aria-label={words}
        transitionDuration={300}
      />
    </div>
  );
}
