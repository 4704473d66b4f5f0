import { AppError } from '../../core/errors.ts';
import { runGit } from './git-child.ts';
import { LandingUnit, type MentionsAgent, signsOf } from './landing-unit.ts';
import type { ObjectReader } from './object-reader.ts';
import type { PlannedChange } from './plan-changes.ts';
import type { PrivateView } from './private-view.ts';
import { readAhead } from './read-ahead.ts';
import { tryReadCommit } from './read-commit.ts';

export interface RangeOptions {
  readonly mergeBase: string;
  readonly head: string;
  readonly reader: ObjectReader;
  readonly view: PrivateView;
  readonly mentionsAgent: MentionsAgent;
  readonly position: number;
}

const commitsAhead = 400;

/** The commits from the merge base to the head as one pull request that has not landed yet: id `range/<head>`. */
export async function planRange(options: RangeOptions): Promise<PlannedChange> {
  const { mergeBase, head, reader, mentionsAgent } = options;
  const unit = new LandingUnit(mentionsAgent);
  const inner = (await commitsBetween(options)).filter((sha) => sha !== head);
  let title: string | undefined;
  for await (const { sha, commit } of readAhead(inner, commitsAhead, async (id) => ({
    sha: id,
    commit: await tryReadCommit(reader, id),
  }))) {
    if (commit === undefined) unit.addUnreadable(sha);
    else unit.addInner(commit);
    // A pull request is mostly called what its first commit is.
    if (commit !== undefined) title ??= signsOf(commit.observed).title;
  }
  const landing = await tryReadCommit(reader, head);
  if (landing === undefined) {
    throw new AppError('GIT_FAILED', { doing: 'reading the head', detail: `${head} cannot be read` });
  }
  const signs = {
    kind: 'pull_request',
    landing: 'merge',
    title: title ?? signsOf(landing.observed).title,
  } as const;
  const { commits, author, gaps, start } = unit.close(landing, signs);
  return {
    id: `range/${head}`,
    signs,
    baseSha: mergeBase,
    headSha: head,
    landing,
    commits,
    author,
    start: { ...start, title: signs.title },
    gaps,
    diff: { newId: head, oldId: mergeBase },
    position: options.position,
  };
}

async function commitsBetween({ mergeBase, head, view }: RangeOptions): Promise<readonly string[]> {
  const { status, output, complaint } = await runGit(view.refs, {
    args: ['rev-list', '--topo-order', '--reverse', head, `^${mergeBase}`, '--'],
    doing: 'listing the commits',
  });
  if (status !== 0) throw new AppError('GIT_FAILED', { doing: 'listing the commits', detail: complaint });
  return output
    .toString('latin1')
    .split('\n')
    .filter((sha) => sha !== '');
}
