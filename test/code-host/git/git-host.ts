import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Kernel, Refusal } from '../kernel.ts';
import type { Account, Repository } from '../model.ts';
import { atLeast, permissionOf } from '../permissions.ts';
import { requesterOf } from '../rest/requester.ts';
import { type Requester, sees } from '../rest/route.ts';
import { levelOf } from '../verbs/apps.ts';
import { pushing } from '../verbs/pushes.ts';
import { refusedUpdates } from '../verbs/refused-updates.ts';
import { references } from './bare-repository.ts';
import { serveGit } from './http-backend.ts';

const services = /^\/([\w.-]+)\/([\w.-]+?)(?:\.git)?(\/info\/refs|\/git-upload-pack|\/git-receive-pack)$/;

export function isGitPath(path: string): boolean {
  return services.test(path.split('?')[0] ?? '');
}

/** Clones, fetches and pushes at /<owner>/<name>.git. */
export async function answerGit(
  kernel: Kernel,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://git.invalid');
  const [, owner = '', name = '', rest = ''] = services.exec(url.pathname) ?? [];
  const isPush = rest === '/git-receive-pack' || url.searchParams.get('service') === 'git-receive-pack';
  try {
    const requester = requesterOf(kernel, request.headers.authorization);
    const repository = kernel.findRepository(`${owner}/${name}`);
    const formerId = kernel.formerNames.get(`${owner}/${name}`.toLowerCase());
    if (!repository && formerId !== undefined) {
      const now = kernel.fullName(kernel.repository(formerId));
      response.writeHead(301, { Location: kernel.html(`${now}.git${rest}${url.search}`) }).end();
      return;
    }
    const pusher = mayUse(kernel, requester, repository, isPush);
    const served = { request, response, path: pusher.repository.gitPath, rest, query: url.search.slice(1) };
    const user = pusher.account?.login ?? '';
    if (rest !== '/git-receive-pack' || !pusher.account) await serveGit({ ...served, user, refused: '' });
    else await receive(kernel, pusher.repository, pusher.account, served);
    response.end();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const challenge = error.status === 401 ? { 'WWW-Authenticate': 'Basic realm="GitHub"' } : {};
    response
      .writeHead(error.status, { 'Content-Type': 'text/plain', ...challenge })
      .end(`${error.message}\n`);
  }
}

async function receive(
  kernel: Kernel,
  repository: Repository,
  pusher: Account,
  served: Omit<Parameters<typeof serveGit>[0], 'user' | 'refused'>,
): Promise<void> {
  await pushing(kernel, repository, pusher, async () => {
    const before = await references(repository.gitPath);
    const branches = branchesWithRules(repository, before);
    const refused = refusedUpdates(kernel, repository, pusher, branches);
    await serveGit({ ...served, user: pusher.login, refused: [...refused].join('\n') });
    await recordBypasses(kernel, repository, pusher, before);
  });
}

function branchesWithRules(repository: Repository, known: ReadonlyMap<string, string>): readonly string[] {
  const branches = [...known.keys()]
    .filter((ref) => ref.startsWith('refs/heads/'))
    .map((ref) => ref.slice('refs/heads/'.length));
  return [...new Set([...branches, repository.defaultBranch, ...repository.protections.keys()])];
}

/** A push that rules would have refused to others is kept as one that went past them. */
async function recordBypasses(
  kernel: Kernel,
  repository: Repository,
  pusher: Account,
  before: ReadonlyMap<string, string>,
): Promise<void> {
  const refused = refusedUpdates(kernel, repository, null, branchesWithRules(repository, before));
  for (const [ref, after] of await references(repository.gitPath)) {
    const earlier = before.get(ref);
    if (earlier === undefined || earlier === after || !refused.has(`update ${ref}`)) continue;
    repository.ruleSuites.push({
      id: kernel.nextId('other'),
      actorId: pusher.id,
      before: earlier,
      after,
      ref,
      pushedAt: kernel.now(),
      result: 'bypass',
      failures: [
        {
          source: { type: 'ruleset', id: null, name: 'rules of the branch' },
          rule: 'pull_request',
          details: 'Changes must be made through a pull request.',
        },
      ],
    });
  }
}

/** Throws where they may not; a private repository asks who it is before it says that it exists. */
function mayUse(
  kernel: Kernel,
  requester: Requester,
  repository: Repository | undefined,
  isPush: boolean,
): { readonly repository: Repository; readonly account: Account | null } {
  if (requester.kind === 'anonymous' && (isPush || !repository || repository.private))
    throw new Refusal(401, 'Authentication required');
  if (!repository || !sees(kernel, requester, repository)) throw new Refusal(404, 'Repository not found.');
  switch (requester.kind) {
    case 'anonymous':
      return { repository, account: null };
    case 'app':
      throw new Refusal(403, 'An app clones with an installation token');
    case 'user':
      if (isPush) mayPush(kernel, repository, requester.account);
      return { repository, account: requester.account };
    case 'installation':
      if (levelOf(requester.permissions.contents) < levelOf(isPush ? 'write' : 'read'))
        throw new Refusal(403, 'Resource not accessible by integration');
      return { repository, account: kernel.account(requester.app.botId) };
  }
}

function mayPush(kernel: Kernel, repository: Repository, account: Account): void {
  if (repository.archived) throw new Refusal(403, 'This repository was archived so it is read-only.');
  if (!atLeast(permissionOf(kernel, repository, account), 'write'))
    throw new Refusal(403, `Permission to ${kernel.fullName(repository)} denied to ${account.login}.`);
}
