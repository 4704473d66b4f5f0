import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { VerificationFinding } from '../../src/app/ports.ts';
import { importFrom, withArchive } from './archive.ts';
import { createHistory, type GitHistory } from './git-history.ts';
import { makePlace } from './place.ts';

/** A repository that was imported in three goes, into a data folder with its embedded database, then closed. */
export interface Imported extends AsyncDisposable {
  readonly history: GitHistory;
  readonly path: string;
  /** A copy from between the second and the third import. */
  readonly earlier: string;
  /** A copy of `path`, to be damaged. */
  copy(): Promise<string>;
}

/** Sizes of both logs after the second and the third import, and the changes then. */
export const sizes = {
  earlier: { changes: 550, events: 552, evidence: 550 },
  all: { changes: 700, events: 705, evidence: 702 },
} as const;
/** Changes of which the third import learned something later; it sealed these first. */
const relearned = [12, 300] as const;

export async function importHistory(): Promise<Imported> {
  const place = await makePlace();
  const [path, earlier] = [join(place.path, 'data'), join(place.path, 'earlier')];
  const history = await createHistory(join(place.path, 'shop.git'));
  await withArchive(path, async (archive) => {
    for (const commits of [280, 270]) {
      await history.grow(commits);
      await importFrom(archive, history.path);
    }
  });
  await copyFolder(path, earlier);
  await history.grow(150);
  for (const change of relearned) await history.note(change);
  await withArchive(path, (archive) => importFrom(archive, history.path));
  let copies = 0;
  return {
    history,
    path,
    earlier,
    copy: async () => {
      copies += 1;
      const copy = join(place.path, `copy-${copies}`);
      await copyFolder(path, copy);
      return copy;
    },
    [Symbol.asyncDispose]: () => place[Symbol.asyncDispose](),
  };
}

/** With owners and rights: root's copy has to stay PostgreSQL's. */
export async function copyFolder(from: string, to: string): Promise<void> {
  await promisify(execFile)('cp', ['-a', from, to]);
}

/** Log, code and place of a finding, in short: `events row-missing 9`. */
export function tell({ log, code, index, tile }: VerificationFinding): string {
  return [log, code, index, tile].filter((part) => part !== undefined).join(' ');
}
