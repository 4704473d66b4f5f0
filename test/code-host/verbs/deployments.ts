import type {
  CodeScanningAlert,
  Deployment,
  DeploymentState,
  DeploymentStatus,
} from '../deployment-model.ts';
import type { Kernel } from '../kernel.ts';
import type { Account, Repository } from '../model.ts';
import { alertView, deploymentStatusView, deploymentView } from '../views/deployments.ts';

export function createDeployment(
  kernel: Kernel,
  {
    repository,
    sha,
    ref,
    environment = 'production',
    description = null,
    by,
  }: {
    readonly repository: Repository;
    readonly sha: string;
    readonly ref: string;
    readonly environment?: string;
    readonly description?: string | null;
    readonly by: Account;
  },
): Deployment {
  const now = kernel.now();
  const deployment: Deployment = {
    id: kernel.nextId('other'),
    sha,
    ref,
    environment,
    description,
    creatorId: by.id,
    createdAt: now,
    updatedAt: now,
    statuses: [],
  };
  repository.deployments.set(deployment.id, deployment);
  const payload = {
    deployment: deploymentView(kernel, repository, deployment),
    workflow: null,
    workflow_run: null,
  };
  kernel.emit({ event: 'deployment', action: 'created', senderId: by.id, repository, payload });
  return deployment;
}

export function reportDeployment(
  kernel: Kernel,
  {
    repository,
    deployment,
    state,
    description = '',
    by,
  }: {
    readonly repository: Repository;
    readonly deployment: Deployment;
    readonly state: DeploymentState;
    readonly description?: string;
    readonly by: Account;
  },
): DeploymentStatus {
  const status = {
    id: kernel.nextId('other'),
    state,
    creatorId: by.id,
    description,
    createdAt: kernel.now(),
  };
  deployment.statuses.push(status);
  deployment.updatedAt = status.createdAt;
  const payload = {
    deployment: deploymentView(kernel, repository, deployment),
    deployment_status: deploymentStatusView(kernel, repository, deployment, status),
    check_run: null,
    workflow: null,
    workflow_run: null,
  };
  kernel.emit({ event: 'deployment_status', action: 'created', senderId: by.id, repository, payload });
  return status;
}

export function raiseAlert(
  kernel: Kernel,
  repository: Repository,
  given: Pick<CodeScanningAlert, 'rule' | 'sha' | 'path' | 'line'> & {
    readonly tool?: string;
    readonly by: Account;
  },
): CodeScanningAlert {
  const now = kernel.now();
  const { by, tool = 'CodeQL', rule, sha, path, line } = given;
  const alert: CodeScanningAlert = {
    number: repository.alerts.size + 1,
    state: 'open',
    rule,
    tool,
    ref: `refs/heads/${repository.defaultBranch}`,
    sha,
    path,
    line,
    createdAt: now,
    updatedAt: now,
  };
  repository.alerts.set(alert.number, alert);
  emitAlert(kernel, repository, alert, 'created', by);
  return alert;
}

export function fixAlert(
  kernel: Kernel,
  repository: Repository,
  alert: CodeScanningAlert,
  by: Account,
): void {
  alert.state = 'fixed';
  alert.updatedAt = kernel.now();
  emitAlert(kernel, repository, alert, 'fixed', by);
}

function emitAlert(
  kernel: Kernel,
  repository: Repository,
  alert: CodeScanningAlert,
  action: string,
  by: Account,
): void {
  const payload = { alert: alertView(kernel, repository, alert), ref: alert.ref, commit_oid: alert.sha };
  kernel.emit({ event: 'code_scanning_alert', action, senderId: by.id, repository, payload });
}
