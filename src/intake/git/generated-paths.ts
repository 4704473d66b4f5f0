/** Whether a path is declared as generated or vendored. */
export type GeneratedPaths = (path: string) => boolean;

/** One read per import: the file's size and the number of its patterns are bounded, as is the time that matching takes. */
export const attributesLimitBytes = 256 * 1024;
const patternLimit = 1_000;
const patternLengthLimit = 1_000;

type Attribute = 'generated' | 'vendored';

interface Rule {
  readonly attribute: Attribute;
  readonly declared: boolean;
  readonly segments: readonly string[];
}

/**
 * Reads the `linguist-generated` and `linguist-vendored` lines of a `.gitattributes` file (gitattributes(5)). Only the one in
 * the root of the head commit is asked: what today's tree calls generated was so before.
 */
export function readGeneratedPaths(attributes: string): GeneratedPaths {
  const rules = attributes.split('\n').flatMap(readLine).slice(0, patternLimit);
  if (rules.length === 0) return () => false;
  const known = new Map<string, boolean>();
  return (path) => {
    let answer = known.get(path);
    if (answer === undefined) {
      answer = isDeclared(rules, path);
      known.set(path, answer);
    }
    return answer;
  };
}

function isDeclared(rules: readonly Rule[], path: string): boolean {
  const segments = path.split('/');
  // The last line that fits decides, for each attribute by itself.
  const last = (attribute: Attribute) =>
    rules.findLast((rule) => rule.attribute === attribute && matches(rule.segments, segments))?.declared;
  return last('generated') === true || last('vendored') === true;
}

function readLine(line: string): readonly Rule[] {
  const [pattern = '', ...attributes] = line.trim().split(/[ \t\r]+/);
  if (
    pattern === '' ||
    /^[#!"]/.test(pattern) ||
    pattern.endsWith('/') ||
    pattern.length > patternLengthLimit
  )
    return [];
  const anchored = pattern.replace(/^\//, '');
  const named = pattern.includes('/') ? anchored.split('/') : ['**', pattern];
  // At the end `**` stands for everything below a folder, not for the folder itself.
  const segments = named.at(-1) === '**' ? [...named, '*'] : named;
  return attributes.flatMap((text) => {
    const [, off, attribute, value] = /^([-!]?)linguist-(generated|vendored)(?:=(.*))?$/.exec(text) ?? [];
    if (attribute !== 'generated' && attribute !== 'vendored') return [];
    return [{ attribute, declared: off === '' && value !== 'false', segments }];
  });
}

/** `**` stands for any number of folders. Time: the product of both lengths. */
function matches(pattern: readonly string[], path: readonly string[]): boolean {
  return matchSequence(pattern, path, (segment) => segment === '**', matchSegment);
}

/** `*`, `?` and `[a-z]` inside of one folder or file name. */
function matchSegment(pattern: string, name: string): boolean {
  return matchSequence(tokens(pattern), [...name], (token) => token === '*', matchCharacter);
}

/** Greedy with one point to come back to: the shortest stretch for each wildcard is always enough. */
function matchSequence(
  pattern: readonly string[],
  items: readonly string[],
  isWild: (token: string) => boolean,
  fits: (token: string, item: string) => boolean,
): boolean {
  let at = 0;
  let wild = -1;
  let resume = 0;
  for (let item = 0; item < items.length; ) {
    const token = pattern[at];
    if (token !== undefined && isWild(token)) {
      wild = at;
      resume = item;
      at += 1;
    } else if (token !== undefined && fits(token, items[item] ?? '')) {
      at += 1;
      item += 1;
    } else if (wild >= 0) {
      resume += 1;
      item = resume;
      at = wild + 1;
    } else {
      return false;
    }
  }
  return pattern.slice(at).every(isWild);
}

function tokens(pattern: string): readonly string[] {
  return pattern.match(/\\.|\[[!^]?\]?[^\]]*\]|./gsu) ?? [];
}

function matchCharacter(token: string, character: string): boolean {
  if (token === '?') return true;
  if (token.length > 1 && token.startsWith('\\')) return token.slice(1) === character;
  if (token.length > 1 && token.startsWith('[')) return matchSet(token.slice(1, -1), character);
  return token === character;
}

function matchSet(set: string, character: string): boolean {
  const negated = /^[!^]/.test(set);
  const members = [...(negated ? set.slice(1) : set)];
  let found = false;
  for (let index = 0; index < members.length; index += 1) {
    const from = members[index] ?? '';
    const to = members[index + 1] === '-' ? members[index + 2] : undefined;
    if (to !== undefined) index += 2;
    if (character >= from && character <= (to ?? from)) found = true;
  }
  return found !== negated;
}
