import type { Kernel } from './kernel.ts';
import {
  addMember,
  addToTeam,
  createAccount,
  createTeam,
  createToken,
  grant,
  grantTeam,
  removeFromTeam,
  removeMember,
  renameAccount,
} from './verbs/accounts.ts';
import {
  acceptPermissions,
  addRepositoryHook,
  createApp,
  createInstallationToken,
  installApp,
  selectRepositories,
  suspendInstallation,
  uninstallApp,
  unsuspendInstallation,
} from './verbs/apps.ts';
import {
  createCheckRun,
  createStatus,
  finishWorkflowRun,
  rerequestCheckRun,
  rerunWorkflow,
  startWorkflowRun,
  updateCheckRun,
} from './verbs/checks.ts';
import { commitFiles, deleteBranch, moveBranch, noteCommit } from './verbs/commits.ts';
import { createDeployment, fixAlert, raiseAlert, reportDeployment } from './verbs/deployments.ts';
import { dropMergeGroup, enqueue, finishMergeGroup, mergePull, updateBranch } from './verbs/merging.ts';
import {
  addLabel,
  assign,
  close,
  convertToDraft,
  editPull,
  enableAutoMerge,
  markReady,
  openIssue,
  openPull,
  removeLabel,
  removeReviewRequest,
  reopen,
  requestReview,
} from './verbs/pulls.ts';
import {
  archiveRepository,
  createRepository,
  deleteRepository,
  forkRepository,
  privatizeRepository,
  publishRepository,
  renameRepository,
  setDefaultBranch,
  transferRepository,
} from './verbs/repositories.ts';
import {
  dismissReview,
  replyToComment,
  resolveThread,
  submitReview,
  unresolveThread,
} from './verbs/reviews.ts';
import { createRuleset, deleteRuleset, editRuleset, protectBranch, unprotectBranch } from './verbs/rules.ts';

/** Everything that can happen at the host, each with the webhooks that GitHub sends for it. */
const verbs = {
  createAccount,
  createToken,
  renameAccount,
  addMember,
  removeMember,
  createTeam,
  addToTeam,
  removeFromTeam,
  grant,
  grantTeam,
  createApp,
  installApp,
  uninstallApp,
  suspendInstallation,
  unsuspendInstallation,
  acceptPermissions,
  selectRepositories,
  createInstallationToken,
  addRepositoryHook,
  createRepository,
  forkRepository,
  renameRepository,
  transferRepository,
  deleteRepository,
  setDefaultBranch,
  archiveRepository,
  publishRepository,
  privatizeRepository,
  commit: commitFiles,
  moveBranch,
  deleteBranch,
  noteCommit,
  openPullRequest: openPull,
  editPullRequest: editPull,
  closePullRequest: close,
  reopenPullRequest: reopen,
  addLabel,
  removeLabel,
  assign,
  requestReview,
  removeReviewRequest,
  markReady,
  convertToDraft,
  enableAutoMerge,
  openIssue,
  merge: mergePull,
  updateBranch,
  enqueue,
  finishMergeGroup,
  dropMergeGroup,
  review: submitReview,
  dismissReview,
  replyToComment,
  resolveThread,
  unresolveThread,
  reportCheck: createCheckRun,
  updateCheck: updateCheckRun,
  rerequestCheck: rerequestCheckRun,
  reportStatus: createStatus,
  startWorkflowRun,
  finishWorkflowRun,
  rerunWorkflow,
  createRuleset,
  editRuleset,
  deleteRuleset,
  protectBranch,
  unprotectBranch,
  createDeployment,
  reportDeployment,
  raiseAlert,
  fixAlert,
};

type Bound<Verb> = Verb extends (kernel: Kernel, ...rest: infer Rest) => infer Result
  ? (...rest: Rest) => Result
  : never;

export type Verbs = { readonly [Name in keyof typeof verbs]: Bound<(typeof verbs)[Name]> };

/** The verbs of one double. */
export function bindVerbs(kernel: Kernel): Verbs {
  const bound = Object.entries(verbs).map(([name, verb]) => {
    const act = verb as (kernel: Kernel, ...rest: readonly unknown[]) => unknown;
    return [name, (...rest: readonly unknown[]) => act(kernel, ...rest)];
  });
  return Object.fromEntries(bound) as Verbs;
}
