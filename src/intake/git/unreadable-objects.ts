import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../core/errors.ts';
import { DiffReader, type DiffRequest, type StandIns } from './diff-reader.ts';
import { type GitContext, runGit } from './git-child.ts';
import { ObjectReader } from './object-reader.ts';
import type { PrivateView } from './private-view.ts';

const lookAhead = 256;

export type BlobFault = 'missing' | 'damaged';

/**
 * Git dies on the first blob of a diff that it cannot read (a partial clone, a damaged pack). This stands an empty blob in for
 * each of them, in our private view only (`refs/replace`), so that one git can show the whole history; whoever reads the
 * diffs asks here which files to report as unreadable instead of believing their lines. Nothing is sought before
 * git has died once: sound repositories pay nothing.
 */
export class UnreadableObjects implements StandIns {
  readonly #view: PrivateView;
  readonly #line: readonly DiffRequest[];
  readonly #faults = new Map<string, BlobFault>();
  readonly #withoutTree = new Set<string>();
  #soughtMissing = false;

  /** `line` holds the diffs that will be read, so that what they miss is found at once. */
  constructor(view: PrivateView, line: readonly DiffRequest[]) {
    this.#view = view;
    this.#line = line;
  }

  faultOf(blob: string): BlobFault | undefined {
    return this.#faults.get(blob);
  }

  /** Whether a side of this diff has no tree at all. */
  lacksTree({ newId, oldId }: DiffRequest): boolean {
    return this.#withoutTree.has(newId) || (oldId !== null && this.#withoutTree.has(oldId));
  }

  /**
   * Finds out what made git die at `request`. The first time everything that is missing from the whole line is sought, for
   * a partial clone misses thousands; afterwards (or if that was not it) the blobs of this one diff are read one by one.
   * True where the diff is worth another try; false where a tree or a commit is damaged, which nothing can stand in for.
   */
  async mend(request: DiffRequest): Promise<boolean> {
    if (!this.#soughtMissing) {
      this.#soughtMissing = true;
      await this.#seekMissing();
      if (this.lacksTree(request)) return false;
      if (this.#faults.size > 0) return true;
    }
    const blobs = await blobsOf(this.#view.refs, [request]);
    const unknown = [...blobs].filter((id) => !this.#faults.has(id));
    return this.#standIn(await unreadable(this.#view.refs, unknown), 'damaged');
  }

  async #seekMissing(): Promise<void> {
    const commits = new Set(
      this.#line.flatMap(({ newId, oldId }) => (oldId === null ? [newId] : [newId, oldId])),
    );
    const trees = await unreadable(
      this.#view.refs,
      [...commits].map((id) => `${id}^{tree}`),
    );
    for (const name of trees) this.#withoutTree.add(name.slice(0, name.indexOf('^')));
    const readable = this.#line.filter((request) => !this.lacksTree(request));
    const blobs = await blobsOf(this.#view.refs, readable);
    await this.#standIn(await missing(this.#view.refs, [...blobs]), 'missing');
  }

  /** False where there is nothing to replace. */
  async #standIn(ids: readonly string[], fault: BlobFault): Promise<boolean> {
    if (ids.length === 0) return false;
    const empty = await git(this.#view.diffs, ['hash-object', '-w', '-t', 'blob', '--stdin'], '');
    for (const id of ids) this.#faults.set(id, fault);
    const lines = [...this.#faults.keys()].toSorted().map((id) => `${empty.trim()} refs/replace/${id}\n`);
    const file = join(this.#view.diffsFolder, 'packed-refs');
    await writeFile(`${file}.new`, `# pack-refs with: peeled fully-peeled sorted \n${lines.join('')}`);
    await rename(`${file}.new`, file);
    return true;
  }
}

/** Ids of every blob that these diffs show; diffs that cannot be read are left out. */
async function blobsOf(context: GitContext, requests: readonly DiffRequest[]): Promise<ReadonlySet<string>> {
  const blobs = new Set<string>();
  const reader = new DiffReader(context, { show: ['--no-renames'], textLimit: 0 });
  const sink = {
    file: (entry: { readonly oldId: string; readonly newId: string; readonly submodule: boolean }) => {
      if (!entry.submodule) for (const id of [entry.oldId, entry.newId]) if (!/^0+$/.test(id)) blobs.add(id);
      return false;
    },
    hunk: () => undefined,
    removed: () => undefined,
    added: () => undefined,
  };
  try {
    for (const [index, request] of requests.entries()) {
      reader.request(request);
      if (index >= lookAhead) await reader.read(() => sink);
    }
    for (let left = Math.min(lookAhead, requests.length); left > 0; left -= 1) await reader.read(() => sink);
  } finally {
    await reader.close();
  }
  return blobs;
}

/** Which of these names do not lead to an object. */
async function missing(context: GitContext, names: readonly string[]): Promise<readonly string[]> {
  const output = await git(context, ['cat-file', '--batch-check', '--buffer'], `${names.join('\n')}\n`);
  return output
    .split('\n')
    .filter((line) => line.endsWith(' missing'))
    .map((line) => line.slice(0, -' missing'.length));
}

/** Which of these names do not lead to an object that can be read to its end. */
async function unreadable(context: GitContext, names: readonly string[]): Promise<readonly string[]> {
  const reader = new ObjectReader(context);
  try {
    const objects = await Promise.all(names.map((name) => reader.read(name, 0)));
    return names.filter((_, index) => objects[index]?.found === false);
  } finally {
    await reader.close();
  }
}

async function git(context: GitContext, args: readonly string[], input: string): Promise<string> {
  const doing = 'looking for unreadable objects';
  const { status, output, complaint } = await runGit(context, { args, doing, input });
  if (status !== 0) throw new AppError('GIT_FAILED', { doing, detail: complaint });
  return output.toString('latin1');
}
