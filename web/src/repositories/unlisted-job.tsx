import type { Job } from '../../../src/contract/work.ts';
import { HostileText } from '../kit/hostile-text.tsx';
import { JobProgress, JobSign } from '../kit/job-progress.tsx';
import { Panel } from '../kit/page.tsx';
import classes from './repositories.module.css';

/** The first import of a repository that is not in the list before its first changes are. */
export function UnlistedJob({ job }: { readonly job: Job }) {
  return (
    <Panel>
      <article className={classes.card} aria-label="Repository that is being imported">
        <div className={classes.head}>
          <h3>
            <HostileText text={job.subject} limit={120} />
          </h3>
          <JobSign job={job} />
        </div>
        <JobProgress job={job} />
      </article>
    </Panel>
  );
}
