import { createPublicKey, generateKeyPairSync, randomBytes } from 'node:crypto';
import { type Kernel, nodeId, Refusal } from '../kernel.ts';
import type { Account, App, Credential, Hook, Installation, Json, Repository } from '../model.ts';
import { installationView } from '../views/accounts.ts';
import { createAccount } from './accounts.ts';

export interface NewApp {
  readonly name: string;
  readonly owner: Account;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly events?: readonly string[];
  readonly webhook?: { readonly url: string; readonly secret?: string };
  readonly externalUrl?: string;
  readonly setupUrl?: string;
}

/** Also what comes of an app manifest. */
export function createApp(kernel: Kernel, given: NewApp): App {
  const slug = given.name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
  const id = kernel.nextId('app');
  // 2,048 bits, as GitHub makes them.
  const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const hook = addHook(kernel, {
    url: given.webhook?.url ?? '',
    secret: given.webhook?.secret ?? randomBytes(20).toString('hex'),
    events: given.events ?? [],
    of: { kind: 'app', appId: id },
  });
  const app: App = {
    id,
    slug,
    name: given.name,
    ownerId: given.owner.id,
    botId: createAccount(kernel, { login: `${slug}[bot]`, kind: 'Bot' }).id,
    clientId: `Iv23li${randomBytes(7).toString('hex')}`,
    clientSecret: randomBytes(20).toString('hex'),
    privateKeyPem: pair.privateKey.export({ type: 'pkcs1', format: 'pem' }).toString(),
    publicKey: createPublicKey(pair.privateKey),
    permissions: given.permissions ?? { metadata: 'read' },
    hook,
    externalUrl: given.externalUrl ?? 'https://example.test',
    setupUrl: given.setupUrl ?? null,
    createdAt: kernel.now(),
  };
  kernel.apps.set(id, app);
  return app;
}

function addHook(kernel: Kernel, given: Omit<Hook, 'id' | 'active'>): Hook {
  const hook: Hook = { ...given, id: kernel.nextId('other'), active: true };
  kernel.hooks.set(hook.id, hook);
  return hook;
}

/** A webhook of one repository, without an app. */
export function addRepositoryHook(
  kernel: Kernel,
  repository: Repository,
  {
    url,
    secret = '',
    events = ['*'],
    by,
  }: {
    readonly url: string;
    readonly secret?: string;
    readonly events?: readonly string[];
    readonly by: Account;
  },
): Hook {
  const hook = addHook(kernel, {
    url,
    secret,
    events,
    of: { kind: 'repository', repositoryId: repository.id },
  });
  const view = {
    type: 'Repository',
    id: hook.id,
    name: 'web',
    active: true,
    events,
    config: { url, content_type: 'json' },
  };
  kernel.emit({
    event: 'ping',
    action: null,
    senderId: by.id,
    repository,
    payload: { zen: 'Half measures are as bad as nothing at all.', hook_id: hook.id, hook: view },
  });
  return hook;
}

/** Repositories that are not told: all. */
export function installApp(
  kernel: Kernel,
  {
    app,
    account,
    repositories,
    by,
  }: {
    readonly app: App;
    readonly account: Account;
    readonly repositories?: readonly Repository[];
    readonly by: Account;
  },
): Installation {
  const now = kernel.now();
  const installation: Installation = {
    id: kernel.nextId('installation'),
    appId: app.id,
    accountId: account.id,
    selection: repositories ? 'selected' : 'all',
    repositoryIds: new Set(repositories?.map(({ id }) => id)),
    permissions: app.permissions,
    suspendedAt: null,
    suspendedBy: null,
    createdAt: now,
    updatedAt: now,
  };
  kernel.installations.set(installation.id, installation);
  emitInstallation(kernel, installation, 'created', by);
  return installation;
}

export function uninstallApp(kernel: Kernel, installation: Installation, by: Account): void {
  emitInstallation(kernel, installation, 'deleted', by);
  kernel.installations.delete(installation.id);
  for (const [token, credential] of kernel.credentials)
    if (credential.kind === 'installation' && credential.installationId === installation.id)
      kernel.credentials.delete(token);
}

export function suspendInstallation(kernel: Kernel, installation: Installation, by: Account): void {
  installation.suspendedAt = kernel.now();
  installation.suspendedBy = by.id;
  emitInstallation(kernel, installation, 'suspend', by);
}

export function unsuspendInstallation(kernel: Kernel, installation: Installation, by: Account): void {
  installation.suspendedAt = null;
  installation.suspendedBy = null;
  emitInstallation(kernel, installation, 'unsuspend', by);
}

/** The owner accepts what the app asks for now. */
export function acceptPermissions(kernel: Kernel, installation: Installation, by: Account): void {
  installation.permissions = kernel.app(installation.appId).permissions;
  emitInstallation(kernel, installation, 'new_permissions_accepted', by);
}

export function selectRepositories(
  kernel: Kernel,
  installation: Installation,
  chosen: readonly Repository[],
  by: Account,
): void {
  const before = [...kernel.repositories.values()].filter((repository) =>
    kernel.sees(installation, repository),
  );
  installation.selection = 'selected';
  installation.repositoryIds.clear();
  for (const { id } of chosen) installation.repositoryIds.add(id);
  installation.updatedAt = kernel.now();
  const added = chosen.filter((repository) => !before.includes(repository));
  const removed = before.filter((repository) => !chosen.includes(repository));
  for (const [action, list] of [
    ['added', added],
    ['removed', removed],
  ] as const) {
    if (list.length === 0) continue;
    kernel.emit({
      event: 'installation_repositories',
      action,
      senderId: by.id,
      repository: null,
      installationId: installation.id,
      payload: {
        installation: installationView(kernel, installation),
        repository_selection: 'selected',
        repositories_added: action === 'added' ? list.map((one) => listed(kernel, one)) : [],
        repositories_removed: action === 'removed' ? list.map((one) => listed(kernel, one)) : [],
        requester: null,
      },
    });
  }
}

/** Good for an hour, for no more than the installation may. */
export function createInstallationToken(
  kernel: Kernel,
  installation: Installation,
  wanted: {
    readonly permissions?: Readonly<Record<string, string>>;
    readonly repositoryIds?: readonly number[];
    readonly repositoryNames?: readonly string[];
  } = {},
): Extract<Credential, { kind: 'installation' }> {
  if (installation.suspendedAt !== null) throw new Refusal(403, 'This installation has been suspended');
  const permissions = wanted.permissions ?? installation.permissions;
  for (const [name, level] of Object.entries(permissions))
    if (levelOf(installation.permissions[name]) < levelOf(level))
      throw new Refusal(422, 'The permissions requested are not granted to this installation.');
  const seen = [...kernel.repositories.values()].filter((repository) =>
    kernel.sees(installation, repository),
  );
  const named = (wanted.repositoryNames ?? []).map((name) => seen.find((one) => one.name === name)?.id);
  const chosen = [...(wanted.repositoryIds ?? []), ...named];
  if (chosen.some((id) => !seen.some((one) => one.id === id)))
    throw new Refusal(
      422,
      'There is at least one repository that does not exist or is not accessible to the parent installation.',
    );
  const credential = {
    kind: 'installation',
    installationId: installation.id,
    token: kernel.newToken('ghs'),
    expiresAtMs: Date.now() + 3_600_000,
    permissions,
    repositoryIds: chosen.length === 0 ? null : new Set(chosen.filter((id) => id !== undefined)),
  } as const;
  kernel.credentials.set(credential.token, credential);
  return credential;
}

const levels = ['read', 'write', 'admin'];

export function levelOf(level: string | undefined): number {
  return level === undefined ? -1 : levels.indexOf(level);
}

function emitInstallation(kernel: Kernel, installation: Installation, action: string, by: Account): void {
  const seen = [...kernel.repositories.values()].filter((repository) =>
    kernel.sees(installation, repository),
  );
  kernel.emit({
    event: 'installation',
    action,
    senderId: by.id,
    repository: null,
    installationId: installation.id,
    payload: {
      installation: installationView(kernel, installation),
      repositories: seen.map((one) => listed(kernel, one)),
      ...(action === 'created' ? { requester: null } : {}),
    },
  });
}

function listed(kernel: Kernel, repository: Repository): Json {
  return {
    id: repository.id,
    node_id: nodeId('R', repository.id),
    name: repository.name,
    full_name: kernel.fullName(repository),
    private: repository.private,
  };
}
