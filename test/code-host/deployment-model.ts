/** What becomes of commits after their pull requests: where they are deployed, and what scanners find in them. */

export interface Deployment {
  readonly id: number;
  readonly sha: string;
  readonly ref: string;
  readonly environment: string;
  readonly description: string | null;
  readonly creatorId: number;
  readonly createdAt: string;
  updatedAt: string;
  readonly statuses: DeploymentStatus[];
}

export type DeploymentState =
  | 'error'
  | 'failure'
  | 'inactive'
  | 'pending'
  | 'success'
  | 'queued'
  | 'in_progress';

export interface DeploymentStatus {
  readonly id: number;
  readonly state: DeploymentState;
  readonly creatorId: number;
  readonly description: string;
  readonly createdAt: string;
}

export interface CodeScanningAlert {
  readonly number: number;
  state: 'open' | 'dismissed' | 'fixed';
  readonly rule: { readonly id: string; readonly severity: string; readonly securitySeverity: string | null };
  readonly tool: string;
  readonly ref: string;
  readonly sha: string;
  readonly path: string;
  readonly line: number;
  readonly createdAt: string;
  updatedAt: string;
}
