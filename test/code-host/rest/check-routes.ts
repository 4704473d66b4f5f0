import { commitOf, resolve } from '../git/bare-repository.ts';
import { Refusal } from '../kernel.ts';
import type { CheckConclusion, CheckRun, CheckStatus, CommitStatus, Json, WorkflowRun } from '../model.ts';
import {
  type CheckReport,
  createCheckRun,
  createStatus,
  rerequestCheckRun,
  updateCheckRun,
} from '../verbs/checks.ts';
import {
  checkRunView,
  checkSuiteView,
  combinedStatusView,
  latestRuns,
  statusView,
  workflowRunView,
} from '../views/checks.ts';
import {
  type Answer,
  actorOf,
  created,
  numberOf,
  type OfRepository,
  ofRepository,
  ok,
  optionalText,
  paged,
  type Route,
  textOf,
} from './route.ts';

const read = ['checks', 'read'] as const;
const write = ['checks', 'write'] as const;

export const checkRoutes: readonly Route[] = [
  ofRepository('GET', '/commits/{ref}/check-runs', read, async (request) =>
    listRuns(request, await shaOf(request)),
  ),
  ofRepository('GET', '/commits/{ref}/check-suites', read, async (request) => {
    const { kernel, repository } = request;
    const sha = await shaOf(request);
    const head = await commitOf(repository.gitPath, sha);
    const suites = [...repository.checkSuites.values()].filter(({ headSha }) => headSha === sha);
    return paged(
      request,
      suites,
      (suite) => checkSuiteView(kernel, repository, suite, head),
      (page) => ({ total_count: suites.length, check_suites: page }),
    );
  }),
  ofRepository('POST', '/check-runs', write, async (request) => {
    const { kernel, repository, requester, body } = request;
    if (requester.kind !== 'installation') throw new Refusal(403, 'You must authenticate via a GitHub App.');
    const sha = await resolve(repository.gitPath, textOf(body, 'head_sha'));
    if (sha === null) throw new Refusal(422, `No commit found for SHA: ${textOf(body, 'head_sha')}`);
    const report = { ...reportOf(body), name: textOf(body, 'name') };
    const run = await createCheckRun(kernel, { repository, app: requester.app, sha, report });
    return created(checkRunView(kernel, repository, run));
  }),
  ofRepository('GET', '/check-runs/{check_run_id}', read, (request) =>
    ok(checkRunView(request.kernel, request.repository, runOf(request))),
  ),
  ofRepository('PATCH', '/check-runs/{check_run_id}', write, async (request) => {
    const { kernel, repository, requester, body } = request;
    const run = runOf(request);
    if (requester.kind !== 'installation' || requester.app.id !== run.appId)
      throw new Refusal(403, 'Invalid app_id `check_run` was not created by this app.');
    await updateCheckRun(kernel, repository, run, reportOf(body));
    return ok(checkRunView(kernel, repository, run));
  }),
  ofRepository('GET', '/check-runs/{check_run_id}/annotations', read, (request) =>
    paged(request, runOf(request).output.annotations, (annotation) => annotation),
  ),
  ofRepository('POST', '/check-runs/{check_run_id}/rerequest', write, (request) => {
    rerequestCheckRun(request.kernel, request.repository, runOf(request), actorOf(request));
    return created({});
  }),
  ofRepository('GET', '/commits/{ref}/status', ['statuses', 'read'], async (request) =>
    ok(combinedStatusView(request.kernel, request.repository, await shaOf(request))),
  ),
  ofRepository('GET', '/commits/{ref}/statuses', ['statuses', 'read'], async (request) => {
    const { kernel, repository } = request;
    const sha = await shaOf(request);
    const found = repository.statuses.filter((status) => status.sha === sha).reverse();
    return paged(request, found, (status) => statusView(kernel, repository, status));
  }),
  ofRepository('POST', '/statuses/{sha}', ['statuses', 'write'], async (request) => {
    const { kernel, repository, body, parameters } = request;
    const sha = await resolve(repository.gitPath, parameters.sha ?? '');
    if (sha === null) throw new Refusal(422, `No commit found for SHA: ${parameters.sha}`);
    const status = await createStatus(kernel, {
      repository,
      sha,
      by: actorOf(request),
      state: textOf(body, 'state') as CommitStatus['state'],
      context: optionalText(body, 'context') ?? 'default',
      description: optionalText(body, 'description') ?? null,
      targetUrl: optionalText(body, 'target_url') ?? null,
    });
    return created(statusView(kernel, repository, status));
  }),
  ofRepository('GET', '/actions/runs', ['actions', 'read'], async (request) => {
    const { repository, url } = request;
    const sha = url.searchParams.get('head_sha');
    const runs = [...repository.workflowRuns.values()]
      .filter((run) => sha === null || run.headSha === sha)
      .reverse();
    const views = await Promise.all(runs.map((run) => viewOf(request, run)));
    return paged(
      request,
      views,
      (view) => view,
      (page) => ({ total_count: views.length, workflow_runs: page }),
    );
  }),
  ofRepository('GET', '/actions/runs/{run_id}', ['actions', 'read'], async (request) => {
    const run = request.repository.workflowRuns.get(numberOf(request.parameters.run_id));
    if (!run) throw new Refusal(404, 'Not Found');
    return ok(await viewOf(request, run));
  }),
];

async function viewOf({ kernel, repository }: OfRepository, run: WorkflowRun): Promise<Json> {
  return workflowRunView(kernel, repository, run, await commitOf(repository.gitPath, run.headSha));
}

async function shaOf({ repository, parameters }: OfRepository): Promise<string> {
  const sha = await resolve(repository.gitPath, parameters.ref ?? '');
  if (sha === null) throw new Refusal(422, `No commit found for SHA: ${parameters.ref}`);
  return sha;
}

function listRuns(request: OfRepository, sha: string): Answer {
  const { kernel, repository, url } = request;
  const query = (name: string) => url.searchParams.get(name);
  const all = [...repository.checkRuns.values()].filter((run) => run.headSha === sha);
  const runs = (query('filter') === 'all' ? all : latestRuns(all))
    .filter((run) => query('check_name') === null || run.name === query('check_name'))
    .filter((run) => query('status') === null || run.status === query('status'))
    .filter((run) => query('app_id') === null || run.appId === Number(query('app_id')));
  return paged(
    request,
    runs,
    (run) => checkRunView(kernel, repository, run),
    (page) => ({ total_count: runs.length, check_runs: page }),
  );
}

function runOf({ repository, parameters }: OfRepository): CheckRun {
  const run = repository.checkRuns.get(numberOf(parameters.check_run_id));
  if (!run) throw new Refusal(404, 'Not Found');
  return run;
}

function reportOf(body: Json): Partial<CheckReport> {
  const texts = [
    ['name', 'name'],
    ['status', 'status'],
    ['conclusion', 'conclusion'],
    ['started_at', 'startedAt'],
    ['completed_at', 'completedAt'],
    ['external_id', 'externalId'],
    ['details_url', 'detailsUrl'],
  ] as const;
  const given = Object.fromEntries(
    texts.flatMap(([theirs, ours]) => {
      const value = optionalText(body, theirs);
      return value === undefined ? [] : [[ours, value]];
    }),
  ) as { status?: CheckStatus; conclusion?: CheckConclusion };
  return body.output ? { ...given, output: body.output as NonNullable<CheckReport['output']> } : given;
}
