import type { GitCommit } from '../git/bare-repository.ts';
import { type Kernel, nodeId } from '../kernel.ts';
import type {
  CheckConclusion,
  CheckRun,
  CheckStatus,
  CheckSuite,
  CommitStatus,
  Json,
  Repository,
  WorkflowRun,
} from '../model.ts';
import { accountById, accountView, appView } from './accounts.ts';
import { commitView, headCommitView } from './commits.ts';
import { pullLinksOf } from './pulls.ts';
import { repositoryView } from './repositories.ts';

export function checkRunView(kernel: Kernel, repository: Repository, run: CheckRun): Json {
  const api = kernel.api(`repos/${kernel.fullName(repository)}/check-runs/${run.id}`);
  const { annotations, ...output } = run.output;
  return {
    id: run.id,
    name: run.name,
    node_id: nodeId('CR', run.id),
    head_sha: run.headSha,
    external_id: run.externalId,
    url: api,
    html_url: kernel.html(`${kernel.fullName(repository)}/runs/${run.id}`),
    details_url: run.detailsUrl,
    status: run.status,
    conclusion: run.conclusion,
    started_at: run.startedAt,
    completed_at: run.completedAt,
    output: { ...output, annotations_count: annotations.length, annotations_url: `${api}/annotations` },
    check_suite: { id: run.suiteId },
    app: appView(kernel, kernel.app(run.appId)),
    pull_requests: pullLinksOf(kernel, repository, run.headSha),
  };
}

/** In a payload the suite is told as far as it goes. */
export function checkRunPayload(kernel: Kernel, repository: Repository, run: CheckRun): Json {
  const suite = repository.checkSuites.get(run.suiteId);
  return {
    ...checkRunView(kernel, repository, run),
    check_suite: suite ? suitePayload(kernel, repository, suite) : { id: run.suiteId },
  };
}

function suitePayload(kernel: Kernel, repository: Repository, suite: CheckSuite): Json {
  const { status, conclusion } = suiteState(repository, suite);
  return {
    id: suite.id,
    node_id: nodeId('CS', suite.id),
    head_branch: suite.headBranch,
    head_sha: suite.headSha,
    status,
    conclusion,
    url: kernel.api(`repos/${kernel.fullName(repository)}/check-suites/${suite.id}`),
    before: suite.before,
    after: suite.headSha,
    pull_requests: pullLinksOf(kernel, repository, suite.headSha),
    app: appView(kernel, kernel.app(suite.appId)),
    created_at: suite.createdAt,
    updated_at: suite.updatedAt,
  };
}

export function checkSuiteView(
  kernel: Kernel,
  repository: Repository,
  suite: CheckSuite,
  head: GitCommit,
): Json {
  const runs = [...repository.checkRuns.values()].filter(({ suiteId }) => suiteId === suite.id);
  return {
    ...suitePayload(kernel, repository, suite),
    repository: repositoryView(kernel, repository),
    head_commit: headCommitView(head),
    latest_check_runs_count: runs.length,
    check_runs_url: kernel.api(`repos/${kernel.fullName(repository)}/check-suites/${suite.id}/check-runs`),
    rerequestable: true,
    runs_rerequestable: true,
  };
}

/** Of everything in it: not completed while one is not, failed where one failed. */
export function suiteState(
  repository: Repository,
  suite: CheckSuite,
): { readonly status: CheckStatus; readonly conclusion: CheckConclusion | null } {
  const runs = latestRuns([...repository.checkRuns.values()].filter(({ suiteId }) => suiteId === suite.id));
  if (runs.length === 0) return { status: 'queued', conclusion: null };
  if (runs.some(({ status }) => status !== 'completed')) return { status: 'in_progress', conclusion: null };
  const conclusions = runs.map(({ conclusion }) => conclusion);
  const worst = (
    ['failure', 'timed_out', 'action_required', 'cancelled', 'success', 'neutral', 'skipped'] as const
  ).find((conclusion) => conclusions.includes(conclusion));
  return { status: 'completed', conclusion: worst ?? 'neutral' };
}

/** The last run of each name and app. */
export function latestRuns(runs: readonly CheckRun[]): readonly CheckRun[] {
  const latest = new Map<string, CheckRun>();
  for (const run of runs) latest.set(`${run.appId}/${run.name}`, run);
  return [...latest.values()];
}

/** The last status of each context, as the combined status counts them. */
export function latestStatuses(repository: Repository, sha: string): readonly CommitStatus[] {
  const latest = new Map<string, CommitStatus>();
  for (const status of repository.statuses) if (status.sha === sha) latest.set(status.context, status);
  return [...latest.values()];
}

export function statusView(kernel: Kernel, repository: Repository, status: CommitStatus): Json {
  return {
    url: kernel.api(`repos/${kernel.fullName(repository)}/statuses/${status.sha}`),
    avatar_url: kernel.html(`avatars/u/${status.creatorId}`),
    id: status.id,
    node_id: nodeId('SC', status.id),
    state: status.state,
    description: status.description,
    target_url: status.targetUrl,
    context: status.context,
    created_at: status.createdAt,
    updated_at: status.createdAt,
    creator: accountById(kernel, status.creatorId),
  };
}

export function combinedStatusView(kernel: Kernel, repository: Repository, sha: string): Json {
  const api = kernel.api(`repos/${kernel.fullName(repository)}`);
  const latest = latestStatuses(repository, sha);
  const states = latest.map(({ state }) => state);
  const isRed = states.includes('failure') || states.includes('error');
  return {
    state: isRed ? 'failure' : states.length === 0 || states.includes('pending') ? 'pending' : 'success',
    statuses: latest.map((status) => {
      const { creator: _, ...simple } = statusView(kernel, repository, status);
      return simple;
    }),
    sha,
    total_count: latest.length,
    repository: repositoryView(kernel, repository),
    commit_url: `${api}/commits/${sha}`,
    url: `${api}/commits/${sha}/status`,
  };
}

export function statusPayload(
  kernel: Kernel,
  repository: Repository,
  status: CommitStatus,
  commit: GitCommit,
): Json {
  const { url: _, node_id: __, creator: ___, ...rest } = statusView(kernel, repository, status);
  return {
    ...rest,
    sha: status.sha,
    name: kernel.fullName(repository),
    commit: commitView(kernel, repository, commit),
    branches: [],
  };
}

export function workflowRunView(
  kernel: Kernel,
  repository: Repository,
  run: WorkflowRun,
  head: GitCommit,
): Json {
  const fullName = kernel.fullName(repository);
  const api = kernel.api(`repos/${fullName}/actions/runs/${run.id}`);
  const actor = accountView(kernel, kernel.account(run.actorId));
  return {
    id: run.id,
    name: run.name,
    node_id: nodeId('WFR', run.id),
    head_branch: run.headBranch,
    head_sha: run.headSha,
    path: run.path,
    display_title: head.message.split('\n')[0] ?? '',
    run_number: run.runNumber,
    event: run.event,
    status: run.status,
    conclusion: run.conclusion,
    workflow_id: run.workflowId,
    check_suite_id: run.suiteId,
    check_suite_node_id: nodeId('CS', run.suiteId),
    url: api,
    html_url: kernel.html(`${fullName}/actions/runs/${run.id}`),
    pull_requests: pullLinksOf(kernel, repository, run.headSha),
    created_at: run.createdAt,
    updated_at: run.updatedAt,
    actor,
    triggering_actor: actor,
    run_attempt: run.attempt,
    run_started_at: run.startedAt,
    jobs_url: `${api}/jobs`,
    logs_url: `${api}/logs`,
    check_suite_url: kernel.api(`repos/${fullName}/check-suites/${run.suiteId}`),
    artifacts_url: `${api}/artifacts`,
    cancel_url: `${api}/cancel`,
    rerun_url: `${api}/rerun`,
    previous_attempt_url: run.attempt > 1 ? `${api}/attempts/${run.attempt - 1}` : null,
    workflow_url: kernel.api(`repos/${fullName}/actions/workflows/${run.workflowId}`),
    referenced_workflows: [],
    head_commit: headCommitView(head),
    repository: repositoryView(kernel, repository),
    head_repository: repositoryView(kernel, repository),
  };
}
