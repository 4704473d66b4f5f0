import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createBare } from '../git/bare-repository.ts';
import { git } from '../git/run-git.ts';
import { type Kernel, Refusal } from '../kernel.ts';
import type { Account, Json, Repository } from '../model.ts';
import { accountView } from '../views/accounts.ts';

export interface NewRepository {
  readonly owner: Account;
  readonly name: string;
  readonly by: Account;
  readonly private?: boolean;
  readonly description?: string;
  readonly defaultBranch?: string;
}

export async function createRepository(kernel: Kernel, given: NewRepository): Promise<Repository> {
  const repository = newRepository(kernel, given, null);
  await mkdir(kernel.gitFolder, { recursive: true });
  await createBare(repository.gitPath, repository.defaultBranch);
  register(kernel, repository);
  emitRepository(kernel, repository, 'created', given.by);
  return repository;
}

export async function forkRepository(
  kernel: Kernel,
  parent: Repository,
  owner: Account,
): Promise<Repository> {
  const { name, defaultBranch } = parent;
  const given = { owner, name, by: owner, private: parent.private, defaultBranch };
  const fork = newRepository(kernel, given, parent.id);
  await createBare(fork.gitPath, defaultBranch);
  await git(fork.gitPath, [
    'fetch',
    '--quiet',
    parent.gitPath,
    '+refs/heads/*:refs/heads/*',
    '+refs/tags/*:refs/tags/*',
  ]);
  register(kernel, fork);
  emitRepository(kernel, fork, 'created', owner);
  return fork;
}

export function renameRepository(kernel: Kernel, repository: Repository, name: string, by: Account): void {
  const from = repository.name;
  leaveName(kernel, repository);
  repository.name = name;
  repository.updatedAt = kernel.now();
  emitRepository(kernel, repository, 'renamed', by, { changes: { repository: { name: { from } } } });
}

/** Ids stay; an installation on the old owner no longer sees it. */
export function transferRepository(kernel: Kernel, repository: Repository, to: Account, by: Account): void {
  const from = kernel.owner(repository);
  leaveName(kernel, repository);
  for (const installation of kernel.installations.values()) installation.repositoryIds.delete(repository.id);
  repository.ownerId = to.id;
  for (const [teamId] of repository.teams) repository.teams.delete(teamId);
  repository.updatedAt = kernel.now();
  const who = accountView(kernel, from);
  const owner = from.kind === 'Organization' ? { organization: who } : { user: who };
  emitRepository(kernel, repository, 'transferred', by, { changes: { owner: { from: owner } } });
}

/** Adding one of the same name afterwards makes another repository, with another id. */
export async function deleteRepository(kernel: Kernel, repository: Repository, by: Account): Promise<void> {
  emitRepository(kernel, repository, 'deleted', by);
  kernel.repositories.delete(repository.id);
  for (const installation of kernel.installations.values()) installation.repositoryIds.delete(repository.id);
  for (const [name, id] of kernel.formerNames) if (id === repository.id) kernel.formerNames.delete(name);
  await rm(repository.gitPath, { recursive: true, force: true });
}

export async function setDefaultBranch(
  kernel: Kernel,
  repository: Repository,
  branch: string,
  by: Account,
): Promise<void> {
  const from = repository.defaultBranch;
  await git(repository.gitPath, ['symbolic-ref', 'HEAD', `refs/heads/${branch}`]);
  repository.defaultBranch = branch;
  emitRepository(kernel, repository, 'edited', by, { changes: { default_branch: { from } } });
}

export function archiveRepository(kernel: Kernel, repository: Repository, by: Account): void {
  repository.archived = true;
  emitRepository(kernel, repository, 'archived', by);
}

export function publishRepository(kernel: Kernel, repository: Repository, by: Account): void {
  repository.private = false;
  emitRepository(kernel, repository, 'publicized', by);
}

export function privatizeRepository(kernel: Kernel, repository: Repository, by: Account): void {
  repository.private = true;
  emitRepository(kernel, repository, 'privatized', by);
}

function newRepository(kernel: Kernel, given: NewRepository, forkOfId: number | null): Repository {
  const { owner, name } = given;
  if (kernel.findRepository(`${owner.login}/${name}`))
    throw new Refusal(422, 'name already exists on this account');
  const id = kernel.nextId('repository');
  const now = kernel.now();
  return {
    id,
    name,
    ownerId: owner.id,
    private: given.private ?? true,
    archived: false,
    description: given.description ?? null,
    defaultBranch: given.defaultBranch ?? 'main',
    gitPath: join(kernel.gitFolder, `${id}.git`),
    forkOfId,
    createdAt: now,
    updatedAt: now,
    pushedAt: now,
    deletesHeadOnMerge: false,
    collaborators: new Map(),
    teams: new Map(),
    lastNumber: 0,
    labels: new Map(),
    pulls: new Map(),
    issues: new Map(),
    checkSuites: new Map(),
    checkRuns: new Map(),
    statuses: [],
    workflowRuns: new Map(),
    rulesets: new Map(),
    protections: new Map(),
    ruleSuites: [],
    activity: [],
    deployments: new Map(),
    alerts: new Map(),
    mergeGroups: [],
  };
}

function register(kernel: Kernel, repository: Repository): void {
  kernel.repositories.set(repository.id, repository);
  kernel.formerNames.delete(kernel.fullName(repository).toLowerCase());
}

function leaveName(kernel: Kernel, repository: Repository): void {
  kernel.formerNames.set(kernel.fullName(repository).toLowerCase(), repository.id);
}

function emitRepository(
  kernel: Kernel,
  repository: Repository,
  action: string,
  by: Account,
  payload: Json = {},
): void {
  kernel.emit({ event: 'repository', action, senderId: by.id, repository, payload });
}
