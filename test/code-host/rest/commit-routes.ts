import { commitOf, commitsOf, countCommits, mergeBase, references, resolve } from '../git/bare-repository.ts';
import { changedFiles, emptyTree } from '../git/changed-files.ts';
import { git, tryGit } from '../git/run-git.ts';
import { nodeId, Refusal } from '../kernel.ts';
import type { Json, Repository } from '../model.ts';
import { rulesetsOf } from '../verbs/rules.ts';
import { commitView, fileView, fullCommitView, gitCommitView } from '../views/commits.ts';
import { fullRepositoryView } from '../views/repositories.ts';
import { protectionView } from '../views/rules.ts';
import { type Answer, type OfRepository, ofRepository, ok, paged, pageOf, type Route } from './route.ts';

const read = ['contents', 'read'] as const;

export const commitRoutes: readonly Route[] = [
  ofRepository('GET', '', ['metadata', 'read'], ({ kernel, repository }) =>
    ok(fullRepositoryView(kernel, repository)),
  ),
  ofRepository('GET', '/commits', read, async (request) => {
    const { kernel, repository, url } = request;
    const tip = await shaOf(repository, url.searchParams.get('sha') ?? repository.defaultBranch);
    const limits = ['since', 'until'].flatMap((name) => {
      const value = url.searchParams.get(name);
      return value === null ? [] : [`--${name}=${value}`];
    });
    const path = url.searchParams.get('path');
    const commits = await commitsOf(repository.gitPath, tip, {
      args: limits,
      ...(path === null ? {} : { path }),
    });
    return paged(request, commits, (commit) => commitView(kernel, repository, commit));
  }),
  ofRepository('GET', '/commits/{ref}', read, async (request) => {
    const { kernel, repository } = request;
    const commit = await commitOf(repository.gitPath, await shaOf(repository, request.parameters.ref ?? ''));
    const files = await changedFiles(repository.gitPath, commit.parents[0] ?? emptyTree, commit.sha);
    return ok(fullCommitView(kernel, repository, commit, files));
  }),
  ofRepository('GET', '/git/commits/{commit_sha}', read, async ({ kernel, repository, parameters }) => {
    const sha = await shaOf(repository, parameters.commit_sha ?? '', 404);
    return ok(gitCommitView(kernel, repository, await commitOf(repository.gitPath, sha)));
  }),
  ofRepository('GET', '/git/trees/{tree_sha}', read, tree),
  ofRepository('GET', '/git/ref/{ref}', read, async ({ kernel, repository, parameters }) => {
    const ref = `refs/${parameters.ref}`;
    const sha = (await references(repository.gitPath)).get(ref);
    if (sha === undefined) throw new Refusal(404, 'Not Found');
    const type = (await git(repository.gitPath, ['cat-file', '-t', sha])).trim();
    const api = kernel.api(`repos/${kernel.fullName(repository)}/git`);
    const object = { sha, type, url: `${api}/${type}s/${sha}` };
    return ok({ ref, node_id: nodeId('REF', ref), url: `${api}/${ref}`, object });
  }),
  ofRepository('GET', '/contents/{path}', read, contents),
  ofRepository('GET', '/compare/{basehead}', read, compare),
  ofRepository('GET', '/branches', read, async (request) => {
    const { kernel, repository, url } = request;
    const wanted = url.searchParams.get('protected');
    const branches = [...(await references(repository.gitPath))]
      .filter(([ref]) => ref.startsWith('refs/heads/'))
      .map(([ref, sha]) => {
        const name = ref.slice('refs/heads/'.length);
        return { name, sha, isProtected: isProtected(request, name) };
      })
      .filter(({ isProtected: is }) => wanted === null || String(is) === wanted);
    return paged(request, branches, ({ name, sha, isProtected: is }) => ({
      name,
      commit: { sha, url: kernel.api(`repos/${kernel.fullName(repository)}/commits/${sha}`) },
      protected: is,
    }));
  }),
  ofRepository('GET', '/branches/{branch}', read, branch),
];

async function shaOf(repository: Repository, ref: string, status = 422): Promise<string> {
  const sha = await resolve(repository.gitPath, ref);
  if (sha === null)
    throw new Refusal(status, status === 422 ? `No commit found for SHA: ${ref}` : 'Not Found');
  return sha;
}

function isProtected({ kernel, repository }: OfRepository, name: string): boolean {
  return (
    repository.protections.has(name) ||
    rulesetsOf(kernel, repository, name).some(({ content }) => content.enforcement === 'active')
  );
}

async function branch(request: OfRepository): Promise<Answer> {
  const { kernel, repository, parameters } = request;
  const name = parameters.branch ?? '';
  const sha = (await references(repository.gitPath)).get(`refs/heads/${name}`);
  if (sha === undefined) throw new Refusal(404, 'Branch not found');
  const api = kernel.api(`repos/${kernel.fullName(repository)}/branches/${name}`);
  const protection = repository.protections.get(name);
  const checks = protection?.requiredChecks ?? [];
  return ok({
    name,
    commit: commitView(kernel, repository, await commitOf(repository.gitPath, sha)),
    _links: { self: api, html: kernel.html(`${kernel.fullName(repository)}/tree/${name}`) },
    protected: isProtected(request, name),
    protection: {
      enabled: protection !== undefined,
      required_status_checks: {
        enforcement_level:
          checks.length === 0 ? 'off' : protection?.appliesToAdmins ? 'everyone' : 'non_admins',
        contexts: checks.map(({ context }) => context),
        checks: checks.map(({ context, appId }) => ({ context, app_id: appId })),
      },
      ...(protection ? { url: protectionView(kernel, repository, protection).url } : {}),
    },
    protection_url: `${api}/protection`,
  });
}

async function tree({ kernel, repository, parameters, url }: OfRepository): Promise<Answer> {
  const wanted = parameters.tree_sha ?? '';
  const { status, stdout } = await tryGit(repository.gitPath, [
    'rev-parse',
    '--verify',
    '--quiet',
    `${wanted}^{tree}`,
  ]);
  if (status !== 0 || wanted.startsWith('-')) throw new Refusal(404, 'Not Found');
  const sha = stdout.trim();
  const recursive = url.searchParams.has('recursive') ? ['-r', '-t'] : [];
  const out = await git(repository.gitPath, ['ls-tree', '-z', '-l', ...recursive, sha]);
  const api = kernel.api(`repos/${kernel.fullName(repository)}/git`);
  const entries = out
    .split('\0')
    .filter(Boolean)
    .map((line): Json => {
      const [meta = '', path = ''] = line.split('\t');
      const [mode = '', type = '', object = '', size = ''] = meta.split(/\s+/);
      return {
        path,
        mode,
        type,
        sha: object,
        ...(type === 'blob' ? { size: Number(size) } : {}),
        url: `${api}/${type}s/${object}`,
      };
    });
  return ok({ sha, url: `${api}/trees/${sha}`, tree: entries, truncated: false });
}

async function contents({ kernel, repository, parameters, url }: OfRepository): Promise<Answer> {
  const path = parameters.path ?? '';
  const ref = url.searchParams.get('ref') ?? repository.defaultBranch;
  const commit = await shaOf(repository, ref, 404);
  const { status, stdout } = await tryGit(repository.gitPath, ['cat-file', 'blob', `${commit}:${path}`]);
  if (status !== 0) throw new Refusal(404, 'Not Found');
  const sha = (await git(repository.gitPath, ['rev-parse', `${commit}:${path}`])).trim();
  const api = kernel.api(`repos/${kernel.fullName(repository)}`);
  const html = kernel.html(`${kernel.fullName(repository)}/blob/${ref}/${path}`);
  const self = `${api}/contents/${path}?ref=${ref}`;
  const bytes = Buffer.from(stdout);
  return ok({
    type: 'file',
    encoding: 'base64',
    size: bytes.length,
    name: path.split('/').at(-1),
    path,
    content: bytes.toString('base64'),
    sha,
    url: self,
    git_url: `${api}/git/blobs/${sha}`,
    html_url: html,
    download_url: html.replace('/blob/', '/raw/'),
    _links: { self, git: `${api}/git/blobs/${sha}`, html },
  });
}

async function compare(request: OfRepository): Promise<Answer> {
  const { kernel, repository, parameters } = request;
  const basehead = parameters.basehead ?? '';
  const [from = '', to = ''] = basehead.split(/\.{2,3}/);
  const { gitPath } = repository;
  const base = await shaOf(repository, from, 404);
  const head = await shaOf(repository, to, 404);
  const common = await mergeBase(gitPath, base, head);
  if (common === null) throw new Refusal(404, `No common ancestor between ${from} and ${to}.`);
  const ahead = await countCommits(gitPath, `${base}..${head}`);
  const behind = await countCommits(gitPath, `${head}..${base}`);
  const commits = await commitsOf(gitPath, `${base}..${head}`, { args: ['--reverse', '--topo-order'] });
  const { page, perPage } = pageOf(request);
  const shown = commits.slice((page - 1) * perPage, page * perPage);
  const html = kernel.html(`${kernel.fullName(repository)}/compare/${basehead}`);
  const view = async (sha: string) => commitView(kernel, repository, await commitOf(gitPath, sha));
  const status = ahead === 0 ? (behind === 0 ? 'identical' : 'behind') : behind === 0 ? 'ahead' : 'diverged';
  const links = paged(request, commits, (commit) => commit).headers;
  return {
    status: 200,
    headers: links ?? {},
    body: {
      url: kernel.api(`repos/${kernel.fullName(repository)}/compare/${basehead}`),
      html_url: html,
      permalink_url: html,
      diff_url: `${html}.diff`,
      patch_url: `${html}.patch`,
      base_commit: await view(base),
      merge_base_commit: await view(common),
      status,
      ahead_by: ahead,
      behind_by: behind,
      total_commits: ahead,
      commits: shown.map((commit) => commitView(kernel, repository, commit)),
      files: (await changedFiles(gitPath, common, head))
        .slice(0, 300)
        .map((file) => fileView(kernel, repository, head, file)),
    },
  };
}
