import { commitOf, type GitCommit } from '../git/bare-repository.ts';
import { type Kernel, Refusal } from '../kernel.ts';
import type {
  Account,
  App,
  CheckConclusion,
  CheckRun,
  CheckStatus,
  CheckSuite,
  CommitStatus,
  Json,
  Repository,
  WorkflowRun,
} from '../model.ts';
import {
  checkRunPayload,
  checkSuiteView,
  statusPayload,
  suiteState,
  workflowRunView,
} from '../views/checks.ts';
import { levelOf } from './apps.ts';

/** Every app that may write checks is asked for them after a push. */
export async function openSuites(
  kernel: Kernel,
  repository: Repository,
  {
    sha,
    branch,
    before,
    by,
  }: { readonly sha: string; readonly branch: string; readonly before: string; readonly by: Account },
): Promise<void> {
  for (const installation of kernel.installations.values()) {
    if (!kernel.sees(installation, repository) || installation.suspendedAt !== null) continue;
    if (levelOf(installation.permissions.checks) < levelOf('write')) continue;
    const app = kernel.app(installation.appId);
    if (findSuite(repository, app, sha)) continue;
    const suite = suiteOf(kernel, repository, { app, sha, branch, before });
    await emitSuite(kernel, { repository, suite, action: 'requested', by });
  }
}

function findSuite(repository: Repository, app: App, sha: string): CheckSuite | undefined {
  return [...repository.checkSuites.values()].find(
    (suite) => suite.appId === app.id && suite.headSha === sha,
  );
}

function suiteOf(
  kernel: Kernel,
  repository: Repository,
  {
    app,
    sha,
    branch = null,
    before = null,
  }: {
    readonly app: App;
    readonly sha: string;
    readonly branch?: string | null;
    readonly before?: string | null;
  },
): CheckSuite {
  const known = findSuite(repository, app, sha);
  if (known) return known;
  const now = kernel.now();
  const pull = [...repository.pulls.values()].find(({ headSha }) => headSha === sha);
  const suite: CheckSuite = {
    id: kernel.nextId('check'),
    appId: app.id,
    headSha: sha,
    headBranch: branch ?? pull?.headRef ?? null,
    before,
    createdAt: now,
    updatedAt: now,
  };
  repository.checkSuites.set(suite.id, suite);
  return suite;
}

async function emitSuite(
  kernel: Kernel,
  {
    repository,
    suite,
    action,
    by,
  }: {
    readonly repository: Repository;
    readonly suite: CheckSuite;
    readonly action: string;
    readonly by: Account;
  },
): Promise<void> {
  const head = await commitOf(repository.gitPath, suite.headSha);
  const { repository: _, ...view } = checkSuiteView(kernel, repository, suite, head);
  kernel.emit({ event: 'check_suite', action, senderId: by.id, repository, payload: { check_suite: view } });
}

export interface CheckReport {
  readonly name: string;
  readonly status?: CheckStatus;
  /** Given: it is completed. */
  readonly conclusion?: CheckConclusion;
  readonly startedAt?: string;
  readonly completedAt?: string;
  readonly externalId?: string;
  readonly detailsUrl?: string;
  readonly output?: {
    readonly title?: string | null;
    readonly summary?: string | null;
    readonly text?: string | null;
    readonly annotations?: readonly Json[];
  };
}

export async function createCheckRun(
  kernel: Kernel,
  {
    repository,
    app,
    sha,
    report,
  }: {
    readonly repository: Repository;
    readonly app: App;
    readonly sha: string;
    readonly report: CheckReport;
  },
): Promise<CheckRun> {
  const suite = suiteOf(kernel, repository, { app, sha });
  const run: CheckRun = {
    id: kernel.nextId('check'),
    suiteId: suite.id,
    appId: app.id,
    headSha: sha,
    name: report.name,
    status: 'queued',
    conclusion: null,
    startedAt: report.startedAt ?? kernel.now(),
    completedAt: null,
    externalId: '',
    detailsUrl: app.externalUrl,
    output: { title: null, summary: null, text: null, annotations: [] },
  };
  repository.checkRuns.set(run.id, run);
  applyReport(kernel, run, report);
  emitRun(kernel, repository, run, 'created');
  if (run.status === 'completed') await completed(kernel, repository, run);
  return run;
}

export async function updateCheckRun(
  kernel: Kernel,
  repository: Repository,
  run: CheckRun,
  report: Partial<CheckReport>,
): Promise<void> {
  applyReport(kernel, run, report);
  if (run.status === 'completed') await completed(kernel, repository, run);
}

function applyReport(kernel: Kernel, run: CheckRun, report: Partial<CheckReport>): void {
  run.name = report.name ?? run.name;
  run.status = report.conclusion === undefined ? (report.status ?? run.status) : 'completed';
  run.conclusion = report.conclusion ?? (run.status === 'completed' ? run.conclusion : null);
  if (run.status === 'completed' && run.conclusion === null)
    throw new Refusal(422, 'Invalid request. A conclusion is required where status is completed.');
  run.startedAt = report.startedAt ?? run.startedAt;
  run.completedAt = run.status === 'completed' ? (report.completedAt ?? kernel.now()) : null;
  run.externalId = report.externalId ?? run.externalId;
  run.detailsUrl = report.detailsUrl ?? run.detailsUrl;
  if (report.output) run.output = mergedOutput(run.output, report.output);
}

/** Annotations add up over updates; the rest is replaced. */
function mergedOutput(
  before: CheckRun['output'],
  given: NonNullable<CheckReport['output']>,
): CheckRun['output'] {
  if ((given.annotations?.length ?? 0) > 50)
    throw new Refusal(422, 'Invalid request. No more than 50 items are allowed.');
  return {
    title: given.title ?? before.title,
    summary: given.summary ?? before.summary,
    text: given.text ?? before.text,
    annotations: [...before.annotations, ...(given.annotations ?? [])],
  };
}

async function completed(kernel: Kernel, repository: Repository, run: CheckRun): Promise<void> {
  emitRun(kernel, repository, run, 'completed');
  const suite = repository.checkSuites.get(run.suiteId);
  if (!suite || suiteState(repository, suite).status !== 'completed') return;
  suite.updatedAt = kernel.now();
  const by = kernel.account(kernel.app(run.appId).botId);
  await emitSuite(kernel, { repository, suite, action: 'completed', by });
}

/** Somebody presses "Re-run"; only the app that made the check can answer. */
export function rerequestCheckRun(kernel: Kernel, repository: Repository, run: CheckRun, by: Account): void {
  emitRun(kernel, repository, run, 'rerequested', by);
}

function emitRun(kernel: Kernel, repository: Repository, run: CheckRun, action: string, by?: Account): void {
  kernel.emit({
    event: 'check_run',
    action,
    senderId: by?.id ?? kernel.app(run.appId).botId,
    repository,
    payload: { check_run: checkRunPayload(kernel, repository, run) },
  });
}

export async function createStatus(
  kernel: Kernel,
  {
    repository,
    sha,
    by,
    ...given
  }: {
    readonly repository: Repository;
    readonly sha: string;
    readonly by: Account;
    readonly state: CommitStatus['state'];
    readonly context?: string;
    readonly description?: string | null;
    readonly targetUrl?: string | null;
  },
): Promise<CommitStatus> {
  const status: CommitStatus = {
    id: kernel.nextId('check'),
    sha,
    state: given.state,
    context: given.context ?? 'default',
    description: given.description ?? null,
    targetUrl: given.targetUrl ?? null,
    creatorId: by.id,
    createdAt: kernel.now(),
  };
  repository.statuses.push(status);
  const commit = await commitOf(repository.gitPath, sha);
  const payload = statusPayload(kernel, repository, status, commit);
  kernel.emit({ event: 'status', action: null, senderId: by.id, repository, payload });
  return status;
}

/** A run of GitHub Actions; its jobs are the check runs of the Actions app, which is made when first needed. */
export async function startWorkflowRun(
  kernel: Kernel,
  {
    repository,
    sha,
    branch,
    name,
    event = 'pull_request',
    by,
    actions,
  }: {
    readonly repository: Repository;
    readonly sha: string;
    readonly branch: string;
    readonly name: string;
    readonly event?: string;
    readonly by: Account;
    readonly actions: App;
  },
): Promise<WorkflowRun> {
  const now = kernel.now();
  const earlier = [...repository.workflowRuns.values()].filter((run) => run.name === name);
  const run: WorkflowRun = {
    id: kernel.nextId('check'),
    workflowId: earlier[0]?.workflowId ?? kernel.nextId('other'),
    suiteId: suiteOf(kernel, repository, { app: actions, sha, branch }).id,
    name,
    path: `.github/workflows/${name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')}.yml`,
    runNumber: earlier.length + 1,
    attempt: 1,
    event,
    headBranch: branch,
    headSha: sha,
    status: 'queued',
    conclusion: null,
    actorId: by.id,
    createdAt: now,
    startedAt: now,
    updatedAt: now,
  };
  repository.workflowRuns.set(run.id, run);
  await emitWorkflow(kernel, repository, run, 'requested');
  return run;
}

export async function finishWorkflowRun(
  kernel: Kernel,
  repository: Repository,
  run: WorkflowRun,
  conclusion: CheckConclusion,
): Promise<void> {
  run.status = 'completed';
  run.conclusion = conclusion;
  run.updatedAt = kernel.now();
  await emitWorkflow(kernel, repository, run, 'completed');
}

export async function rerunWorkflow(kernel: Kernel, repository: Repository, run: WorkflowRun): Promise<void> {
  run.attempt += 1;
  run.status = 'queued';
  run.conclusion = null;
  run.startedAt = run.updatedAt = kernel.now();
  await emitWorkflow(kernel, repository, run, 'requested');
}

async function emitWorkflow(
  kernel: Kernel,
  repository: Repository,
  run: WorkflowRun,
  action: string,
): Promise<void> {
  const head: GitCommit = await commitOf(repository.gitPath, run.headSha);
  const api = kernel.api(`repos/${kernel.fullName(repository)}/actions/workflows/${run.workflowId}`);
  const workflow = {
    id: run.workflowId,
    node_id: `W_${run.workflowId}`,
    name: run.name,
    path: run.path,
    state: 'active',
    created_at: repository.createdAt,
    updated_at: repository.createdAt,
    url: api,
    html_url: kernel.html(`${kernel.fullName(repository)}/blob/${repository.defaultBranch}/${run.path}`),
    badge_url: kernel.html(`${kernel.fullName(repository)}/workflows/${run.name}/badge.svg`),
  };
  kernel.emit({
    event: 'workflow_run',
    action,
    senderId: run.actorId,
    repository,
    payload: { workflow_run: workflowRunView(kernel, repository, run, head), workflow },
  });
}
