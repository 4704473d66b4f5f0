import { fileRole, isSourceCode } from '../change/file-role.ts';
import type { FileRole } from '../change/observed-change.ts';
import { AppError } from '../errors.ts';
import { ChangeHistory, daySeconds, type HistoryUnit } from './change-history.ts';
import type { ChangeReplay, DiffFile, UnitStart } from './change-replay.ts';
import { type ContentCount, countLine, isCosmetic, noContent } from './content-counts.ts';
import { type LineOrigins, lineCount, noOrigins, OriginEdit, unknownOrigins } from './line-origins.ts';
import { characters, hasReference, saysCodeFix, saysFix } from './message-words.ts';
import { countPathTopics } from './path-counts.ts';

/** Names and definitions of the features that `createChangeReplay` gives; any change of them is a new one. */
export const featureSpec = 'features@1';

/** One file of the running unit. */
interface OpenFile {
  readonly path: string;
  readonly oldPath: string;
  readonly status: DiffFile['status'];
  readonly role: FileRole;
  /** Neither generated nor binary: only these files have size and history. */
  readonly counted: boolean;
  /** Its line origins are kept: program source, tests too. */
  readonly tracked: boolean;
  readonly readable: boolean;
  readonly linesBefore: number;
  additions: number;
  deletions: number;
  hunks: number;
}

/** Sums over the removed source lines whose origin is known. */
interface ReplacedLines {
  lines: number;
  recent: number;
  ageDays: number;
  byOthers: number;
  byAi: number;
}

interface RunningUnit extends UnitStart {
  /** By path: a path that comes twice (a type change) counts as it came last. */
  readonly files: Map<string, OpenFile>;
  readonly content: Record<ContentCount, number>;
  readonly replaced: ReplacedLines;
  readonly authorId: number;
  readonly written: Map<string, LineOrigins>;
  readonly dropped: Set<string>;
}

/** A replay of one history from its first unit; memory grows with the live lines and paths, not with the diffs. */
export function createChangeReplay(): ChangeReplay {
  return new HistoryReplay();
}

class HistoryReplay implements ChangeReplay {
  readonly #history = new ChangeHistory();
  readonly #origins = new Map<string, LineOrigins>();
  readonly #edit = new OriginEdit();
  #unit: RunningUnit | undefined;
  #file: OpenFile | undefined;
  #wantsText = false;

  begin(unit: UnitStart): void {
    this.#file = undefined;
    this.#unit = {
      ...unit,
      files: new Map(),
      content: noContent(),
      replaced: { lines: 0, recent: 0, ageDays: 0, byOthers: 0, byAi: 0 },
      authorId: this.#history.authorId(unit.author),
      written: new Map(),
      dropped: new Set(),
    };
  }

  file(file: DiffFile): boolean {
    const unit = this.#running();
    this.#closeFile(unit);
    const role = fileRole(file.path, file.declaredGenerated);
    const tracked = role !== 'generated' && isSourceCode(file.path);
    const readable = !(file.binary || file.submodule || file.unreadable);
    const oldPath = file.oldPath ?? file.path;
    const before = tracked && file.status !== 'added' ? (this.#origins.get(oldPath) ?? noOrigins) : noOrigins;
    this.#file = {
      path: file.path,
      oldPath,
      status: file.status,
      role,
      counted: role !== 'generated' && !file.binary,
      tracked,
      readable,
      linesBefore: lineCount(before),
      additions: 0,
      deletions: 0,
      hunks: 0,
    };
    unit.files.set(file.path, this.#file);
    if (tracked) this.#edit.start(before);
    this.#wantsText = role === 'source' && readable;
    return this.#wantsText;
  }

  hunk(oldStart: number, oldLines: number, _newStart: number, newLines: number): void {
    const file = this.#file;
    if (file === undefined) throw new AppError('INTERNAL', { detail: 'a hunk came before its file' });
    file.additions += newLines;
    file.deletions += oldLines;
    file.hunks += 1;
    if (file.tracked) this.#edit.hunk(oldStart, oldLines, newLines, this.#history.size);
  }

  removed(text: string): void {
    if (!this.#wantsText) return;
    const origin = this.#edit.nextRemoved();
    const { committedAt, replaced, authorId } = this.#running();
    if (origin < 0 || origin >= this.#history.size || isCosmetic(text)) return;
    const days = (committedAt - this.#history.timeOf(origin)) / daySeconds;
    replaced.lines += 1;
    replaced.ageDays += days;
    if (days <= 30) replaced.recent += 1;
    if (this.#history.authorOf(origin) !== authorId) replaced.byOthers += 1;
    if (this.#history.isAi(origin)) replaced.byAi += 1;
  }

  added(text: string): void {
    if (this.#wantsText) countLine(this.#running().content, text);
  }

  finish(): { readonly features: Readonly<Record<string, number>> } {
    const unit = this.#running();
    this.#closeFile(unit);
    const counted = [...unit.files.values()].filter((file) => file.counted);
    const touched = touchedBy(unit, counted);
    const features = {
      ...sizeFeatures(unit, counted, touched),
      ...this.#history.featuresOf(touched),
      ...unitFeatures(unit),
    };
    const mendsFault = saysCodeFix(unit.title) && features.src_nf > 0;
    this.#history.enter(touched, { ai: unit.ai, mendsFault });
    for (const path of unit.dropped) this.#origins.delete(path);
    for (const [path, origins] of unit.written) this.#origins.set(path, origins);
    this.abandon();
    return { features: rounded(features) };
  }

  abandon(): void {
    this.#unit = undefined;
    this.#file = undefined;
    this.#wantsText = false;
  }

  #running(): RunningUnit {
    if (this.#unit === undefined)
      throw new AppError('INTERNAL', { detail: 'no unit of the replay is running' });
    return this.#unit;
  }

  /** Stages the origins of the file whose hunks are over. */
  #closeFile(unit: RunningUnit): void {
    const file = this.#file;
    this.#file = undefined;
    if (file === undefined) return;
    if (file.status === 'renamed') unit.dropped.add(file.oldPath);
    if (file.status === 'deleted' || !file.tracked) {
      unit.written.delete(file.path);
      unit.dropped.add(file.path);
      return;
    }
    unit.written.set(file.path, file.readable ? this.#edit.finish() : unknownOrigins);
  }
}

function touchedBy(unit: UnitStart, counted: readonly OpenFile[]): HistoryUnit {
  return {
    committedAt: unit.committedAt,
    author: unit.author,
    topFolders: new Set(
      counted.map(({ path }) => (path.includes('/') ? path.slice(0, path.indexOf('/')) : '')),
    ),
    files: counted.map(({ path, oldPath, status }) => ({
      path,
      pastPath: oldPath,
      renamed: status === 'renamed',
      deleted: status === 'deleted',
    })),
  };
}

function sizeFeatures(unit: RunningUnit, counted: readonly OpenFile[], touched: HistoryUnit) {
  const source = counted.filter(({ role }) => role === 'source');
  const tests = counted.filter(({ role }) => role === 'test');
  const sizes = counted.map(({ additions, deletions }) => additions + deletions).filter((size) => size > 0);
  const folders = new Set(counted.map(({ path }) => path.slice(0, Math.max(0, path.lastIndexOf('/')))));
  return {
    nf: counted.length,
    nd: folders.size,
    ns: touched.topFolders.size,
    entropy: entropy(sizes),
    la: total(counted, 'additions'),
    ld: total(counted, 'deletions'),
    lt: total(counted, 'linesBefore') / Math.max(1, counted.length),
    src_la: total(source, 'additions'),
    src_ld: total(source, 'deletions'),
    src_nf: source.length,
    test_la: total(tests, 'additions'),
    has_test: flag(tests.length > 0),
    src_no_test: flag(source.length > 0 && tests.length === 0),
    gen_la: total(
      [...unit.files.values()].filter(({ role }) => role === 'generated'),
      'additions',
    ),
    hunks: total(counted, 'hunks'),
    max_file: sizes.reduce((most, size) => Math.max(most, size), 0),
    ...unit.content,
    ...countPathTopics(unit.files.keys()),
  };
}

function unitFeatures(unit: RunningUnit) {
  const { replaced } = unit;
  const lines = Math.max(1, replaced.lines);
  return {
    mod_lines: replaced.lines,
    mod_recent30: replaced.recent / lines,
    mod_age: replaced.ageDays / lines,
    mod_other: replaced.byOthers / lines,
    mod_ai: replaced.byAi / lines,
    fix: flag(saysFix(unit.title)),
    msg_len: characters(unit.title) + characters(unit.body),
    has_ref: flag(hasReference(unit.title + unit.body)),
    n_commits: Math.max(1, unit.innerCommits),
    n_authors: unit.innerAuthors,
    pr_hours: Math.max(0, (unit.committedAt - unit.firstAuthoredAt) / 3_600),
    ai_share: unit.innerCommits > 0 ? unit.innerAiCommits / unit.innerCommits : flag(unit.ai),
  };
}

function entropy(sizes: readonly number[]): number {
  const sum = sizes.reduce((all, size) => all + size, 0);
  return sizes.reduce((bits, size) => bits - (size / sum) * Math.log2(size / sum), 0);
}

function total<Key extends string>(rows: readonly Readonly<Record<Key, number>>[], key: Key): number {
  return rows.reduce((sum, row) => sum + row[key], 0);
}

function flag(fact: boolean): 0 | 1 {
  return fact ? 1 : 0;
}

/** Four decimals, as the training data have them; a stored feature is then the same number on every machine. */
function rounded(features: Readonly<Record<string, number>>): Readonly<Record<string, number>> {
  return Object.fromEntries(
    Object.entries(features).map(([name, value]) => [name, Math.round(value * 10_000) / 10_000 + 0]),
  );
}
