import type { CodeHost } from './code-host.ts';
import type { Account, App, PullRequest, Repository } from './model.ts';

export const minuteMs = 60_000;
export const hourMs = 60 * minuteMs;

export const appPermissions = {
  metadata: 'read',
  contents: 'read',
  pull_requests: 'read',
  checks: 'write',
  statuses: 'read',
  actions: 'read',
  deployments: 'read',
  administration: 'read',
  members: 'read',
  merge_queues: 'read',
  security_events: 'read',
};

export const appEvents = [
  'branch_protection_rule',
  'check_run',
  'check_suite',
  'code_scanning_alert',
  'deployment',
  'deployment_status',
  'member',
  'membership',
  'merge_group',
  'organization',
  'pull_request',
  'pull_request_review',
  'pull_request_review_comment',
  'pull_request_review_thread',
  'push',
  'repository',
  'repository_ruleset',
  'status',
  'team',
  'workflow_run',
];

interface Work {
  readonly repository: Repository;
  readonly head: string;
  readonly title: string;
  readonly by: Account;
  readonly files: Readonly<Record<string, string>>;
  /** What an agent leaves at the end of its message. */
  readonly trailers?: string;
  readonly body?: string;
  readonly draft?: boolean;
}

export async function propose(host: CodeHost, work: Work): Promise<PullRequest> {
  const { repository, head, title, by, files, trailers, body, draft = false } = work;
  host.kernel.advance(5 * hourMs);
  const message = trailers === undefined ? title : `${title}\n\n${trailers}`;
  await host.commit({ repository, branch: head, files, message, by });
  host.kernel.advance(2 * minuteMs);
  return host.openPullRequest({ repository, by, head, title, body: body ?? null, draft });
}

export async function report(
  host: CodeHost,
  app: App,
  repository: Repository,
  pull: PullRequest,
  results: Readonly<Record<string, 'success' | 'failure'>>,
): Promise<void> {
  for (const [name, conclusion] of Object.entries(results)) {
    const check = { name, startedAt: host.kernel.now() };
    host.kernel.advance(4 * minuteMs);
    await host.reportCheck({ repository, app, sha: pull.headSha, report: { ...check, conclusion } });
  }
}

export async function approve(
  host: CodeHost,
  repository: Repository,
  pull: PullRequest,
  by: Account,
): Promise<void> {
  host.kernel.advance(40 * minuteMs);
  host.review({ repository, pull, by, state: 'APPROVED', body: 'Looks right.' });
}

export async function land(
  host: CodeHost,
  repository: Repository,
  pull: PullRequest,
  by: Account,
  method: 'merge' | 'squash' | 'rebase',
): Promise<void> {
  host.kernel.advance(9 * minuteMs);
  await host.merge({ repository, pull, by, method });
}

/** Source with that many decisions in it. */
export function source(name: string, count: number): string {
  const lines = Array.from(
    { length: count },
    (_, at) => `  if (order % ${at + 2} === 0) return '${name} ${at}';\n`,
  );
  return `export function ${name}(order: number): string {\n${lines.join('')}  return 'none';\n}\n`;
}
