import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../core/errors.ts';
import { type GitContext, runGit } from './git-child.ts';
import type { RepositoryPlace } from './locate-repository.ts';
import type { PrivateView } from './private-view.ts';

/** The references as they stood when the repository was opened. */
export interface References {
  /** Short name of the default branch; `HEAD` where HEAD is detached. */
  readonly targetBranch: string;
  /** Null for a repository without commits. */
  readonly headSha: string | null;
  /** Notes in Git AI's form. Only `refs/notes/ai`: git-ai merges what it fetches from remotes into it. */
  readonly notes: string | undefined;
  /** Tips of Entire's checkpoint branch: the local one, then the remotes'. */
  readonly checkpointBranches: readonly string[];
  /** Entire's newer form: checkpoint id → commit. */
  readonly checkpoints: ReadonlyMap<string, string>;
  /** The repository has `refs/replace`, which this reader ignores. */
  readonly replaced: boolean;
  /** SHA-256, hex, over everything above and the shallow boundary. */
  readonly digest: string;
}

const readPrefixes = [
  'refs/heads/',
  'refs/remotes/',
  'refs/notes/ai',
  'refs/entire/checkpoints/',
  'refs/replace/',
] as const;

interface Reference {
  readonly id: string;
  readonly symbolic: string | undefined;
}

type ReferenceMap = ReadonlyMap<string, Reference>;

export async function readReferences(view: PrivateView, place: RepositoryPlace): Promise<References> {
  const references = await listReferences(view.refs, place);
  const target = await chooseTarget(view.refs, place, references);
  const checkpointBranch = /^refs\/(?:heads|remotes\/[^/]+)\/entire\/checkpoints\/v1$/;
  const checkpointId = /^refs\/entire\/checkpoints\/[^/]+\/([0-9A-Za-z]{6,40})$/;
  const found = {
    targetBranch: target.branch,
    headSha: target.sha,
    notes: references.get('refs/notes/ai')?.id,
    checkpointBranches: matching(references, checkpointBranch).map(([, id]) => id),
    checkpoints: new Map(matching(references, checkpointId)),
    replaced: [...references.keys()].some((name) => name.startsWith('refs/replace/')),
  };
  const state = { ...found, checkpoints: [...found.checkpoints], shallow: [...view.shallow].toSorted() };
  return { ...found, digest: createHash('sha256').update(JSON.stringify(state)).digest('hex') };
}

/** The commit that a branch, a tag, an id or an expression such as `HEAD~3` names. Fails with REVISION_UNKNOWN. */
export async function resolveRevision(
  context: GitContext,
  place: RepositoryPlace,
  revision: string,
): Promise<string> {
  const unknown = new AppError('REVISION_UNKNOWN', { revision: revision.slice(0, 200), path: place.path });
  if (revision === '' || revision.startsWith('-') || /\p{Cc}/u.test(revision)) throw unknown;
  const { status, output } = await runGit(context, {
    args: ['rev-parse', '--verify', '--quiet', `${revision}^{commit}`],
    doing: 'looking up a revision',
  });
  if (status !== 0) throw unknown;
  return output.toString('latin1').trim();
}

async function listReferences(context: GitContext, place: RepositoryPlace): Promise<ReferenceMap> {
  const { status, output, complaint } = await runGit(context, {
    args: ['for-each-ref', '--format=%(objectname) %(refname) %(symref)', ...readPrefixes],
    doing: 'listing the references',
  });
  if (status !== 0) throw new AppError('REPOSITORY_UNREADABLE', { path: place.path, detail: complaint });
  const references = new Map<string, Reference>();
  for (const line of output.toString('utf8').split('\n')) {
    const [id = '', name = '', symbolic = ''] = line.split(' ');
    if (name !== '') references.set(name, { id, symbolic: symbolic || undefined });
  }
  return references;
}

interface Target {
  readonly branch: string;
  readonly sha: string | null;
}

/**
 * The default branch: the one that origin/HEAD names, else HEAD, else main or master. Of origin's branch the remote copy
 * counts, unless the local one has all of it and more.
 */
async function chooseTarget(
  context: GitContext,
  place: RepositoryPlace,
  references: ReferenceMap,
): Promise<Target> {
  const remoteName = references.get('refs/remotes/origin/HEAD')?.symbolic;
  const remote = remoteName === undefined ? undefined : references.get(remoteName);
  if (remoteName !== undefined && remote !== undefined) {
    const branch = remoteName.slice('refs/remotes/origin/'.length);
    const local = references.get(`refs/heads/${branch}`);
    const ahead = local !== undefined && (await isAncestor(context, remote.id, local.id));
    return { branch, sha: ahead ? local.id : remote.id };
  }
  const head = (await readFile(join(place.gitDir, 'HEAD'), 'utf8').catch(() => '')).trim();
  if (/^[0-9a-f]{40,64}$/.test(head)) return { branch: 'HEAD', sha: head };
  const current = /^ref: refs\/heads\/(.+)$/.exec(head)?.[1];
  for (const branch of [current, 'main', 'master']) {
    const found = branch === undefined ? undefined : references.get(`refs/heads/${branch}`);
    if (branch !== undefined && found !== undefined) return { branch, sha: found.id };
  }
  return { branch: current ?? 'main', sha: null };
}

async function isAncestor(context: GitContext, older: string, newer: string): Promise<boolean> {
  const args = ['merge-base', '--is-ancestor', older, newer];
  return older === newer || (await runGit(context, { args, doing: 'comparing branches' })).status === 0;
}

/** Name's first group (or the name) → id, local names first. */
function matching(references: ReferenceMap, pattern: RegExp): readonly (readonly [string, string])[] {
  return [...references].flatMap(([name, { id }]) => {
    const match = pattern.exec(name);
    return match === null ? [] : [[match[1] ?? name, id] as const];
  });
}
