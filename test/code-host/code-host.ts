import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { answerGit, isGitPath } from './git/git-host.ts';
import { answerGraphql } from './graphql/resolve.ts';
import { Kernel } from './kernel.ts';
import type { Account, App, Installation, Repository } from './model.ts';
import { type Api, answerApi } from './rest/api.ts';
import type { ManifestCodes } from './rest/app-routes.ts';
import { Faults } from './rest/faults.ts';
import { RateLimits } from './rest/rate-limits.ts';
import { createRouter } from './rest/router.ts';
import { createAccount, createToken } from './verbs/accounts.ts';
import { bindVerbs, type Verbs } from './verbs.ts';
import { answerPage } from './web-pages.ts';
import { Webhooks } from './webhooks/webhooks.ts';

export interface CodeHostOptions {
  /** 0: any free one. */
  readonly port?: number;
  /** Kept when the double closes; left out, a temporary folder goes with it. */
  readonly folder?: string;
  /** The time at which the double's clock stands; left out, it is the machine's. */
  readonly clock?: string;
}

export interface CodeHost extends Verbs {
  readonly url: string;
  readonly apiUrl: string;
  readonly graphqlUrl: string;
  readonly kernel: Kernel;
  readonly webhooks: Webhooks;
  readonly faults: Faults;
  readonly limits: RateLimits;
  /** Every request under /api, oldest first. */
  readonly requests: Api['log'];
  /** The app that GitHub Actions reports with. */
  readonly actions: App;
  /** Address for git with an account's token in it. */
  cloneUrl(repository: Repository, account: Account): string;
  /** Tokens of that installation stop working, as after their hour. */
  expireTokens(installation: Installation): void;
  close(): Promise<void>;
}

/** A code host that answers as GitHub does, on 127.0.0.1, with an empty memory. */
export async function openCodeHost({ port = 0, folder, clock }: CodeHostOptions = {}): Promise<CodeHost> {
  const place = folder ?? (await mkdtemp(join(tmpdir(), 'code-host-')));
  const kernel = new Kernel(join(place, 'repositories'));
  if (clock !== undefined) kernel.setClock(clock);
  const webhooks = new Webhooks(kernel);
  kernel.emit = (emission) => webhooks.emit(emission);
  const codes: ManifestCodes = new Map();
  const api: Api = {
    kernel,
    webhooks,
    find: createRouter(codes),
    faults: new Faults(),
    limits: new RateLimits(),
    log: [],
    last: new Map(),
    graphql: (requester, body) => answerGraphql(kernel, requester, body),
  };
  const server = createServer((request, response) => {
    answer({ api, codes }, request, response).catch((error: unknown) => failed(response, error));
  });
  kernel.baseUrl = await listen(server, port);
  const verbs = bindVerbs(kernel);
  const github = createAccount(kernel, { login: 'github', kind: 'Organization' });
  const permissions = { checks: 'write', contents: 'read', metadata: 'read', actions: 'write' };
  const tokens = new Map<number, string>();
  return {
    ...verbs,
    url: kernel.baseUrl,
    apiUrl: `${kernel.baseUrl}/api/v3`,
    graphqlUrl: `${kernel.baseUrl}/api/graphql`,
    kernel,
    webhooks,
    faults: api.faults,
    limits: api.limits,
    requests: api.log,
    actions: verbs.createApp({ name: 'GitHub Actions', owner: github, permissions }),
    cloneUrl: (repository, account) => {
      const token = tokens.get(account.id) ?? createToken(kernel, account);
      tokens.set(account.id, token);
      const to = new URL(`${kernel.html(kernel.fullName(repository))}.git`);
      to.username = account.login;
      to.password = token;
      return to.href;
    },
    expireTokens: ({ id }) => {
      for (const credential of kernel.credentials.values())
        if (credential.kind === 'installation' && credential.installationId === id)
          credential.expiresAtMs = 0;
    },
    close: async () => {
      webhooks.calm();
      await webhooks.settled();
      // Also those that a fault left hanging.
      server.closeAllConnections();
      await new Promise<void>((done) => server.close(() => done()));
      if (folder === undefined) await rm(place, { recursive: true, force: true });
    },
  };
}

async function answer(
  { api, codes }: { readonly api: Api; readonly codes: ManifestCodes },
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const path = request.url ?? '/';
  if (path.startsWith('/api/v3') || path.startsWith('/api/graphql')) return answerApi(api, request, response);
  if (isGitPath(path)) return answerGit(api.kernel, request, response);
  return answerPage({ kernel: api.kernel, codes }, request, response);
}

function failed(response: ServerResponse, error: unknown): void {
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  console.error(`code host: ${message}`);
  if (response.headersSent) response.destroy();
  else response.writeHead(500, { 'Content-Type': 'application/json' }).end(JSON.stringify({ message }));
}

async function listen(server: Server, port: number): Promise<string> {
  await new Promise<void>((done, fail) => {
    server.once('error', fail);
    server.listen(port, '127.0.0.1', () => done());
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
