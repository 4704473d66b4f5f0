import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Free space under the folder, or under the nearest one above it that exists. */
export async function freeBytes(path: string): Promise<number> {
  try {
    const { bavail, bsize } = await statfs(path);
    return bavail * bsize;
  } catch (error) {
    if (dirname(path) === path) throw error;
    return freeBytes(dirname(path));
  }
}
