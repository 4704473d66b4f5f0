import { bodyOf, type LandingSigns, landingSigns, subjectOf } from '../../core/change/landing.ts';
import { type Gap, maxCommits, type ObservedCommit, type Person } from '../../core/change/observed-change.ts';
import type { UnitStart } from '../../core/risk/change-replay.ts';
import type { ReadCommit } from './read-commit.ts';

export type MentionsAgent = (commit: Pick<ObservedCommit, 'author' | 'committer' | 'message'>) => boolean;

/** What one commit of the first-parent line brought in: itself last, parents before children. */
export class LandingUnit {
  readonly #mentionsAgent: MentionsAgent;
  readonly #kept: ReadCommit[] = [];
  readonly #authors = new Map<string, { readonly person: Person; commits: number }>();
  readonly #unreadable: string[] = [];
  #omitted = 0;
  #innerCommits = 0;
  #innerAiCommits = 0;
  #ai = false;
  #firstAuthoredAt = Number.POSITIVE_INFINITY;

  constructor(mentionsAgent: MentionsAgent) {
    this.#mentionsAgent = mentionsAgent;
  }

  /** A commit that the landing commit brought in, or an earlier one of a rebased pull request. */
  addInner(commit: ReadCommit): void {
    this.#keep(commit);
    const ai = this.#mentionsAgent(commit.observed);
    this.#ai ||= ai;
    // Merges inside of a branch say who merged, not who wrote.
    if (commit.observed.parents.length < 2) this.#countInner(commit, ai);
  }

  addUnreadable(sha: string): void {
    this.#unreadable.push(sha);
  }

  /** The unit is whole: `landing` is the commit on the line. */
  close(landing: ReadCommit, signs: LandingSigns): ClosedUnit {
    this.#keep(landing);
    const inner = this.#kept.slice(0, -1).map(({ observed }) => observed);
    const ai = this.#mentionsAgent(landing.observed);
    this.#ai ||= ai;
    // The last commit of a rebased pull request is one of its own, a merge is not; one squashed commit has no inner ones.
    if (this.#innerCommits === 0) this.#count(landing);
    else if (landing.observed.parents.length < 2) this.#countInner(landing, ai);
    return {
      commits: this.#kept.map(({ observed }) => observed),
      author: this.#mostFrequentAuthor(landing.observed.author),
      gaps: this.#gaps(),
      start: {
        sha: landing.observed.sha,
        committedAt: landing.committedAt,
        firstAuthoredAt: this.#firstAuthoredAt,
        parents: landing.observed.parents.length,
        author: authorKey(this.#mostFrequentAuthor(landing.observed.author)),
        title: replayTitle(landing.observed, signs, inner),
        body: [bodyOf(landing.observed.message), ...inner.map(subjectAndBody)].join('\n'),
        innerCommits: this.#innerCommits,
        innerAuthors: this.#authors.size,
        innerAiCommits: this.#innerAiCommits,
        ai: this.#ai,
      },
    };
  }

  #keep(commit: ReadCommit): void {
    this.#kept.push(commit);
    if (this.#kept.length <= maxCommits) return;
    this.#kept.shift();
    this.#omitted += 1;
  }

  #countInner(commit: ReadCommit, ai: boolean): void {
    this.#innerCommits += 1;
    if (ai) this.#innerAiCommits += 1;
    this.#count(commit);
  }

  #count(commit: ReadCommit): void {
    const { author } = commit.observed;
    const key = authorKey(author);
    const known = this.#authors.get(key);
    // Entered anew each time, so that of authors with equally many commits the latest one comes last.
    this.#authors.delete(key);
    this.#authors.set(key, { person: author, commits: (known?.commits ?? 0) + 1 });
    this.#firstAuthoredAt = Math.min(this.#firstAuthoredAt, commit.authoredAt);
  }

  #mostFrequentAuthor(otherwise: Person): Person {
    let most = { person: otherwise, commits: 0 };
    for (const author of this.#authors.values()) if (author.commits >= most.commits) most = author;
    return most.person;
  }

  #gaps(): readonly Gap[] {
    const gaps: Gap[] = this.#unreadable.map((sha) => ({
      code: 'unreadable-object',
      detail: `The commit ${sha} could not be read.`,
    }));
    if (this.#omitted > 0) {
      gaps.push({
        code: 'commits-omitted',
        detail: `${this.#omitted} earlier commits were left out; at most ${maxCommits} are kept.`,
      });
    }
    return gaps;
  }
}

export interface ClosedUnit {
  readonly commits: readonly ObservedCommit[];
  readonly author: Person;
  readonly gaps: readonly Gap[];
  readonly start: UnitStart;
}

export function signsOf(commit: ObservedCommit): LandingSigns {
  return landingSigns({
    message: commit.message,
    parents: commit.parents.length,
    committerEmail: commit.committer.email,
  });
}

function authorKey(person: Person): string {
  return person.email.toLowerCase() || person.name;
}

/** Which title tells whether the unit mends a fault: a merge's own subject does not (as the reference miner has it). */
function replayTitle(landing: ObservedCommit, signs: LandingSigns, inner: readonly ObservedCommit[]): string {
  const subject = subjectOf(landing.message);
  if (landing.parents.length < 2 || !/^merge (?:pull|branch|remote|pr)/i.test(subject)) return subject;
  if (signs.kind === 'pull_request') return signs.title;
  const subjects = inner.filter(({ parents }) => parents.length < 2).map(({ message }) => subjectOf(message));
  return subjects.reduce((longest, text) => (text.length > longest.length ? text : longest), '') || subject;
}

function subjectAndBody({ message }: ObservedCommit): string {
  return `${subjectOf(message)}\n${bodyOf(message)}`;
}
