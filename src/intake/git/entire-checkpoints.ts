import type { ObjectReader } from './object-reader.ts';
import type { References } from './references.ts';

/** Where one session's `metadata.json` of a checkpoint lies. */
export interface CheckpointFile {
  /** Number of the session inside of the checkpoint. */
  readonly session: string;
  /** For `ObjectReader`: `<commit>:<path>`. */
  readonly name: string;
  /** For people; without the tip's id, which changes with every new checkpoint. */
  readonly locator: string;
}

const treeLimitBytes = 256 * 1024;
const sessionLimit = 64;

/** Checkpoint ids in a commit message, in order: 12 hex digits, or a ULID. */
export function checkpointIds(message: string): readonly string[] {
  const trailer = /^Entire-Checkpoint:[ \t]*([0-9a-f]{12}|[0-9A-HJKMNP-TV-Z]{26})[ \t\r]*$/gim;
  return [...new Set([...message.matchAll(trailer)].map(([, id = '']) => id))];
}

/**
 * The sessions of a checkpoint, looked up in `refs/entire/checkpoints/<shard>/<id>`, then on the branch
 * `entire/checkpoints/v1`. Empty where no clone has it: not every trailer's checkpoint was pushed.
 */
export async function checkpointFiles(
  reader: ObjectReader,
  references: References,
  id: string,
): Promise<readonly CheckpointFile[]> {
  const own = references.checkpoints.get(id);
  const folder = `${id.slice(0, 2)}/${id.slice(2)}/`;
  const places = [
    ...(own === undefined ? [] : [{ commit: own, path: '', label: `refs/entire/checkpoints:${id}/` }]),
    ...references.checkpointBranches.map((commit) => ({
      commit,
      path: folder,
      label: `entire/checkpoints/v1:${folder}`,
    })),
  ];
  for (const { commit, path, label } of places) {
    const tree = await reader.read(`${commit}:${path.replace(/\/$/, '')}`, treeLimitBytes);
    if (!tree.found || tree.type !== 'tree') continue;
    const idBytes = commit.length / 2;
    return numberedFolders(tree.bytes, idBytes).map((session) => ({
      session,
      name: `${commit}:${path}${session}/metadata.json`,
      locator: `${label}${session}/metadata.json`,
    }));
  }
  return [];
}

/** Names of the folders of a tree object that are numbers. Entry: `<mode> <name>\0<id>`. */
function numberedFolders(tree: Buffer, idBytes: number): readonly string[] {
  const names: string[] = [];
  for (let at = 0; at < tree.length && names.length < sessionLimit; ) {
    const end = tree.indexOf(0, at);
    if (end < 0) break;
    const name = /^40000 (\d{1,4})$/.exec(tree.toString('latin1', at, end))?.[1];
    if (name !== undefined) names.push(name);
    at = end + 1 + idBytes;
  }
  return names.toSorted((left, right) => Number(left) - Number(right));
}
