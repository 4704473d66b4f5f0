import { randomBytes } from 'node:crypto';
import type { Account, App, Credential, Hook, Installation, Json, Repository, Team } from './model.ts';

/** Something that webhooks tell. */
export interface Emission {
  readonly event: string;
  readonly action: string | null;
  readonly senderId: number;
  /** Null for what happens in an organization or an installation. */
  readonly repository: Repository | null;
  /** Where there is no repository, or where another installation is meant. */
  readonly installationId?: number;
  readonly organizationId?: number;
  readonly payload: Json;
}

const firstIds = {
  account: 5_100_000,
  repository: 710_000_000,
  app: 900_000,
  installation: 48_000_000,
  // GitHub's own ids of pull requests have long passed 31 bits: whoever keeps them in an int32 shall notice here.
  pull: 2_500_000_000,
  review: 2_700_000_000,
  comment: 1_900_000_000,
  check: 36_000_000_000,
  delivery: 190_000_000_000_000,
  other: 9_000_000,
} as const;

/** A refusal, in GitHub's words; a verb throws it, REST answers with it. */
export class Refusal extends Error {
  readonly status: number;
  readonly body: Json;

  constructor(status: number, message: string, more: Json = {}) {
    super(message);
    this.status = status;
    this.body = {
      message,
      ...more,
      documentation_url: 'https://docs.github.com/rest',
      status: String(status),
    };
  }
}

/** The memory of one double, and the few things that everything else needs: ids, time, look-ups. */
export class Kernel {
  readonly accounts = new Map<number, Account>();
  readonly teams = new Map<number, Team>();
  readonly apps = new Map<number, App>();
  readonly installations = new Map<number, Installation>();
  readonly repositories = new Map<number, Repository>();
  readonly hooks = new Map<number, Hook>();
  readonly credentials = new Map<string, Credential>();
  /** Names that a repository had before, lower-cased: GitHub redirects them until somebody takes them. */
  readonly formerNames = new Map<string, number>();
  readonly gitFolder: string;
  /** `http://127.0.0.1:<port>`, known once the server listens. */
  baseUrl = '';
  emit: (emission: Emission) => void = () => undefined;
  readonly #lastIds = new Map<string, number>();
  readonly #locks = new Map<number, Promise<unknown>>();
  #setMs: number | null = null;

  constructor(gitFolder: string) {
    this.gitFolder = gitFolder;
  }

  nowMs(): number {
    return this.#setMs ?? Date.now();
  }

  /** RFC 3339 to the second, as GitHub writes it. */
  now(): string {
    return rfc3339(this.nowMs());
  }

  /** From here on the time stands at `at` until it is set again; null: the machine's own. */
  setClock(at: string | null): void {
    if (at !== null && Number.isNaN(Date.parse(at))) throw new Error(`no time: ${at}`);
    this.#setMs = at === null ? null : Date.parse(at);
  }

  advance(ms: number): void {
    this.#setMs = this.nowMs() + ms;
  }

  nextId(kind: keyof typeof firstIds): number {
    const id = (this.#lastIds.get(kind) ?? firstIds[kind]) + 1;
    this.#lastIds.set(kind, id);
    return id;
  }

  newToken(prefix: string): string {
    return `${prefix}_${randomBytes(18).toString('hex')}`;
  }

  /** One writer of a repository at a time: what a push changed is found by comparing references around it. */
  async alone<Result>(repository: Repository, work: () => Promise<Result>): Promise<Result> {
    const before = this.#locks.get(repository.id) ?? Promise.resolve();
    const mine = before.then(work);
    this.#locks.set(
      repository.id,
      mine.catch(() => undefined),
    );
    return mine;
  }

  account(id: number): Account {
    return found(this.accounts.get(id), `account ${id}`);
  }

  findAccount(login: string): Account | undefined {
    const wanted = login.toLowerCase();
    for (const account of this.accounts.values()) if (account.login.toLowerCase() === wanted) return account;
    return undefined;
  }

  accountByLogin(login: string): Account {
    return found(this.findAccount(login), `account ${login}`);
  }

  app(id: number): App {
    return found(this.apps.get(id), `app ${id}`);
  }

  repository(id: number): Repository {
    return found(this.repositories.get(id), `repository ${id}`);
  }

  findRepository(fullName: string): Repository | undefined {
    const wanted = fullName.toLowerCase();
    for (const repository of this.repositories.values())
      if (this.fullName(repository).toLowerCase() === wanted) return repository;
    return undefined;
  }

  repositoryByName(fullName: string): Repository {
    return found(this.findRepository(fullName), `repository ${fullName}`);
  }

  fullName(repository: Repository): string {
    return `${this.account(repository.ownerId).login}/${repository.name}`;
  }

  owner(repository: Repository): Account {
    return this.account(repository.ownerId);
  }

  /** Whether the installation may see the repository. */
  sees(installation: Installation, repository: Repository): boolean {
    if (installation.accountId !== repository.ownerId) return false;
    return installation.selection === 'all' || installation.repositoryIds.has(repository.id);
  }

  html(path: string): string {
    return `${this.baseUrl}/${path}`;
  }

  api(path: string): string {
    return `${this.baseUrl}/api/v3/${path}`;
  }
}

export function rfc3339(ms: number): string {
  return new Date(Math.floor(ms / 1000) * 1000).toISOString().replace('.000Z', 'Z');
}

export function nodeId(kind: string, id: number | string): string {
  return `${kind}_${Buffer.from(String(id)).toString('base64url')}`;
}

function found<Value>(value: Value | undefined, what: string): Value {
  if (value === undefined) throw new Refusal(404, 'Not Found', { missing: what });
  return value;
}
