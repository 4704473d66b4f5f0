import type { GitCommit, GitPerson } from '../git/bare-repository.ts';
import type { ChangedFile } from '../git/changed-files.ts';
import { type Kernel, nodeId } from '../kernel.ts';
import type { Account, Json, Repository } from '../model.ts';
import { accountView } from './accounts.ts';

const unsigned = { verified: false, reason: 'unsigned', signature: null, payload: null, verified_at: null };

export function commitView(kernel: Kernel, repository: Repository, commit: GitCommit): Json {
  const api = kernel.api(`repos/${kernel.fullName(repository)}`);
  const html = kernel.html(kernel.fullName(repository));
  const account = (person: GitPerson) => accountViewOf(kernel, person);
  return {
    sha: commit.sha,
    node_id: nodeId('C', commit.sha),
    commit: {
      author: commit.author,
      committer: commit.committer,
      message: commit.message,
      tree: { sha: commit.tree, url: `${api}/git/trees/${commit.tree}` },
      url: `${api}/git/commits/${commit.sha}`,
      comment_count: 0,
      verification: unsigned,
    },
    url: `${api}/commits/${commit.sha}`,
    html_url: `${html}/commit/${commit.sha}`,
    comments_url: `${api}/commits/${commit.sha}/comments`,
    author: account(commit.author),
    committer: account(commit.committer),
    parents: commit.parents.map((sha) => ({
      sha,
      url: `${api}/commits/${sha}`,
      html_url: `${html}/commit/${sha}`,
    })),
  };
}

/** One commit by itself names its files. */
export function fullCommitView(
  kernel: Kernel,
  repository: Repository,
  commit: GitCommit,
  files: readonly ChangedFile[],
): Json {
  const additions = files.reduce((sum, file) => sum + file.additions, 0);
  const deletions = files.reduce((sum, file) => sum + file.deletions, 0);
  return {
    ...commitView(kernel, repository, commit),
    stats: { total: additions + deletions, additions, deletions },
    files: files.map((file) => fileView(kernel, repository, commit.sha, file)),
  };
}

export function gitCommitView(kernel: Kernel, repository: Repository, commit: GitCommit): Json {
  const api = kernel.api(`repos/${kernel.fullName(repository)}/git`);
  const html = kernel.html(kernel.fullName(repository));
  return {
    sha: commit.sha,
    node_id: nodeId('C', commit.sha),
    url: `${api}/commits/${commit.sha}`,
    html_url: `${html}/commit/${commit.sha}`,
    author: commit.author,
    committer: commit.committer,
    tree: { sha: commit.tree, url: `${api}/trees/${commit.tree}` },
    message: commit.message,
    parents: commit.parents.map((sha) => ({
      sha,
      url: `${api}/commits/${sha}`,
      html_url: `${html}/commit/${sha}`,
    })),
    verification: unsigned,
  };
}

/** A commit as checks and workflow runs tell it. */
export function headCommitView({ sha, tree, message, author, committer }: GitCommit): Json {
  const person = ({ name, email }: GitPerson) => ({ name, email });
  return {
    id: sha,
    tree_id: tree,
    message,
    timestamp: committer.date,
    author: person(author),
    committer: person(committer),
  };
}

/** A commit as a push tells it, with the paths that it touched. */
export function pushedCommitView(
  kernel: Kernel,
  repository: Repository,
  commit: GitCommit,
  files: readonly ChangedFile[],
): Json {
  const paths = (status: ChangedFile['status']) =>
    files.filter((file) => file.status === status).map(({ path }) => path);
  const person = (one: GitPerson) => {
    const login = accountOf(kernel, one)?.login;
    return { name: one.name, email: one.email, ...(login === undefined ? {} : { username: login }) };
  };
  return {
    id: commit.sha,
    tree_id: commit.tree,
    distinct: true,
    message: commit.message,
    timestamp: commit.committer.date,
    url: kernel.html(`${kernel.fullName(repository)}/commit/${commit.sha}`),
    author: person(commit.author),
    committer: person(commit.committer),
    added: paths('added'),
    removed: [...paths('removed'), ...files.flatMap(({ previousPath }) => previousPath ?? [])],
    modified: [...paths('modified'), ...paths('renamed')],
  };
}

export function fileView(kernel: Kernel, repository: Repository, sha: string, file: ChangedFile): Json {
  const html = kernel.html(kernel.fullName(repository));
  const path = file.path.split('/').map(encodeURIComponent).join('/');
  return {
    sha: file.sha,
    filename: file.path,
    status: file.status,
    additions: file.additions,
    deletions: file.deletions,
    changes: file.additions + file.deletions,
    blob_url: `${html}/blob/${sha}/${path}`,
    raw_url: `${html}/raw/${sha}/${path}`,
    contents_url: kernel.api(`repos/${kernel.fullName(repository)}/contents/${path}?ref=${sha}`),
    ...(file.patch === null ? {} : { patch: file.patch }),
    ...(file.previousPath === null ? {} : { previous_filename: file.previousPath }),
  };
}

/** GitHub links a commit to whoever has verified that address, and to nobody else. */
export function accountOf(kernel: Kernel, { email }: GitPerson): Account | undefined {
  const wanted = email.toLowerCase();
  for (const account of kernel.accounts.values()) if (account.email.toLowerCase() === wanted) return account;
  return undefined;
}

function accountViewOf(kernel: Kernel, person: GitPerson): Json | null {
  const account = accountOf(kernel, person);
  return account ? accountView(kernel, account) : null;
}
