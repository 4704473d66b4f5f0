import type { Forge, Landing, ObservedChange } from './observed-change.ts';

/** What a landing commit says of how it came to the branch: its own words, which anybody could have written. */
export interface LandingSigns {
  readonly kind: ObservedChange['kind'];
  readonly landing: Landing;
  readonly number?: number;
  readonly forge?: Forge;
  /** The pull request's title where the message tells it, else the subject; one line, at most 500 characters. */
  readonly title: string;
  readonly sourceBranch?: string;
}

/** The commit on the first-parent line. */
export interface LandingCommit {
  readonly message: string;
  readonly parents: number;
  readonly committerEmail: string;
}

const titleLimit = 500;
/** Forges write their subjects in much less; what is longer is searched no further. */
const lineLimit = 2_000;
/** A forge's number: no leading zero, ten digits at most, so that it is exact in every JSON reader. */
const number = '([1-9][0-9]{0,9})';

interface Message {
  /** First line. */
  readonly subject: string;
  /** Non-empty lines after it. */
  readonly lines: readonly string[];
}

interface Form {
  readonly forge: Forge;
  readonly subject: RegExp;
  /** Must fit one of the later lines too; its groups follow those of the subject. */
  readonly line?: RegExp;
  /** Only where there are several parents: the subject alone is not certain enough. */
  readonly mergeOnly?: true;
  readonly groups: readonly ('number' | 'branch' | 'title')[];
}

/** Subjects that forges write by themselves. The title, where no group has it, is the first line of the body. */
const forms: readonly Form[] = [
  {
    forge: 'github',
    subject: new RegExp(`^Merge pull request #${number} from [^/ ]+/(\\S+)$`),
    groups: ['number', 'branch'],
  },
  {
    forge: 'gitea',
    subject: new RegExp(`^Merge pull request '(.*)' \\([#!]${number}\\) from (?:[^: ]+:)?(\\S+) into \\S+$`),
    groups: ['title', 'number', 'branch'],
  },
  {
    forge: 'gitlab',
    subject: /^Merge branch '([^']+)' into '[^']+'$/,
    line: new RegExp(`^See merge request [\\w./-]*!${number}$`),
    groups: ['branch', 'number'],
  },
  {
    forge: 'gitlab',
    subject: /^Merge branch '([^']+)'$/,
    line: new RegExp(`^See merge request [\\w./-]*!${number}$`),
    groups: ['branch', 'number'],
  },
  {
    forge: 'bitbucket',
    subject: new RegExp(`^Merged in (\\S+) \\(pull request #${number}\\)$`),
    groups: ['branch', 'number'],
  },
  {
    forge: 'bitbucket',
    subject: new RegExp(`^Pull request #${number}: (.*)$`),
    line: /^Merge in \S+ from (\S+) to \S+$/,
    groups: ['number', 'title', 'branch'],
  },
  { forge: 'azure-devops', subject: new RegExp(`^Merged PR ${number}: (.*)$`), groups: ['number', 'title'] },
  {
    forge: 'azure-devops',
    subject: new RegExp(`^Merge pull request ${number} from (\\S+) into \\S+$`),
    groups: ['number', 'branch'],
  },
  {
    // bors and homu, the merge queues of several large projects.
    forge: 'github',
    subject: new RegExp(`^Auto merge of #${number} - [^: ]+:(\\S+), r=\\S+$`),
    mergeOnly: true,
    groups: ['number', 'branch'],
  },
];

interface Trailer {
  readonly forge: Forge;
  readonly line: RegExp;
  /** How a single commit with this line was landed. */
  readonly landing: Landing;
}

/** Lines that forges and landing bots add to commits whose subject they leave alone. */
const trailers: readonly Trailer[] = [
  { forge: 'gitlab', line: new RegExp(`^See merge request [\\w./-]*!${number}$`), landing: 'squash' },
  {
    forge: 'gitlab',
    line: new RegExp(`^Part-of: <https?://[^\\s<>]+/merge_requests/${number}>$`),
    landing: 'rebase',
  },
  { forge: 'gitea', line: new RegExp(`^Reviewed-on: https?://\\S+/pulls/${number}$`), landing: 'rebase' },
  { forge: 'github', line: new RegExp(`^PR-URL: https?://\\S+/pull/${number}$`), landing: 'rebase' },
];

/**
 * Kind, landing, number, forge, title and source branch of one commit on the first-parent line, as far as its message is
 * certain; everything else is a `direct_push`. The first that fits decides:
 * 1. a subject that a forge writes for merges (GitHub, Gitea/Forgejo, GitLab, Bitbucket, Azure DevOps, bors);
 * 2. a subject that ends in ` (#123)`: GitHub's and Gitea's squash merges;
 * 3. one of the trailers `See merge request …!123` (GitLab), `Part-of: <…/merge_requests/123>` (marge-bot),
 *    `Reviewed-on: …/pulls/123` (Gitea), `PR-URL: …/pull/123` (Node.js), where it does not name two different numbers.
 * A commit with several parents landed by `merge`, whatever it says.
 */
export function landingSigns(commit: LandingCommit): LandingSigns {
  const message = readMessage(commit.message);
  const signs = byForm(message, commit) ?? byNumberSuffix(message, commit) ?? byTrailer(message);
  const merged = commit.parents > 1 ? { landing: 'merge' as const } : {};
  if (signs !== undefined) return { ...signs, ...merged, title: titleOf(signs.title) };
  const branch =
    commit.parents > 1 ? /^Merge branch '([^']+)'(?: into \S+)?$/.exec(message.subject)?.[1] : undefined;
  return {
    kind: 'direct_push',
    landing: 'push',
    ...merged,
    title: titleOf(message.subject),
    ...(branch === undefined ? {} : { sourceBranch: branch }),
  };
}

/** What two commits that follow each other on the line must share to be one pull request, landed by rebase. */
export interface RebasedCommit extends LandingCommit {
  readonly signs: LandingSigns;
  /** Unix seconds. */
  readonly committedAt: number;
}

const rebaseSpanSeconds = 3_600;

/**
 * Whether `next`, the very next commit of the line, belongs to the same rebased pull request as `previous`: both have one
 * parent and name the same number in the same way, and the same committer committed them within an hour. A number that comes
 * back without that is a later change of its own.
 */
export function continuesRebase(previous: RebasedCommit, next: RebasedCommit): boolean {
  return (
    next.signs.number !== undefined &&
    next.signs.number === previous.signs.number &&
    next.signs.forge === previous.signs.forge &&
    next.parents === 1 &&
    previous.parents <= 1 &&
    next.committerEmail === previous.committerEmail &&
    Math.abs(next.committedAt - previous.committedAt) <= rebaseSpanSeconds
  );
}

/** The subject as git understands it: the lines of the first paragraph, joined. */
export function subjectOf(message: string): string {
  return splitMessage(message).subject;
}

/** What follows the subject and the empty line after it. */
export function bodyOf(message: string): string {
  return splitMessage(message).body;
}

function splitMessage(message: string): { readonly subject: string; readonly body: string } {
  const text = message.replace(/^\n+/, '');
  const end = text.indexOf('\n\n');
  if (end < 0) return { subject: text.trimEnd().replaceAll('\n', ' '), body: '' };
  return { subject: text.slice(0, end).replaceAll('\n', ' '), body: text.slice(end).replace(/^\n+/, '') };
}

function readMessage(message: string): Message {
  const [subject = '', ...lines] = message
    .replace(/^\n+/, '')
    .split('\n')
    .map((line) => line.trimEnd());
  return { subject, lines: lines.filter((line) => line !== '') };
}

type Found = Omit<LandingSigns, 'landing'> & { readonly landing: Landing };

function byForm(message: Message, { parents }: LandingCommit): Found | undefined {
  if (message.subject.length > lineLimit) return undefined;
  for (const form of forms) {
    if (form.mergeOnly && parents < 2) continue;
    const values = matchForm(form, message);
    if (values === undefined) continue;
    const value = (group: 'number' | 'branch' | 'title') => values[form.groups.indexOf(group)];
    const branch = value('branch');
    return {
      kind: 'pull_request',
      landing: 'squash',
      number: Number(value('number')),
      forge: form.forge,
      title: value('title') || bodyTitle(message) || message.subject,
      ...(branch === undefined ? {} : { sourceBranch: branch }),
    };
  }
  return undefined;
}

/** The groups of the subject, then those of the last line that fits. */
function matchForm(form: Form, message: Message): readonly string[] | undefined {
  const subject = form.subject.exec(message.subject);
  if (subject === null) return undefined;
  if (form.line === undefined) return subject.slice(1);
  const line = lastMatch(message, form.line);
  return line === undefined ? undefined : [...subject.slice(1), ...line.slice(1)];
}

function byNumberSuffix(message: Message, { committerEmail }: LandingCommit): Found | undefined {
  const start = message.subject.lastIndexOf(' (#');
  const digits =
    start < 0 ? undefined : new RegExp(`^ \\(#${number}\\)$`).exec(message.subject.slice(start))?.[1];
  if (digits === undefined) return undefined;
  const forge = forgeOf(message, Number(digits), committerEmail);
  return {
    kind: 'pull_request',
    landing: 'squash',
    number: Number(digits),
    ...(forge === undefined ? {} : { forge }),
    title: message.subject.slice(0, start),
  };
}

function forgeOf(message: Message, pull: number, committerEmail: string): Forge | undefined {
  const trailer = trailers.find(({ line }) => Number(lastMatch(message, line)?.[1]) === pull);
  return trailer?.forge ?? (committerEmail === 'noreply@github.com' ? 'github' : undefined);
}

function byTrailer(message: Message): Found | undefined {
  for (const { forge, line, landing } of trailers) {
    const numbers = new Set(message.lines.flatMap((text) => shortMatch(text, line)?.[1] ?? []));
    const [only] = numbers;
    if (only === undefined || numbers.size > 1) continue;
    return { kind: 'pull_request', landing, number: Number(only), forge, title: message.subject };
  }
  return undefined;
}

/** GitHub, GitLab and Bitbucket put the title first in a merge's body. */
function bodyTitle(message: Message): string | undefined {
  return message.lines.find((line) => !line.startsWith('See merge request '));
}

function lastMatch(message: Message, pattern: RegExp): RegExpExecArray | undefined {
  const line = message.lines.findLast((text) => shortMatch(text, pattern) !== undefined);
  return line === undefined ? undefined : shortMatch(line, pattern);
}

function shortMatch(text: string, pattern: RegExp): RegExpExecArray | undefined {
  return text.length > lineLimit ? undefined : (pattern.exec(text) ?? undefined);
}

function titleOf(text: string): string {
  const line = text
    .slice(0, 4 * titleLimit)
    .replace(/\p{Cc}+/gu, ' ')
    .trim();
  if (line.length <= titleLimit) return line.toWellFormed();
  // A pair of surrogates that the cut would part is left out whole.
  const cut = line.slice(0, titleLimit - 1).replace(/[\ud800-\udbff]$/, '');
  return `${cut.toWellFormed()}…`;
}
