/** One touched file as the history needs it: generated and binary files are left out by the caller. */
export interface TouchedFile {
  readonly path: string;
  /** Where the file's past lies: the path before a rename, else the path itself. */
  readonly pastPath: string;
  readonly renamed: boolean;
  readonly deleted: boolean;
}

/** What was known of a unit's files and author before it; column names of `features@1`. */
export interface HistoryFeatures {
  readonly ndev: number;
  readonly age: number;
  readonly nuc: number;
  readonly exp: number;
  readonly rexp: number;
  readonly sexp: number;
  readonly new_files: number;
  readonly fix_365: number;
  readonly fix_max365: number;
  readonly churn90: number;
  readonly own_mean: number;
  readonly files_new_to_author: number;
}

/** The unit that asks, and that is then entered. */
export interface HistoryUnit {
  /** Unix seconds. */
  readonly committedAt: number;
  readonly author: string;
  /** Top folders of its counted files; '' is the root. */
  readonly topFolders: ReadonlySet<string>;
  readonly files: readonly TouchedFile[];
}

interface PathPast {
  /** Pairs of (author id, units by that author). */
  readonly authors: number[];
  /** Indexes of the newest units, at least the last `window` of them. */
  units: number[];
  /** Unix seconds of the units that mended a fault. */
  readonly fixes: number[];
  count: number;
}

interface AuthorPast {
  readonly id: number;
  readonly times: number[];
  readonly topFolders: Map<string, number>;
}

export const daySeconds = 86_400;
const yearSeconds = 365 * daySeconds;
/** `features@1` looks at no more than this many last units of a file. */
const window = 200;
/** `features@1` looks at no more than this many last units of an author. */
const authorWindow = 500;

/** Who changed which path when, up to now. Reads never change it; `enter` adds one unit. */
export class ChangeHistory {
  readonly #paths = new Map<string, PathPast>();
  readonly #authors = new Map<string, AuthorPast>();
  readonly #unitTimes: number[] = [];
  readonly #unitAuthors: number[] = [];
  readonly #unitAi: boolean[] = [];
  /** Scratch for counting distinct units and authors: the question that last saw each of them. */
  readonly #unitSeen: number[] = [];
  readonly #authorSeen: number[] = [];
  #question = 0;

  /** Units entered so far, which is the index that the next one gets. */
  get size(): number {
    return this.#unitTimes.length;
  }

  /** Unix seconds; NaN for a unit that was never entered. */
  timeOf(unit: number): number {
    return this.#unitTimes[unit] ?? Number.NaN;
  }

  isAi(unit: number): boolean {
    return this.#unitAi[unit] === true;
  }

  /** -1 for an author without units. */
  authorId(author: string): number {
    return this.#authors.get(author)?.id ?? -1;
  }

  authorOf(unit: number): number {
    return this.#unitAuthors[unit] ?? -1;
  }

  featuresOf(unit: HistoryUnit): HistoryFeatures {
    return { ...this.#filesBefore(unit), ...this.#authorBefore(unit) };
  }

  enter(unit: HistoryUnit, facts: { readonly ai: boolean; readonly mendsFault: boolean }): void {
    const index = this.size;
    const author = this.#authorPast(unit.author);
    author.times.push(unit.committedAt);
    for (const folder of unit.topFolders)
      author.topFolders.set(folder, (author.topFolders.get(folder) ?? 0) + 1);
    for (const file of unit.files) {
      this.#followRename(file);
      if (file.deleted) {
        this.#paths.delete(file.path);
        continue;
      }
      const past = this.#pathPast(file.path);
      addPast(past, index, author.id);
      if (facts.mendsFault) past.fixes.push(unit.committedAt);
    }
    this.#unitTimes.push(unit.committedAt);
    this.#unitAuthors.push(author.id);
    this.#unitAi.push(facts.ai);
  }

  #filesBefore(unit: HistoryUnit) {
    const now = unit.committedAt;
    const authorId = this.authorId(unit.author);
    this.#question += 1;
    const sum = { ndev: 0, ages: 0, nuc: 0, fixes: 0, fixMax: 0, churn: 0, own: 0, known: 0, strange: 0 };
    for (const file of unit.files) {
      const past = this.#paths.get(file.pastPath);
      if (past === undefined) continue;
      sum.known += 1;
      sum.ages += (now - this.timeOf(past.units.at(-1) ?? -1)) / daySeconds;
      sum.ndev += this.#newAuthors(past);
      const recent = past.units.slice(-window);
      sum.nuc += this.#newUnits(recent);
      sum.churn += recent.filter((one) => now - this.timeOf(one) < 90 * daySeconds).length;
      const fixes = past.fixes.filter((time) => now - time < yearSeconds).length;
      sum.fixes += fixes;
      sum.fixMax = Math.max(sum.fixMax, fixes);
      const own = unitsBy(past, authorId) / past.count;
      sum.own += own;
      if (own === 0) sum.strange += 1;
    }
    const fresh = unit.files.length - sum.known;
    return {
      ndev: sum.ndev,
      age: mean(sum.ages, sum.known),
      nuc: sum.nuc,
      new_files: fresh,
      fix_365: sum.fixes,
      fix_max365: sum.fixMax,
      churn90: sum.churn,
      own_mean: mean(sum.own, sum.known),
      files_new_to_author: fresh + sum.strange,
    };
  }

  #authorBefore(unit: HistoryUnit) {
    const past = this.#authors.get(unit.author);
    if (past === undefined) return { exp: 0, rexp: 0, sexp: 0 };
    let rexp = 0;
    for (const time of past.times.slice(-authorWindow)) {
      // A commit dated far before its parents must not divide by zero.
      rexp += 1 / (1 + Math.max(-0.5, (unit.committedAt - time) / yearSeconds));
    }
    let sexp = 0;
    for (const folder of unit.topFolders) sexp += past.topFolders.get(folder) ?? 0;
    return { exp: past.times.length, rexp, sexp };
  }

  /** How many of the file's authors this question meets for the first time. */
  #newAuthors(past: PathPast): number {
    let fresh = 0;
    for (let at = 0; at < past.authors.length; at += 2) {
      const author = past.authors[at] ?? 0;
      if (this.#authorSeen[author] === this.#question) continue;
      this.#authorSeen[author] = this.#question;
      fresh += 1;
    }
    return fresh;
  }

  #newUnits(units: readonly number[]): number {
    let fresh = 0;
    for (const unit of units) {
      if (this.#unitSeen[unit] === this.#question) continue;
      this.#unitSeen[unit] = this.#question;
      fresh += 1;
    }
    return fresh;
  }

  #followRename({ path, pastPath, renamed }: TouchedFile): void {
    if (!renamed || path === pastPath) return;
    const past = this.#paths.get(pastPath);
    if (past === undefined) return;
    this.#paths.delete(pastPath);
    this.#paths.set(path, past);
  }

  #pathPast(path: string): PathPast {
    const known = this.#paths.get(path);
    if (known !== undefined) return known;
    const fresh: PathPast = { authors: [], units: [], fixes: [], count: 0 };
    this.#paths.set(path, fresh);
    return fresh;
  }

  #authorPast(author: string): AuthorPast {
    const known = this.#authors.get(author);
    if (known !== undefined) return known;
    const fresh: AuthorPast = { id: this.#authors.size, times: [], topFolders: new Map() };
    this.#authors.set(author, fresh);
    return fresh;
  }
}

function addPast(past: PathPast, unit: number, author: number): void {
  past.count += 1;
  past.units.push(unit);
  if (past.units.length >= 2 * window) past.units = past.units.slice(-window);
  for (let at = 0; at < past.authors.length; at += 2) {
    if (past.authors[at] !== author) continue;
    past.authors[at + 1] = (past.authors[at + 1] ?? 0) + 1;
    return;
  }
  past.authors.push(author, 1);
}

function unitsBy(past: PathPast, author: number): number {
  for (let at = 0; at < past.authors.length; at += 2) {
    if (past.authors[at] === author) return past.authors[at + 1] ?? 0;
  }
  return 0;
}

function mean(sum: number, count: number): number {
  return count > 0 ? sum / count : 0;
}
