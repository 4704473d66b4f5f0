import { AppError } from '../../core/errors.ts';
import { GitChild, type GitContext } from './git-child.ts';
import { type LineCommit, type Parents, readLandingLine } from './landing-line.ts';
import { ObjectReader } from './object-reader.ts';
import type { PrivateView } from './private-view.ts';
import { commitLimitBytes, readParents } from './read-commit.ts';

/** Every commit that leads to one head. */
export interface CommitGraph {
  /** What landed, oldest first. */
  readonly line: readonly LineCommit[];
  /** Commits that have parents which could not be read (not: the shallow boundary). */
  readonly broken: ReadonlySet<string>;
  has(sha: string): boolean;
  /** Position on the line of the commit that brought it in. */
  landedWith(sha: string): number | undefined;
  /** Commits that name this one as a parent. */
  childrenOf(sha: string): readonly string[];
}

/**
 * Reads the history of `head`, damaged ones too: what cannot be read ends the history there. Fails with
 * REPOSITORY_UNREADABLE where that is the head itself.
 */
export async function readCommitGraph(view: PrivateView, head: string): Promise<CommitGraph> {
  const listed = await listCommits(view.refs, head);
  const { parents, broken } =
    listed === undefined ? await walkCommits(view, head) : { parents: listed, broken: new Set<string>() };
  const reader = new ObjectReader(view.refs);
  try {
    const line = await readLandingLine(head, parents, reader);
    return {
      line,
      broken,
      has: (sha) => parents.has(sha),
      landedWith: lazyPositions(line),
      childrenOf: lazyChildren(parents),
    };
  } finally {
    await reader.close();
  }
}

/** Undefined where git could not walk to the end. */
async function listCommits(context: GitContext, head: string): Promise<Parents | undefined> {
  const child = new GitChild(context, {
    args: ['rev-list', '--parents', head, '--'],
    doing: 'listing the commits',
  });
  const parents = new Map<string, readonly string[]>();
  const take = (line: string) => {
    const [sha = '', ...others] = line.split(' ');
    parents.set(sha, others);
  };
  try {
    child.endInput();
    let rest = '';
    for (let chunk = await child.next(); chunk !== undefined; chunk = await child.next()) {
      const lines = (rest + chunk.toString('latin1')).split('\n');
      rest = lines.pop() ?? '';
      lines.forEach(take);
    }
    const { status } = await child.exit();
    return status === 0 ? parents : undefined;
  } finally {
    await child.kill();
  }
}

interface Walked {
  readonly parents: Parents;
  readonly broken: ReadonlySet<string>;
}

/** Follows the parents commit by commit; some thousand a second, so only where git gave up. */
async function walkCommits({ path, refs, shallow }: PrivateView, head: string): Promise<Walked> {
  const reader = new ObjectReader(refs);
  const found = new Map<string, readonly string[]>();
  const lost = new Set<string>();
  const visit = async (sha: string): Promise<readonly string[]> => {
    const object = await reader.read(sha, commitLimitBytes);
    if (!object.found || object.type !== 'commit') {
      lost.add(sha);
      return [];
    }
    const parents = shallow.has(sha) ? [] : readParents(object.bytes);
    found.set(sha, parents);
    return parents;
  };
  try {
    for (let wave = [head]; wave.length > 0; ) {
      const parents = (await Promise.all(wave.map(visit))).flat();
      wave = [...new Set(parents)].filter((sha) => !found.has(sha) && !lost.has(sha));
    }
  } finally {
    await reader.close();
  }
  if (lost.has(head)) {
    throw new AppError('REPOSITORY_UNREADABLE', { path, detail: `the commit ${head} is missing or damaged` });
  }
  return withoutLost(found, lost);
}

function withoutLost(found: Parents, lost: ReadonlySet<string>): Walked {
  const broken = new Set<string>();
  const parents = new Map(found);
  for (const [sha, its] of found) {
    if (!its.some((parent) => lost.has(parent))) continue;
    broken.add(sha);
    parents.set(
      sha,
      its.filter((parent) => !lost.has(parent)),
    );
  }
  return { parents, broken };
}

function lazyPositions(line: readonly LineCommit[]): (sha: string) => number | undefined {
  let positions: Map<string, number> | undefined;
  return (sha) => {
    positions ??= new Map(line.flatMap((one, at) => [...one.inner, one.sha].map((each) => [each, at])));
    return positions.get(sha);
  };
}

function lazyChildren(parents: Parents): (sha: string) => readonly string[] {
  let children: ReadonlyMap<string, readonly string[]> | undefined;
  return (sha) => {
    children ??= invert(parents);
    return children.get(sha) ?? [];
  };
}

function invert(parents: Parents): ReadonlyMap<string, readonly string[]> {
  const children = new Map<string, string[]>();
  for (const [child, its] of parents) {
    for (const parent of its) {
      const known = children.get(parent);
      if (known === undefined) children.set(parent, [child]);
      else known.push(child);
    }
  }
  return children;
}
