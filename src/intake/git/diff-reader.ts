import { type DiffEntry, DiffParser, type DiffSink, endMark } from './diff-parser.ts';
import { GitChild, type GitContext } from './git-child.ts';

/** From `oldId`'s tree (null: from nothing, for a commit without parents) to `newId`'s; both are commits. */
export interface DiffRequest {
  readonly newId: string;
  readonly oldId: string | null;
}

/** Knows what git cannot read, and lets something else stand in for it. */
export interface StandIns {
  /** Whether a side of this diff has no tree at all, so that git need not be asked. */
  lacksTree(request: DiffRequest): boolean;
  /** Git died at this diff: true where it is worth another try. */
  mend(request: DiffRequest): Promise<boolean>;
}

export interface DiffReaderOptions {
  /** `-p` for content, nothing for files alone, `-M` for renames. */
  readonly show: readonly string[];
  /** Only these paths, literally. */
  readonly paths?: readonly string[];
  /** Characters of each line that the sink gets. */
  readonly textLimit: number;
  /** Without them a diff that makes git die is unreadable, and that is all. */
  readonly standIns?: StandIns;
}

/**
 * Reads diffs one after the other through one `git diff-tree --stdin`; ask for many ahead, so that git works while its last
 * diff is being used. Where git dies, the diff is tried again if stand-ins help, else it is unreadable, and a new git goes
 * on with the next one.
 */
export class DiffReader {
  readonly #context: GitContext;
  readonly #options: DiffReaderOptions;
  readonly #parser: DiffParser;
  readonly #requests: DiffRequest[] = [];
  #child: GitChild | undefined;
  #chunk: Buffer = Buffer.alloc(0);
  #position = 0;

  constructor(context: GitContext, options: DiffReaderOptions) {
    this.#context = context;
    this.#options = options;
    this.#parser = new DiffParser(options.textLimit);
  }

  /** Asks for a diff; they are read in the order in which they were asked for. */
  request(request: DiffRequest): void {
    this.#requests.push(request);
    this.#child?.write(this.#input(request));
  }

  /** Reads the next diff into what `open` gives, which is called anew for each attempt. */
  async read(open: () => DiffSink): Promise<'read' | 'unreadable'> {
    const request = this.#requests[0];
    if (request === undefined) throw new RangeError('no diff was asked for');
    const { standIns } = this.#options;
    let ended = await this.#attempt(request, open());
    while (!ended && (await standIns?.mend(request))) ended = await this.#attempt(request, open());
    this.#requests.shift();
    return ended && this.#parser.sawCommit ? 'read' : 'unreadable';
  }

  async close(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    await child?.kill();
  }

  /** False where git died. */
  async #attempt(request: DiffRequest, sink: DiffSink): Promise<boolean> {
    if (this.#options.standIns?.lacksTree(request)) return false;
    const child = this.#started();
    this.#parser.begin(sink);
    while (!this.#parser.ended) {
      if (this.#position >= this.#chunk.length) {
        const chunk = await child.next();
        if (chunk === undefined) {
          await this.close();
          return false;
        }
        this.#chunk = chunk;
        this.#position = 0;
      }
      this.#position = this.#parser.read(this.#chunk, this.#position);
    }
    return true;
  }

  #started(): GitChild {
    if (this.#child !== undefined) return this.#child;
    const { show, paths } = this.#options;
    // What is shown is fixed here and not left to the defaults of a git version.
    const args = [
      'diff-tree',
      '--stdin',
      '--always',
      '--root',
      '-r',
      '--raw',
      '--no-abbrev',
      '-l400',
      ...show,
    ];
    this.#child = new GitChild(this.#context, {
      args: paths === undefined ? args : [...args, '--', ...paths],
      doing: 'reading diffs',
    });
    this.#chunk = Buffer.alloc(0);
    this.#position = 0;
    this.#child.write(this.#requests.map((request) => this.#input(request)).join(''));
    return this.#child;
  }

  #input(request: DiffRequest): string {
    if (this.#options.standIns?.lacksTree(request)) return '';
    return `${request.newId}${request.oldId === null ? '' : ` ${request.oldId}`}\n${endMark}\n`;
  }
}

/** Lists the files that differ between commits; many may be asked for at once, and are answered in that order. */
export class FileLister {
  readonly #diffs: DiffReader;
  #last: Promise<unknown> = Promise.resolve();

  constructor(diffs: DiffReader) {
    this.#diffs = diffs;
  }

  /** Undefined where the files cannot be listed. */
  list(request: DiffRequest): Promise<readonly DiffEntry[] | undefined> {
    this.#diffs.request(request);
    const answer = this.#last.then(() => this.#read());
    this.#last = answer.catch(() => undefined);
    return answer;
  }

  async #read(): Promise<readonly DiffEntry[] | undefined> {
    let files: DiffEntry[] = [];
    const outcome = await this.#diffs.read(() => {
      files = [];
      return listInto(files);
    });
    return outcome === 'read' ? files : undefined;
  }
}

function listInto(files: DiffEntry[]): DiffSink {
  return {
    file: (entry) => {
      files.push(entry);
      return false;
    },
    hunk: () => undefined,
    removed: () => undefined,
    added: () => undefined,
  };
}

/** With content: lines changed, no context, no program or filter of the repository's choice. */
export const withContent = [
  '-p',
  '-U0',
  '-M',
  '--no-color',
  '--no-ext-diff',
  '--no-textconv',
  '--submodule=short',
  '--src-prefix=a/',
  '--dst-prefix=b/',
] as const;
