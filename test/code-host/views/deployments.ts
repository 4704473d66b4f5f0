import type { CodeScanningAlert, Deployment, DeploymentStatus } from '../deployment-model.ts';
import { type Kernel, nodeId } from '../kernel.ts';
import type { Json, Repository } from '../model.ts';
import { accountById } from './accounts.ts';

export function deploymentView(kernel: Kernel, repository: Repository, deployment: Deployment): Json {
  const api = kernel.api(`repos/${kernel.fullName(repository)}`);
  const url = `${api}/deployments/${deployment.id}`;
  return {
    url,
    id: deployment.id,
    node_id: nodeId('DE', deployment.id),
    task: 'deploy',
    original_environment: deployment.environment,
    environment: deployment.environment,
    description: deployment.description,
    created_at: deployment.createdAt,
    updated_at: deployment.updatedAt,
    statuses_url: `${url}/statuses`,
    repository_url: api,
    creator: accountById(kernel, deployment.creatorId),
    sha: deployment.sha,
    ref: deployment.ref,
    payload: {},
    transient_environment: false,
    production_environment: deployment.environment === 'production',
    performed_via_github_app: null,
  };
}

export function deploymentStatusView(
  kernel: Kernel,
  repository: Repository,
  deployment: Deployment,
  status: DeploymentStatus,
): Json {
  const api = kernel.api(`repos/${kernel.fullName(repository)}`);
  const url = `${api}/deployments/${deployment.id}`;
  const html = kernel.html(`${kernel.fullName(repository)}/deployments/${deployment.environment}`);
  return {
    url: `${url}/statuses/${status.id}`,
    id: status.id,
    node_id: nodeId('DES', status.id),
    state: status.state,
    creator: accountById(kernel, status.creatorId),
    description: status.description,
    environment: deployment.environment,
    target_url: html,
    log_url: html,
    environment_url: html,
    created_at: status.createdAt,
    updated_at: status.createdAt,
    deployment_url: url,
    repository_url: api,
    performed_via_github_app: null,
  };
}

export function alertView(kernel: Kernel, repository: Repository, alert: CodeScanningAlert): Json {
  const api = kernel.api(`repos/${kernel.fullName(repository)}/code-scanning/alerts/${alert.number}`);
  return {
    number: alert.number,
    created_at: alert.createdAt,
    updated_at: alert.updatedAt,
    url: api,
    html_url: kernel.html(`${kernel.fullName(repository)}/security/code-scanning/${alert.number}`),
    instances_url: `${api}/instances`,
    state: alert.state,
    fixed_at: alert.state === 'fixed' ? alert.updatedAt : null,
    dismissed_by: null,
    dismissed_at: null,
    dismissed_reason: null,
    dismissed_comment: null,
    rule: {
      id: alert.rule.id,
      name: alert.rule.id,
      severity: alert.rule.severity,
      security_severity_level: alert.rule.securitySeverity,
      description: alert.rule.id,
      full_description: alert.rule.id,
      tags: ['security'],
      help: '',
      help_uri: '',
    },
    tool: { name: alert.tool, guid: null, version: '2.0.0' },
    most_recent_instance: {
      ref: alert.ref,
      analysis_key: '.github/workflows/scan.yml:scan',
      environment: '{}',
      category: '.github/workflows/scan.yml:scan',
      state: alert.state,
      commit_sha: alert.sha,
      message: { text: alert.rule.id },
      location: {
        path: alert.path,
        start_line: alert.line,
        end_line: alert.line,
        start_column: 1,
        end_column: 2,
      },
      classifications: [],
    },
  };
}
