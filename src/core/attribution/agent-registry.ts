import { type AgentEntry, type AgentRole, agents } from './registry-data.ts';

/** An identity that the registry knows, and what it takes part as where it stands. */
export interface AgentIdentity {
  readonly agent: string;
  /** As author or committer of a commit. */
  readonly role: AgentRole;
  /** As co-author: a bot that mostly reviews gets there by an accepted suggestion. */
  readonly trailerRole: AgentRole;
}

interface Registry {
  readonly byEmail: ReadonlyMap<string, AgentIdentity>;
  readonly byAccount: ReadonlyMap<string, AgentIdentity>;
  readonly byName: ReadonlyMap<string, string>;
  readonly byId: ReadonlyMap<string, AgentEntry>;
  readonly branches: readonly (readonly [prefix: string, agent: string])[];
  readonly subjects: readonly (readonly [prefix: string, agent: string])[];
}

const registry = indexAgents(agents);

/** GitHub's private address with the numeric id; the old form without it says nothing that lasts. */
const numberedAddress = /^(\d{1,12})\+[^@+]{1,100}@users\.noreply\.github\.com$/;

const genericNames: ReadonlySet<string> = new Set([
  '',
  'agent',
  'ai',
  'ai_agent',
  'ai agent',
  'assistant',
  'unknown',
  'none',
]);

/**
 * The agent behind an e-mail address, by the whole address or by the numeric GitHub id in it; undefined for everyone
 * else. Names and domains never match: `paul@aider.chat` is a person. O(1).
 */
export function identityOfEmail(email: string): AgentIdentity | undefined {
  const address = email.trim().toLowerCase();
  const exact = registry.byEmail.get(address);
  if (exact !== undefined || !address.endsWith('@users.noreply.github.com')) return exact;
  const account = numberedAddress.exec(address)?.[1];
  return account === undefined ? undefined : registry.byAccount.get(account);
}

/** True for `Jane Doe (aider)`: aider marks its user's own identity so (aider/repo.py). */
export function hasAiderSuffix(name: string): boolean {
  return name.endsWith(' (aider)');
}

/**
 * Canonical id of what a record, footer or declaring trailer calls its tool (`Claude Code`, `gemini`); undefined where
 * the name is generic or not in the registry. Never to be asked about the name of a person.
 */
export function agentOfName(name: string): string | undefined {
  return registry.byName.get(name.trim().toLowerCase());
}

/**
 * The agent id of a record's tool: the canonical one, else the tool's own name where it reads like an id (a tool that
 * we do not know is still a tool), else `unknown`.
 */
export function agentOfTool(tool: string | undefined): string {
  if (tool === undefined) return 'unknown';
  const name = tool.trim().toLowerCase();
  if (genericNames.has(name)) return 'unknown';
  const known = registry.byName.get(name);
  if (known !== undefined) return known;
  const slug = name.replaceAll(' ', '-');
  return /^[a-z0-9][a-z0-9._-]{0,39}$/.test(slug) ? slug : 'unknown';
}

/** The agent whose branch prefix (with its slash) the name begins with. A heuristic: anyone may name a branch so. */
export function agentOfBranch(branch: string): string | undefined {
  const name = branch.toLowerCase();
  return registry.branches.find(([prefix]) => name.startsWith(prefix) && name.length > prefix.length)?.[1];
}

/** The agent that begins the subjects of its commits so. A heuristic: it may as well be a scope of the project. */
export function agentOfSubject(subject: string): string | undefined {
  return registry.subjects.find(([prefix]) => subject.startsWith(prefix))?.[1];
}

/** True for agents that commit as their user, so that a human author of such a commit is who ran it, as far as git says. */
export function commitsAsUser(agent: string): boolean {
  return registry.byId.get(agent)?.commitsAsUser === true;
}

function indexAgents(entries: readonly AgentEntry[]): Registry {
  const byEmail = new Map<string, AgentIdentity>();
  const byAccount = new Map<string, AgentIdentity>();
  const byName = new Map<string, string>();
  for (const { id, role, emails = [], accounts = [], reviewingAccounts = [], names = [] } of entries) {
    const identity: AgentIdentity = { agent: id, role, trailerRole: role };
    const reviewing: AgentIdentity = { agent: id, role, trailerRole: 'assist' };
    for (const email of emails) byEmail.set(email, identity);
    for (const account of accounts) byAccount.set(String(account), identity);
    for (const account of reviewingAccounts) byAccount.set(String(account), reviewing);
    for (const name of [id, ...names]) byName.set(name, id);
  }
  return {
    byEmail,
    byAccount,
    byName,
    byId: new Map(entries.map((entry) => [entry.id, entry])),
    branches: entries.flatMap(({ id, branches = [] }) =>
      branches.map((prefix): readonly [string, string] => [prefix, id]),
    ),
    subjects: entries.flatMap(({ id, subjects = [] }) =>
      subjects.map((prefix): readonly [string, string] => [prefix, id]),
    ),
  };
}
