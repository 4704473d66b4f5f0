import {
  isAlias,
  isCollection,
  isMap,
  isNode,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
} from 'yaml';
import { closestWord } from './closest-word.ts';

/** One thing that is wrong with a file, and where. */
export interface Mistake {
  /** Both from 1; columns in UTF-16 units. */
  readonly line: number;
  readonly column: number;
  /** The key that it is about, `rules[0].when.class`; empty for the file as a whole. */
  readonly at: string;
  /** A whole sentence that names the key. */
  readonly message: string;
  /** What was most likely meant. */
  readonly suggestion?: string;
}

/** A value of the file with its place; `node` is null where a key has no value. */
export interface Placed {
  readonly node: Node | null;
  readonly offset: number;
  readonly at: string;
}

/** A key of a mapping with its value; `offset` is the key's. */
export interface Entry {
  readonly key: string;
  readonly offset: number;
  readonly value: Placed;
}

interface Slip {
  readonly written: string;
  readonly words: readonly string[];
}

const mistakesKept = 100;

/** A YAML file being read: its values with their places, and everything that is found wrong. */
export class YamlReading {
  /** Null where the file is empty, or is no YAML that may be read further. */
  readonly root: Placed | null;
  readonly #lines = new LineCounter();
  readonly #found: (Mistake & { readonly offset: number })[] = [];
  #count = 0;

  constructor(text: string) {
    this.root = this.#parse(text.startsWith('\ufeff') ? text.slice(1) : text);
  }

  /** In order of place; the first hundred that were found. */
  get mistakes(): readonly Mistake[] {
    return this.#found.toSorted((a, b) => a.offset - b.offset).map(({ offset: _, ...mistake }) => mistake);
  }

  get mistakesOmitted(): number {
    return this.#count - this.#found.length;
  }

  /**
   * @param wrong What is said of that place: `is empty`.
   * @param slip What was written and what could have been.
   */
  report(place: Pick<Placed, 'offset' | 'at'>, wrong: string, slip?: Slip): undefined {
    if (this.#found.length >= mistakesKept) {
      this.#count += 1;
      return;
    }
    const message = sentence(place.at, wrong);
    // A parser tells of one bracket once per level.
    if (this.#found.some((one) => one.offset === place.offset && one.message === message)) return;
    this.#count += 1;
    const suggestion = slip && closestWord(slip.written, slip.words);
    const { line, col } = this.#lines.linePos(place.offset);
    this.#found.push({
      line: Math.max(1, line),
      column: Math.max(1, col),
      at: place.at,
      message,
      ...(suggestion === undefined ? {} : { suggestion }),
      offset: place.offset,
    });
  }

  /** The entries of a mapping, each key once; undefined, and a mistake, where it is none. */
  entries(place: Placed): readonly Entry[] | undefined {
    const { node } = place;
    if (!isMap(node))
      return this.report(place, `is ${this.describe(place)}, but has to be a mapping of keys`);
    const seen = new Set<string>();
    const entries: Entry[] = [];
    for (const pair of node.items) {
      const offset = offsetOf(pair.key as Node | null) ?? place.offset;
      if (!isScalar(pair.key) || typeof pair.key.value !== 'string') {
        this.report({ offset, at: place.at }, 'has a key that is no word');
        continue;
      }
      const key = pair.key.value;
      const at = below(place.at, key);
      if (seen.has(key)) this.report({ offset, at }, 'stands here a second time');
      seen.add(key);
      const value = pair.value as Node | null;
      entries.push({ key, offset, value: { node: value, offset: offsetOf(value) ?? offset, at } });
    }
    return entries;
  }

  /** The value of a key, looked up without reporting anything. */
  below({ node, at }: Placed, key: string): Placed | undefined {
    const pair = isMap(node)
      ? node.items.find((one) => isScalar(one.key) && one.key.value === key)
      : undefined;
    const value = pair?.value as Node | null | undefined;
    if (value === undefined || value === null) return undefined;
    return { node: value, offset: offsetOf(value) ?? 0, at: below(at, key) };
  }

  /** The keys of a mapping, without reporting anything. */
  keys({ node }: Placed): readonly string[] {
    if (!isMap(node)) return [];
    return node.items.flatMap(({ key }) =>
      isScalar(key) && typeof key.value === 'string' ? [key.value] : [],
    );
  }

  /** The items of a list; undefined, and a mistake, where it is none. */
  items(place: Placed): readonly Placed[] | undefined {
    const { node, at, offset } = place;
    if (!isSeq(node)) return this.report(place, `is ${this.describe(place)}, but has to be a list`);
    return node.items.map((item, index) => {
      const value = item as Node | null;
      return { node: value, offset: offsetOf(value) ?? offset, at: `${at}[${index}]` };
    });
  }

  /** What stands there, in words. */
  describe({ node }: Placed): string {
    if (node === null || (isScalar(node) && node.value === null)) return 'empty';
    if (isMap(node)) return 'a mapping';
    if (isCollection(node)) return 'a list';
    if (!isScalar(node)) return 'something else';
    switch (typeof node.value) {
      case 'string':
        return 'text';
      case 'boolean':
        return 'true or false';
      case 'number':
        return 'a number';
      default:
        return 'something else';
    }
  }

  #parse(text: string): Placed | null {
    const document = parseOnce(text, this.#lines);
    if (document === undefined) {
      this.report(wholeFile, 'is nested too deeply');
      return null;
    }
    const { errors, warnings, directives, contents } = document;
    if (directives?.yaml.explicit === true)
      this.report(wholeFile, 'holds the directive `%YAML`: it is read as YAML 1.2, whatever it says');
    for (const { code, pos, message } of [...errors, ...warnings]) {
      // Every tag is refused below, known or not.
      if (code === 'TAG_RESOLVE_FAILED') continue;
      const said = code === 'MULTIPLE_DOCS' ? 'a second document begins' : message;
      this.report({ offset: pos[0], at: '' }, `is not YAML that can be read here: ${said}`);
    }
    this.#refuseReferences(contents);
    if (this.#count === 0 && contents === null) this.report(wholeFile, 'is empty');
    if (this.#count > 0 || contents === null) return null;
    return { node: contents, offset: offsetOf(contents) ?? 0, at: '' };
  }

  #refuseReferences(contents: Node | null): void {
    for (const node of nodesBelow(contents))
      for (const what of refusedIn(node))
        this.report({ offset: offsetOf(node) ?? 0, at: '' }, `holds ${what}: write out what it stands for`);
  }
}

/** What is wrong with a place, as a sentence; without a key it is about the file. */
export function sentence(at: string, wrong: string): string {
  return `${at === '' ? 'The file' : `\`${at}\``} ${wrong}.`;
}

/** A key can be as long as the file. */
function below(at: string, key: string): string {
  const name = key.length > 60 ? `${key.slice(0, 60)}…` : key;
  return at === '' ? name : `${at}.${name}`;
}

const wholeFile = { offset: 0, at: '' };

function parseOnce(text: string, lineCounter: LineCounter) {
  try {
    return parseDocument(text, {
      version: '1.2',
      schema: 'core',
      merge: false,
      // Compares every key with every other one; `entries` does it in linear time.
      uniqueKeys: false,
      lineCounter,
      prettyErrors: false,
      logLevel: 'error',
    });
  } catch (error) {
    // The library's composer calls itself for each level.
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** In the order of the file. Not recursive: how deep it goes is the writer's choice. */
function* nodesBelow(contents: Node | null): Generator<Node> {
  const waiting: unknown[] = [contents];
  while (waiting.length > 0) {
    const next = waiting.pop();
    if (isPair(next)) waiting.push(next.value, next.key);
    if (isCollection(next)) for (const item of next.items.toReversed()) waiting.push(item);
    if (isNode(next)) yield next;
  }
}

/** Aliases make a small file large, tags make values of other kinds: neither is needed here. */
function* refusedIn(node: Node): Generator<string> {
  if (isAlias(node)) return yield `the alias \`*${node.source}\``;
  if (!isScalar(node) && !isCollection(node)) return;
  if (node.anchor !== undefined) yield `the anchor \`&${node.anchor}\``;
  if (node.tag !== undefined) yield `the tag \`${node.tag}\``;
  if (isScalar(node) && node.value === '<<') yield 'the merge key `<<`';
}

function offsetOf(node: Node | null): number | undefined {
  return node?.range?.[0];
}
