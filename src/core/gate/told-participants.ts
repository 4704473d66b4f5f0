import { namedAddresses } from '../attribution/agent-identity-line.ts';
import { identityOfEmail } from '../attribution/agent-registry.ts';
import type { Attribution } from '../attribution/attribution.ts';
import type { ObservedChange, ObservedCommit, Person } from '../change/observed-change.ts';
import type { HostAccount } from '../host/observation.ts';
import type { ToldPullRequest } from '../host/told.ts';
import type { Actor, Participant } from './gate-input.ts';

/**
 * Who took part in a pull request: its author, the authors, committers and co-authors of its commits, who asked the agents, and
 * who pushed its head. Names resolve to accounts as the host resolves them; what it does not resolve stays open.
 */
export function toldParticipants(
  change: Pick<ObservedChange, 'commits'>,
  attribution: Pick<Attribution, 'claims'>,
  told: ToldPullRequest,
): readonly Participant[] {
  const resolve = new AccountsOfAddresses(change.commits, told);
  const { author } = told.pullRequest.data;
  return unique([
    accountPart('pull-request-author', author),
    ...change.commits.filter(isOwn(told)).flatMap((commit) => commitParts(commit, resolve)),
    ...sessionParts(attribution, resolve),
    ...told.pushes.slice(0, 1).map(({ data }) => accountPart('last-pusher', data.actor)),
  ]);
}

/** Whether a person or a program acts under an account, by what is known of that account itself (design rule 4). */
export function actorOf(account: HostAccount | null): Actor {
  if (account === null) return 'unknown';
  const number = account.id.slice(account.id.lastIndexOf('#') + 1);
  if (identityOfEmail(`${number}+${account.login}@users.noreply.github.com`) !== undefined) return 'agent';
  if (account.kind === 'bot') return 'bot';
  return account.kind === 'user' ? 'human' : 'unknown';
}

/** The commits of the pull request itself: what a squash, a rebase or a merge made of them brings no work of its own. */
function isOwn({ pullRequest, commits }: ToldPullRequest): (commit: ObservedCommit) => boolean {
  const { mergeSha, head } = pullRequest.data;
  if (commits?.data.complete !== true) return ({ sha }) => sha !== mergeSha || sha === head.sha;
  const own = new Set(commits.data.commits.map(({ sha }) => sha));
  return ({ sha }) => own.has(sha);
}

function commitParts(commit: ObservedCommit, resolve: AccountsOfAddresses): readonly Participant[] {
  const coAuthors = commit.message
    .split('\n')
    .filter((line) => /^\s*co-authored-by:/i.test(line))
    .flatMap((line) => namedAddresses(line.slice(line.indexOf(':') + 1, 1_000)));
  return [
    resolve.part('commit-author', commit.author, commit.sha),
    resolve.part('committer', commit.committer, commit.sha),
    ...coAuthors.map((person) => resolve.part('co-author', person)),
  ];
}

/** One for each session; of several sessions by one person one is enough. */
function sessionParts(
  { claims }: Pick<Attribution, 'claims'>,
  resolve: AccountsOfAddresses,
): readonly Participant[] {
  return claims
    .filter(({ role, sessionId, user }) => isAuthor(role) && (sessionId !== null || user !== null))
    .map(({ user, agent, sessionId }) => {
      const [named] = user === null ? [] : namedAddresses(user);
      if (named) return resolve.part('session-requester', named);
      const account = user === null ? undefined : resolve.login(user);
      return {
        part: 'session-requester',
        name: user ?? `${agent} session ${sessionId ?? ''}`,
        account: account?.id ?? null,
        actor: account ? actorOf(account) : 'unknown',
      };
    });
}

function isAuthor(role: string): boolean {
  return role === 'author' || role === 'co-author';
}

function accountPart(part: Participant['part'], account: HostAccount | null): Participant {
  return {
    part,
    name: account?.login ?? '',
    account: account?.id ?? null,
    actor: actorOf(account),
  };
}

/** Which account an address belongs to, as far as the host said so for a commit under that address. */
class AccountsOfAddresses {
  readonly #byEmail = new Map<string, HostAccount>();
  readonly #byLogin = new Map<string, HostAccount>();
  readonly #byCommit: ReadonlyMap<string, { author: HostAccount | null; committer: HostAccount | null }>;
  readonly #hostName: string;

  constructor(
    commits: readonly ObservedCommit[],
    { commits: accounts, pullRequest, reviews }: ToldPullRequest,
  ) {
    const { repository, author } = pullRequest.data;
    this.#hostName = repository.hostId.slice(0, repository.hostId.lastIndexOf('#'));
    this.#byCommit = new Map(accounts?.data.commits.map((one) => [one.sha, one]));
    for (const commit of commits) {
      const told = this.#byCommit.get(commit.sha);
      this.#learn(commit.author.email, told?.author);
      this.#learn(commit.committer.email, told?.committer);
    }
    for (const account of [author, ...reviews.map(({ data }) => data.reviewer)]) this.#learn('', account);
  }

  part(part: Participant['part'], person: Person, sha?: string): Participant {
    const identity = identityOfEmail(person.email);
    const told = sha === undefined ? undefined : this.#byCommit.get(sha);
    const account =
      (part === 'commit-author' ? told?.author : part === 'committer' ? told?.committer : undefined) ??
      this.#byEmail.get(person.email.toLowerCase());
    return {
      part,
      name: account?.login ?? person.email,
      account: account?.id ?? (identity === undefined ? this.#ofNoReply(person.email) : null),
      actor: identity === undefined ? (account ? actorOf(account) : 'unknown') : 'agent',
    };
  }

  login(name: string): HostAccount | undefined {
    return this.#byLogin.get(name.replace(/^@/, '').toLowerCase());
  }

  #learn(email: string, account: HostAccount | null | undefined): void {
    if (!account) return;
    if (email !== '' && !email.includes('noreply@')) this.#byEmail.set(email.toLowerCase(), account);
    this.#byLogin.set(account.login.toLowerCase(), account);
  }

  /** `583231+octocat@users.noreply.github.com` holds the account's number. */
  #ofNoReply(email: string): string | null {
    const found = /^(\d{1,15})\+[^@]*@users\.noreply\.([\w.-]+)$/i.exec(email);
    return found?.[2]?.toLowerCase() === this.#hostName ? `${this.#hostName}#${found[1]}` : null;
  }
}

function unique(parts: readonly Participant[]): readonly Participant[] {
  const seen = new Map<string, Participant>();
  for (const one of parts) seen.set(JSON.stringify([one.part, one.account ?? one.name, one.actor]), one);
  return [...seen.values()];
}
