import type { GateInput, Participant } from './gate-input.ts';

/** Who took part in a change, for the question whether somebody else approved it. */
export interface Participation {
  /** Account → what made it one, in words. */
  readonly accounts: ReadonlyMap<string, string>;
  /** Sentences: whom nobody can name. As long as there is one, no approval is known to be independent. */
  readonly unresolved: readonly string[];
  readonly todo: readonly string[];
}

/** `web-flow`: what github.com itself commits as when somebody merges or edits there. The person behind is its author. */
const hostCommitter = { account: 'github.com#19864447', email: 'noreply@github.com' } as const;

/**
 * The accounts of everybody who took part, and who of them is not known (design rule 5). An agent needs no account of its
 * own: who asked it is the person, so that one has to be known. A part that nobody has is a part that was not captured.
 */
export function participationOf(input: Pick<GateInput, 'number' | 'class' | 'participants'>): Participation {
  const participants = input.participants.filter((one) => !isHostCommitter(one));
  const accounts = new Map<string, string>();
  for (const { account, part } of participants)
    if (account && !accounts.has(account)) accounts.set(account, partNames[part]);
  const missing = requiredParts(input)
    .filter((part) => !input.participants.some((one) => one.part === part))
    .map((part) => `Who ${partQuestions[part]} is not known.`);
  const nameless = participants.filter(isNameless).map(namelessSentence);
  const unresolved = [...new Set([...missing, ...requesterUnknown(input), ...nameless])];
  return {
    accounts,
    unresolved,
    todo:
      unresolved.length === 0
        ? []
        : [
            'Tie the names of those who took part to their accounts: until then nobody is known to be independent of them.',
          ],
  };
}

const partNames: Readonly<Record<Participant['part'], string>> = {
  'pull-request-author': 'author of the pull request',
  'commit-author': 'author of a commit',
  committer: 'committer',
  'co-author': 'co-author',
  'session-requester': 'who asked the agent',
  'last-pusher': 'who pushed last',
};

const partQuestions: Readonly<Record<Participant['part'], string>> = {
  'pull-request-author': 'opened the pull request',
  'commit-author': 'wrote the commits',
  committer: 'committed',
  'co-author': 'helped to write it',
  'session-requester': 'asked the agent',
  'last-pusher': 'pushed last',
};

function requiredParts({ number }: Pick<GateInput, 'number'>): readonly Participant['part'][] {
  const always = ['commit-author', 'committer', 'last-pusher'] as const;
  return number === null ? always : ['pull-request-author', ...always];
}

/** A session that a machine started still has a person behind it. */
function isNameless({ part, account, actor }: Participant): boolean {
  if (part === 'session-requester') return !account || actor === 'agent' || actor === 'bot';
  return !account && actor !== 'agent';
}

function namelessSentence({ part, name, account }: Participant): string {
  if (account) return `On whose behalf ${name} asked the agent is not known.`;
  return `The account of ${name === '' ? 'somebody' : name} (${partNames[part]}) is not known.`;
}

/** Whoever prompts an agent could approve its pull request: the account that opened it is the agent's, not theirs. */
function requesterUnknown({ class: actorClass, participants }: Pick<GateInput, 'class' | 'participants'>) {
  const agents = participants.filter(
    ({ actor, part }) => actor === 'agent' || (actor === 'bot' && part === 'pull-request-author'),
  );
  const made = actorClass === 'ai' || actorClass === 'mixed' || agents.length > 0;
  if (!made || participants.some(({ part }) => part === 'session-requester')) return [];
  const who = agents[0]?.name;
  return [`Who asked the agent${who === undefined || who === '' ? '' : ` (${who})`} is not known.`];
}

/** By its address only where no account is known: that can be written by anybody, and so can a colleague's. */
function isHostCommitter({ part, name, account }: Participant): boolean {
  if (part !== 'committer') return false;
  return account === null ? name === hostCommitter.email : account === hostCommitter.account;
}
