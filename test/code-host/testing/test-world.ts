import { createSign } from 'node:crypto';
import { type CodeHost, openCodeHost } from '../code-host.ts';
import { appEvents } from '../lived-in-parts.ts';
import type { Account, App, Installation, Json, PullRequest, Repository } from '../model.ts';
import { openSink, type Sink } from './sink.ts';

export const secret = 'it is a secret to everybody';

export interface TestWorld {
  readonly host: CodeHost;
  readonly sink: Sink;
  /** Owns the organization. */
  readonly ada: Account;
  /** May write. */
  readonly ben: Account;
  readonly acme: Account;
  readonly shop: Repository;
  readonly app: App;
  readonly installation: Installation;
  /** Of the installation. */
  readonly token: string;
  get(path: string, token?: string, headers?: Readonly<Record<string, string>>): Promise<Response>;
  send(method: string, path: string, body: Json, token?: string): Promise<Response>;
  /** A branch with one commit more than main, and its pull request. */
  openPull(head: string, file?: string, by?: Account): Promise<PullRequest>;
  close(): Promise<void>;
}

const permissions = {
  metadata: 'read',
  contents: 'read',
  pull_requests: 'write',
  checks: 'write',
  statuses: 'write',
  actions: 'read',
  deployments: 'read',
  administration: 'write',
  members: 'read',
  security_events: 'read',
  organization_administration: 'read',
};

/** An organization with one repository, two people, and an app that is installed on it and told of everything. */
export async function openTestWorld(): Promise<TestWorld> {
  const host = await openCodeHost({ clock: '2026-03-02T09:00:00Z' });
  const sink = await openSink();
  const ada = host.createAccount({ login: 'ada', name: 'Ada Lane', email: 'ada@acme.test' });
  const ben = host.createAccount({ login: 'ben', name: 'Ben Orr', email: 'ben@acme.test' });
  const acme = host.createAccount({ login: 'acme', kind: 'Organization' });
  host.addMember({ organization: acme, member: ada, role: 'admin', by: ada });
  host.addMember({ organization: acme, member: ben, by: ada });
  const shop = await host.createRepository({ owner: acme, name: 'shop', by: ada });
  host.grant({ repository: shop, account: ben, permission: 'write', by: ada });
  await host.commit({
    repository: shop,
    branch: 'main',
    files: { 'README.md': '# Shop\n', 'src/cart.ts': 'export const cart = [];\n' },
    message: 'Start the shop',
    by: ada,
  });
  const app = host.createApp({
    name: 'Evidence',
    owner: acme,
    permissions,
    events: [...appEvents, 'create', 'delete'],
    webhook: { url: sink.url, secret },
  });
  const installation = host.installApp({ app, account: acme, by: ada });
  const { token } = host.createInstallationToken(installation);
  await host.webhooks.settled();
  sink.received.length = 0;
  return {
    host,
    sink,
    ada,
    ben,
    acme,
    shop,
    app,
    installation,
    token,
    get: (path, by = token, headers = {}) =>
      fetch(`${host.apiUrl}${path}`, { headers: { Authorization: `Bearer ${by}`, ...headers } }),
    send: (method, path, body, by = token) =>
      fetch(`${host.apiUrl}${path}`, {
        method,
        headers: { Authorization: `Bearer ${by}`, 'Content-Type': 'application/json' },
        body: JSON.stringify(body),
      }),
    openPull: async (head, file = 'src/cart.ts', by = ben) => {
      const files = { [file]: `export const ${head.replaceAll(/\W/g, '')} = 1;\n` };
      await host.commit({ repository: shop, branch: head, files, message: `Change ${file}`, by });
      return host.openPullRequest({ repository: shop, by, head, title: `Change ${file} on ${head}` });
    },
    close: async () => {
      await host.close();
      await sink.close();
    },
  };
}

/** As an app signs for itself. */
export function appToken(app: App, changes: Json = {}): string {
  const now = Math.floor(Date.now() / 1000);
  const encode = (part: Json) => Buffer.from(JSON.stringify(part)).toString('base64url');
  const text = `${encode({ alg: 'RS256', typ: 'JWT' })}.${encode({ iat: now - 30, exp: now + 500, iss: app.id, ...changes })}`;
  return `${text}.${createSign('RSA-SHA256').update(text).sign(app.privateKeyPem, 'base64url')}`;
}
