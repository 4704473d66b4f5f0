import type { HostPermission } from '../../../app/host-ports.ts';

type Wanted = Pick<HostPermission, 'name' | 'wanted' | 'because'> & {
  /** Of an account's token from before tokens had permissions. */
  readonly scope: string;
};

/** The least that Reentry needs, by GitHub's own names; docs/github.md tells the same. */
export const wantedPermissions: readonly Wanted[] = [
  {
    name: 'metadata',
    wanted: 'read',
    scope: 'repo',
    because: 'names of repositories, rules of branches, what reviewers may do',
  },
  { name: 'contents', wanted: 'read', scope: 'repo', because: 'fetch commits, and tell who pushed them' },
  {
    name: 'pull_requests',
    wanted: 'read',
    scope: 'repo',
    because: 'pull requests, their commits and reviews',
  },
  {
    name: 'checks',
    wanted: 'write',
    scope: 'repo',
    because: 'publish the verdict; read what other checks found',
  },
  { name: 'statuses', wanted: 'read', scope: 'repo:status', because: 'what older tools found' },
  { name: 'administration', wanted: 'read', scope: 'repo', because: 'what is enforced on a branch' },
  { name: 'members', wanted: 'read', scope: 'read:org', because: 'in which teams reviewers are' },
  {
    name: 'actions',
    wanted: 'read',
    scope: 'repo',
    because: 'to be told of workflow runs and their attempts',
  },
  {
    name: 'deployments',
    wanted: 'read',
    scope: 'repo_deployment',
    because: 'to be told what reached which environment',
  },
  { name: 'merge_queues', wanted: 'read', scope: 'repo', because: 'to be told what a merge queue tested' },
];
