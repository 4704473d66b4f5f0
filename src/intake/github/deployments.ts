import { z } from 'zod';
import type { ObservedDeployment } from '../../core/host/observation.ts';
import { Absent, Account, Id, Name, OptionalTime, Sha } from './payload.ts';
import { accountOf, observed, repositoryReader } from './reading.ts';

const Deployment = z.object({
  id: Id,
  sha: Sha,
  environment: Name,
  creator: Account,
  created_at: OptionalTime,
});

/** `deployment`: somebody asked for one; whether it was done its statuses tell. */
export const readDeployment = repositoryReader(
  // One with a status is the other event, whatever the header says.
  z.object({ deployment: Deployment, deployment_status: Absent }),
  ({ deployment }, about) =>
    [
      {
        schema: 'reentry.deployment/1',
        ...observed(about, [deployment.created_at]),
        hostId: deployment.id,
        sha: deployment.sha,
        environment: deployment.environment,
        state: 'created',
        creator: accountOf(about, deployment.creator, 'deployment.creator'),
      },
    ] satisfies readonly ObservedDeployment[],
);

/** `deployment_status`: how far a deployment is: `in_progress`, `success`, `failure`, … */
export const readDeploymentStatus = repositoryReader(
  z.object({
    deployment: Deployment,
    deployment_status: z.object({ state: Name, created_at: OptionalTime, updated_at: OptionalTime }),
  }),
  ({ deployment, deployment_status: status }, about) =>
    [
      {
        schema: 'reentry.deployment/1',
        ...observed(about, [status.updated_at, status.created_at]),
        hostId: deployment.id,
        sha: deployment.sha,
        environment: deployment.environment,
        state: status.state,
        creator: accountOf(about, deployment.creator, 'deployment.creator'),
      },
    ] satisfies readonly ObservedDeployment[],
);
