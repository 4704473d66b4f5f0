import { z } from 'zod';
import type { GateConclusion, ObservedGateOutcome } from '../../core/host/observation.ts';
import { Count, Id, listOf, Name, OptionalCount, OptionalText, OptionalTime, Sha, Url } from './payload.ts';
import { type AboutRepository, itemsOf, observed, repositoryReader } from './reading.ts';

/** What GitHub calls them. A word that is not here is not understood, and passes nothing. */
const conclusions = {
  success: 'success',
  failure: 'failure',
  // The workflow's file could not be run.
  startup_failure: 'failure',
  neutral: 'neutral',
  cancelled: 'cancelled',
  skipped: 'skipped',
  timed_out: 'timed-out',
  action_required: 'action-required',
  stale: 'stale',
} as const satisfies Record<string, GateConclusion>;

const Outcome = z.object({
  status: OptionalText,
  conclusion: z
    .enum(Object.keys(conclusions) as (keyof typeof conclusions)[])
    .nullish()
    .transform((conclusion) => (conclusion ? conclusions[conclusion] : null)),
});

/** Only what has ended has a result: a run that is started again may still carry the one before. */
function conclusionOf({ status, conclusion }: z.output<typeof Outcome>): GateConclusion {
  return status === 'completed' && conclusion !== null ? conclusion : 'pending';
}

const App = z
  .object({ id: Id, slug: OptionalText, name: OptionalText })
  .nullish()
  .transform((app) => (app ? { app: app.slug ?? app.name ?? app.id, appId: app.id } : null));

const PullRequests = listOf(z.object({ number: Count }));

type Rest = Omit<ObservedGateOutcome, keyof ReturnType<typeof observed> | 'schema' | 'repository'>;

function outcome(
  about: AboutRepository,
  times: readonly (string | null)[],
  rest: Rest,
): readonly ObservedGateOutcome[] {
  return [{ schema: 'reentry.gate-outcome/1', ...observed(about, times), ...rest }];
}

const CheckRun = Outcome.extend({
  id: Id,
  name: Name,
  head_sha: Sha,
  started_at: OptionalTime,
  completed_at: OptionalTime,
  html_url: Url,
  app: App,
  pull_requests: PullRequests,
});

/** `check_run`: one check, by the app that reports it. */
export const readCheckRun = repositoryReader(z.object({ check_run: CheckRun }), ({ check_run: run }, about) =>
  outcome(about, [run.completed_at, run.started_at], {
    kind: 'check-run',
    hostId: run.id,
    attempt: null,
    name: run.name,
    headSha: run.head_sha,
    conclusion: conclusionOf(run),
    source: run.app,
    startedAt: run.started_at,
    completedAt: run.completed_at,
    url: run.html_url,
    pullRequests: itemsOf(about, run.pull_requests, 'check_run.pull_requests').map(({ number }) => number),
  }),
);

const CheckSuite = Outcome.extend({
  id: Id,
  head_sha: Sha,
  created_at: OptionalTime,
  updated_at: OptionalTime,
  app: App,
  pull_requests: PullRequests,
});

/** `check_suite`: all checks of one app on one commit. */
export const readCheckSuite = repositoryReader(
  z.object({ check_suite: CheckSuite }),
  ({ check_suite: suite }, about) => {
    const conclusion = conclusionOf(suite);
    return outcome(about, [suite.updated_at, suite.created_at], {
      kind: 'check-suite',
      hostId: suite.id,
      attempt: null,
      name: suite.app?.app ?? 'check suite',
      headSha: suite.head_sha,
      conclusion,
      source: suite.app,
      startedAt: suite.created_at,
      completedAt: conclusion === 'pending' ? null : suite.updated_at,
      url: null,
      pullRequests: itemsOf(about, suite.pull_requests, 'check_suite.pull_requests').map(
        ({ number }) => number,
      ),
    });
  },
);

const statuses = {
  success: 'success',
  failure: 'failure',
  error: 'failure',
  pending: 'pending',
} as const satisfies Record<string, GateConclusion>;

/** `status`: the older kind of check; it names no app, so anybody who may write statuses can have made it. */
export const readStatus = repositoryReader(
  z.object({
    id: Id,
    sha: Sha,
    context: Name,
    state: z.enum(['success', 'failure', 'error', 'pending']),
    target_url: Url,
    created_at: OptionalTime,
    updated_at: OptionalTime,
  }),
  (status, about) =>
    outcome(about, [status.updated_at, status.created_at], {
      kind: 'status',
      hostId: status.id,
      attempt: null,
      name: status.context,
      headSha: status.sha,
      conclusion: statuses[status.state],
      source: null,
      startedAt: null,
      completedAt: status.state === 'pending' ? null : (status.updated_at ?? status.created_at),
      url: status.target_url,
      pullRequests: [],
    }),
);

const WorkflowRun = Outcome.extend({
  id: Id,
  name: OptionalText,
  head_sha: Sha,
  run_attempt: OptionalCount,
  created_at: OptionalTime,
  run_started_at: OptionalTime,
  updated_at: OptionalTime,
  html_url: Url,
  pull_requests: PullRequests,
});

/** `workflow_run`: one run of a workflow of GitHub Actions. */
export const readWorkflowRun = repositoryReader(
  z.object({ workflow_run: WorkflowRun, workflow: z.object({ name: OptionalText }).nullish() }),
  ({ workflow_run: run, workflow }, about) => {
    const conclusion = conclusionOf(run);
    return outcome(about, [run.updated_at, run.run_started_at, run.created_at], {
      kind: 'workflow-run',
      hostId: run.id,
      attempt: run.run_attempt,
      name: run.name || workflow?.name || 'workflow',
      headSha: run.head_sha,
      conclusion,
      source: null,
      startedAt: run.run_started_at ?? run.created_at,
      completedAt: conclusion === 'pending' ? null : run.updated_at,
      url: run.html_url,
      pullRequests: itemsOf(about, run.pull_requests, 'workflow_run.pull_requests').map(
        ({ number }) => number,
      ),
    });
  },
);

const WorkflowJob = Outcome.extend({
  id: Id,
  name: Name,
  head_sha: Sha,
  run_attempt: OptionalCount,
  created_at: OptionalTime,
  started_at: OptionalTime,
  completed_at: OptionalTime,
  html_url: Url,
});

/** `workflow_job`: one job of such a run. Its check run comes by itself, with the app. */
export const readWorkflowJob = repositoryReader(
  z.object({ workflow_job: WorkflowJob }),
  ({ workflow_job: job }, about) =>
    outcome(about, [job.completed_at, job.started_at, job.created_at], {
      kind: 'workflow-job',
      hostId: job.id,
      attempt: job.run_attempt,
      name: job.name,
      headSha: job.head_sha,
      conclusion: conclusionOf(job),
      source: null,
      startedAt: job.started_at,
      completedAt: job.completed_at,
      url: job.html_url,
      pullRequests: [],
    }),
);
