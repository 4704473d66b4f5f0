import { type Kernel, nodeId } from '../kernel.ts';
import type { Json, Repository } from '../model.ts';
import { accountView, organizationView } from './accounts.ts';

/** Every field that a full repository has; lists and payloads are content with fewer. */
export function repositoryView(kernel: Kernel, repository: Repository): Json {
  const fullName = kernel.fullName(repository);
  const owner = kernel.owner(repository);
  const html = kernel.html(fullName);
  const api = kernel.api(`repos/${fullName}`);
  const open =
    [...repository.pulls.values()].filter(({ state }) => state === 'open').length + repository.issues.size;
  const urls = Object.fromEntries(templates.map(([name, path]) => [`${name}_url`, `${api}/${path}`]));
  return {
    id: repository.id,
    node_id: nodeId('R', repository.id),
    name: repository.name,
    full_name: fullName,
    private: repository.private,
    owner: accountView(kernel, owner),
    html_url: html,
    description: repository.description,
    fork: repository.forkOfId !== null,
    url: api,
    ...urls,
    created_at: repository.createdAt,
    updated_at: repository.updatedAt,
    pushed_at: repository.pushedAt,
    git_url: `${html.replace(/^http/, 'git')}.git`,
    ssh_url: `git@${new URL(html).hostname}:${fullName}.git`,
    clone_url: `${html}.git`,
    svn_url: html,
    homepage: null,
    size: 1,
    stargazers_count: 0,
    watchers_count: 0,
    language: null,
    has_issues: true,
    has_projects: true,
    has_downloads: true,
    has_wiki: true,
    has_pages: false,
    has_discussions: false,
    forks_count: 0,
    mirror_url: null,
    archived: repository.archived,
    disabled: false,
    open_issues_count: open,
    license: null,
    allow_forking: true,
    is_template: false,
    web_commit_signoff_required: false,
    topics: [],
    custom_properties: {},
    visibility: repository.private ? 'private' : 'public',
    forks: 0,
    open_issues: open,
    watchers: 0,
    default_branch: repository.defaultBranch,
  };
}

/** What only the answer to one repository says. */
export function fullRepositoryView(kernel: Kernel, repository: Repository): Json {
  const owner = kernel.owner(repository);
  const parent = repository.forkOfId === null ? undefined : kernel.repositories.get(repository.forkOfId);
  return {
    ...repositoryView(kernel, repository),
    ...mergeSettings(repository),
    network_count: 0,
    subscribers_count: 0,
    ...(owner.kind === 'Organization' ? { organization: accountView(kernel, owner) } : {}),
    ...(parent ? { parent: repositoryView(kernel, parent), source: repositoryView(kernel, parent) } : {}),
  };
}

export function mergeSettings({ deletesHeadOnMerge }: Repository): Json {
  return {
    allow_squash_merge: true,
    allow_merge_commit: true,
    allow_rebase_merge: true,
    allow_auto_merge: true,
    allow_update_branch: true,
    delete_branch_on_merge: deletesHeadOnMerge,
    use_squash_pr_title_as_default: false,
    squash_merge_commit_message: 'COMMIT_MESSAGES',
    squash_merge_commit_title: 'COMMIT_OR_PR_TITLE',
    merge_commit_message: 'PR_TITLE',
    merge_commit_title: 'MERGE_MESSAGE',
  };
}

/** What every payload says around its subject. */
export function surroundings(kernel: Kernel, repository: Repository): Json {
  const owner = kernel.owner(repository);
  return {
    repository: repositoryView(kernel, repository),
    ...(owner.kind === 'Organization' ? { organization: organizationView(kernel, owner) } : {}),
  };
}

/** A repository as a pull request of a check names it. */
export function repositoryLink(kernel: Kernel, repository: Repository): Json {
  return {
    id: repository.id,
    url: kernel.api(`repos/${kernel.fullName(repository)}`),
    name: repository.name,
  };
}

const templates: readonly (readonly [name: string, path: string])[] = [
  ['forks', 'forks'],
  ['keys', 'keys{/key_id}'],
  ['collaborators', 'collaborators{/collaborator}'],
  ['teams', 'teams'],
  ['hooks', 'hooks'],
  ['issue_events', 'issues/events{/number}'],
  ['events', 'events'],
  ['assignees', 'assignees{/user}'],
  ['branches', 'branches{/branch}'],
  ['tags', 'tags'],
  ['blobs', 'git/blobs{/sha}'],
  ['git_tags', 'git/tags{/sha}'],
  ['git_refs', 'git/refs{/sha}'],
  ['trees', 'git/trees{/sha}'],
  ['statuses', 'statuses/{sha}'],
  ['languages', 'languages'],
  ['stargazers', 'stargazers'],
  ['contributors', 'contributors'],
  ['subscribers', 'subscribers'],
  ['subscription', 'subscription'],
  ['commits', 'commits{/sha}'],
  ['git_commits', 'git/commits{/sha}'],
  ['comments', 'comments{/number}'],
  ['issue_comment', 'issues/comments{/number}'],
  ['contents', 'contents/{+path}'],
  ['compare', 'compare/{base}...{head}'],
  ['merges', 'merges'],
  ['archive', '{archive_format}{/ref}'],
  ['downloads', 'downloads'],
  ['issues', 'issues{/number}'],
  ['pulls', 'pulls{/number}'],
  ['milestones', 'milestones{/number}'],
  ['notifications', 'notifications{?since,all,participating}'],
  ['labels', 'labels{/name}'],
  ['releases', 'releases{/id}'],
  ['deployments', 'deployments'],
];
