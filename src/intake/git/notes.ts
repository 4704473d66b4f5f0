import { GitChild, type GitContext } from './git-child.ts';

const noteCountLimit = 1_000_000;

export interface Notes {
  /** Noted commit → the note's blob. */
  readonly blobs: ReadonlyMap<string, string>;
  /** False where the notes tree could not be read to its end, or holds more notes than are read. */
  readonly complete: boolean;
}

export const noNotes: Notes = { blobs: new Map(), complete: true };

/** Lists the notes of a notes commit, whatever the fan-out of its tree (0 to 3 levels of two digits, git-notes(1)). */
export async function listNotes(context: GitContext, notesCommit: string): Promise<Notes> {
  const child = new GitChild(context, {
    args: ['ls-tree', '-r', '-z', '--full-tree', notesCommit],
    doing: 'listing the notes',
  });
  const blobs = new Map<string, string>();
  try {
    child.endInput();
    let rest = '';
    for (let chunk = await child.next(); chunk !== undefined; chunk = await child.next()) {
      const entries = (rest + chunk.toString('latin1')).split('\0');
      rest = entries.pop() ?? '';
      for (const entry of entries) {
        const [, blob = '', path = ''] = /^100644 blob ([0-9a-f]+)\t(.*)$/s.exec(entry) ?? [];
        const commit = path.replaceAll('/', '');
        if (/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(commit)) blobs.set(commit, blob);
      }
      if (blobs.size > noteCountLimit) return { blobs, complete: false };
    }
    return { blobs, complete: (await child.exit()).status === 0 };
  } finally {
    await child.kill();
  }
}
