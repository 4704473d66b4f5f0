import { AppError } from '../../core/errors.ts';
import { GitChild, type GitContext } from './git-child.ts';

export type GitObject =
  | {
      readonly found: true;
      readonly id: string;
      readonly type: string;
      readonly sizeBytes: number;
      /** Cut at the limit that was asked for. */
      readonly bytes: Buffer;
      /** The last bytes of what `bytes` leaves out, as many as were asked for. */
      readonly tail: Buffer;
    }
  | { readonly found: false; readonly reason: 'missing' | 'unreadable' };

interface Request {
  readonly name: string;
  readonly limitBytes: number;
  readonly tailBytes: number;
  readonly resolve: (object: GitObject) => void;
  readonly reject: (error: unknown) => void;
}

const newline = 0x0a;

/**
 * Reads objects one after the other through one `git cat-file --batch`. Many may be asked for at once; they are answered in
 * that order. A damaged object kills git: it is answered `unreadable`, and a new git goes on with the next one.
 */
export class ObjectReader {
  readonly #context: GitContext;
  readonly #requests: Request[] = [];
  #child: GitChild | undefined;
  #chunk: Buffer = Buffer.alloc(0);
  #pumping = false;
  #closed = false;

  constructor(context: GitContext) {
    this.#context = context;
  }

  /** `name` is an object id or `<commit>:<path>` without line breaks. */
  read(name: string, limitBytes: number, tailBytes = 0): Promise<GitObject> {
    const answer = new Promise<GitObject>((resolve, reject) => {
      this.#requests.push({ name, limitBytes, tailBytes, resolve, reject });
    });
    // What was asked for ahead may never be looked at; its failure is met by whoever looks at an earlier one.
    answer.catch(() => undefined);
    this.#child?.write(`${name}\n`);
    if (!this.#pumping) void this.#pump();
    return answer;
  }

  /** Ends git; what is still outstanding is never answered. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#end();
  }

  async #end(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    await child?.kill();
  }

  async #pump(): Promise<void> {
    this.#pumping = true;
    try {
      for (let first = this.#requests[0]; first !== undefined && !this.#closed; first = this.#requests[0]) {
        const object = await this.#answer(first);
        this.#requests.shift();
        first.resolve(object);
      }
    } catch (error) {
      for (const { reject } of this.#requests.splice(0)) reject(error);
    } finally {
      this.#pumping = false;
    }
  }

  async #answer(request: Request): Promise<GitObject> {
    const child = this.#started();
    const header = await this.#line(child);
    const object = header === undefined ? undefined : await this.#body(child, header, request);
    if (object !== undefined) return object;
    await this.#end();
    return { found: false, reason: 'unreadable' };
  }

  #started(): GitChild {
    if (this.#child !== undefined) return this.#child;
    this.#child = new GitChild(this.#context, { args: ['cat-file', '--batch'], doing: 'reading objects' });
    this.#chunk = Buffer.alloc(0);
    this.#child.write(this.#requests.map(({ name }) => `${name}\n`).join(''));
    return this.#child;
  }

  async #body(child: GitChild, header: string, request: Request): Promise<GitObject | undefined> {
    if (header.endsWith(' missing')) return { found: false, reason: 'missing' };
    const [id, type, size] = header.split(' ');
    const sizeBytes = Number(size);
    if (id === undefined || type === undefined || !Number.isSafeInteger(sizeBytes)) {
      throw new AppError('GIT_FAILED', {
        doing: 'reading objects',
        detail: `it answered ${header.slice(0, 200)}`,
      });
    }
    const tailBytes = Math.min(request.tailBytes, Math.max(0, sizeBytes - request.limitBytes));
    const bytes = await this.#take(child, sizeBytes - tailBytes, request.limitBytes);
    if (bytes === undefined) return undefined;
    const tail = await this.#take(child, tailBytes, tailBytes);
    // The line end that follows each object.
    if (tail === undefined || (await this.#take(child, 1, 0)) === undefined) return undefined;
    return { found: true, id, type, sizeBytes, bytes, tail };
  }

  async #line(child: GitChild): Promise<string | undefined> {
    let line = '';
    while (true) {
      const end = this.#chunk.indexOf(newline);
      if (end >= 0) {
        line += this.#chunk.toString('utf8', 0, end);
        this.#chunk = this.#chunk.subarray(end + 1);
        return line;
      }
      line += this.#chunk.toString('utf8');
      const next = await child.next();
      if (next === undefined) return undefined;
      this.#chunk = next;
    }
  }

  /** Consumes `count` bytes and gives the first `limit` of them; undefined where git ends before. */
  async #take(child: GitChild, count: number, limit: number): Promise<Buffer | undefined> {
    const kept: Buffer[] = [];
    let room = Math.min(count, limit);
    let left = count;
    while (true) {
      const part = this.#chunk.subarray(0, left);
      this.#chunk = this.#chunk.subarray(part.length);
      left -= part.length;
      if (room > 0) {
        kept.push(part.subarray(0, room));
        room -= Math.min(room, part.length);
      }
      if (left === 0) return kept.length === 1 && kept[0] ? kept[0] : Buffer.concat(kept);
      const next = await child.next();
      if (next === undefined) return undefined;
      this.#chunk = next;
    }
  }
}
