import { mergeBase } from './bare-repository.ts';
import { git } from './run-git.ts';

export interface ChangedFile {
  readonly sha: string;
  readonly path: string;
  readonly previousPath: string | null;
  readonly status: 'added' | 'removed' | 'modified' | 'renamed';
  readonly additions: number;
  readonly deletions: number;
  readonly patch: string | null;
}

export const emptyTree = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';

const statusNames: Readonly<Record<string, ChangedFile['status']>> = {
  A: 'added',
  D: 'removed',
  R: 'renamed',
};
/** GitHub leaves out the patch of a larger file. */
const maxPatchLength = 400_000;

/** The files that differ between two trees, renames found. An empty tree stands for no parent. */
export async function changedFiles(path: string, from: string, to: string): Promise<readonly ChangedFile[]> {
  const diff = ['diff-tree', '-r', '-M', '--no-color', '--no-ext-diff', '--no-textconv'];
  const raw = await git(path, [...diff, '-z', '--raw', from, to]);
  const counts = await countLines(path, from, to);
  const patches = await git(path, [...diff, '-p', from, to]);
  const bodies = patches.split(/^(?=diff --git )/m).filter((part) => part.startsWith('diff --git '));
  return entriesOf(raw).map(({ letter, before, after, previousPath, name }, index) => {
    const [additions, deletions] = counts.get(name) ?? [0, 0];
    return {
      sha: letter === 'D' ? before : after,
      path: name,
      previousPath,
      status: statusNames[letter] ?? 'modified',
      additions,
      deletions,
      patch: patchOf(bodies[index] ?? ''),
    };
  });
}

/** Of what the pull request changes: from where it left its base to its head. */
export async function pullChanges(path: string, base: string, head: string): Promise<readonly ChangedFile[]> {
  return changedFiles(path, (await mergeBase(path, base, head)) ?? emptyTree, head);
}

interface Entry {
  readonly letter: string;
  readonly before: string;
  readonly after: string;
  readonly previousPath: string | null;
  readonly name: string;
}

/** `:<mode> <mode> <sha> <sha> <letter><score>`, then a path, or two of a rename. */
function entriesOf(raw: string): readonly Entry[] {
  const fields = raw.split('\0');
  const entries: Entry[] = [];
  for (let at = 0; at + 1 < fields.length; ) {
    const [, , before = '', after = '', score = 'M'] = (fields[at] ?? '').split(' ');
    const letter = score.charAt(0);
    const isRename = letter === 'R';
    const previousPath = isRename ? (fields[at + 1] ?? '') : null;
    entries.push({ letter, before, after, previousPath, name: fields[at + (isRename ? 2 : 1)] ?? '' });
    at += isRename ? 3 : 2;
  }
  return entries;
}

function patchOf(body: string): string | null {
  const patch = /^@@ [\s\S]*/m.exec(body)?.[0];
  return patch === undefined || patch.length > maxPatchLength ? null : patch.replace(/\n$/, '');
}

async function countLines(
  path: string,
  from: string,
  to: string,
): Promise<ReadonlyMap<string, readonly [number, number]>> {
  const out = await git(path, ['diff-tree', '-r', '-z', '--numstat', '-M', from, to]);
  const counts = new Map<string, readonly [number, number]>();
  const fields = out.split('\0');
  for (let at = 0; at < fields.length; at += 1) {
    const [added, removed, name] = (fields[at] ?? '').split('\t');
    if (added === undefined || removed === undefined) continue;
    // A rename has an empty name here, and its two names in the next fields.
    if (name === '') at += 2;
    counts.set(name === '' ? (fields[at] ?? '') : (name ?? ''), [Number(added) || 0, Number(removed) || 0]);
  }
  return counts;
}
