/** A compiled pattern of paths or names. Matching takes time in proportion to text × pattern, whatever the pattern says. */
export interface Glob {
  /** As the policy file writes it. */
  readonly source: string;
  readonly tokens: readonly Token[];
}

export type ParsedGlob =
  | { readonly ok: true; readonly glob: Glob }
  | { readonly ok: false; readonly because: string };

type Token =
  | { readonly kind: 'literal'; readonly character: string }
  /** `?`: one character that is no slash. */
  | { readonly kind: 'one' }
  /** `*`: any number of them. */
  | { readonly kind: 'many' }
  /** `**` and a slash, at the beginning of a folder's name; always followed by `inside`. */
  | { readonly kind: 'folders' }
  /** In the middle of a folder's name that `folders` covers. */
  | { readonly kind: 'inside' }
  /** `**` at the end: one character or more, slashes too. */
  | { readonly kind: 'below' };

const maxLength = 300;

/**
 * A pattern of paths as in a `.gitignore`: `*` and `?` stay within a name, `**` goes over folders, a pattern without a slash
 * fits at any depth, and one that fits a folder fits all that is in it. Negation, `[…]` and `{…}` are refused; a backslash
 * takes the next character as it is.
 */
export function parsePathGlob(source: string): ParsedGlob {
  const inFolder = source.endsWith('/') && !source.endsWith('\\/');
  const trimmed = inFolder ? source.slice(0, -1) : source;
  const fromRoot = trimmed.startsWith('/');
  const pattern = fromRoot ? trimmed.slice(1) : trimmed;
  const anyDepth = !fromRoot && !pattern.includes('/') && pattern !== '**';
  return compile(source, `${anyDepth ? '**/' : ''}${pattern}${inFolder ? '/**' : ''}`);
}

/** A pattern of repository or branch names: `*` and `?` stay within a part, `**` goes over slashes; the whole name has to fit. */
export function parseNameGlob(source: string): ParsedGlob {
  return compile(source, source);
}

/** Whether the pattern fits the path or a folder that it lies in. */
export function matchesPath(glob: Glob, path: string): boolean {
  return accepts(glob, path, 'folders-too');
}

/** Whether the pattern fits the whole name. */
export function matchesName(glob: Glob, name: string): boolean {
  return accepts(glob, name, 'whole');
}

function compile(source: string, pattern: string): ParsedGlob {
  const refused = refusal(source, pattern);
  if (refused !== undefined) return { ok: false, because: refused };
  const segments = pattern.split('/');
  const tokens: Token[] = [];
  for (const [index, segment] of segments.entries()) {
    const last = index === segments.length - 1;
    if (segment === '**') {
      if (last) tokens.push({ kind: 'below' });
      else tokens.push({ kind: 'folders' }, { kind: 'inside' });
      continue;
    }
    tokens.push(...segmentTokens(segment));
    if (!last) tokens.push({ kind: 'literal', character: '/' });
  }
  return { ok: true, glob: { source, tokens } };
}

function refusal(source: string, pattern: string): string | undefined {
  if (source.length > maxLength) return `it is longer than ${maxLength} characters`;
  if (source.trim() === '') return 'it is empty';
  if (source.startsWith('!'))
    return 'a leading `!` would lift what another pattern asks; write `\\!` for the character';
  if (/(^|[^\\])(\\\\)*\\(\/|$)/.test(source)) return 'a backslash needs a character to take as it is';
  const bare = pattern.replace(/\\./gsu, 'x');
  const special = /[[\]{}]/.exec(bare)?.[0];
  if (special !== undefined)
    return `\`${special}\` has no meaning here; write \`\\${special}\` for the character`;
  const segments = bare.split('/');
  if (segments.includes('')) return 'a name between two slashes is missing';
  if (segments.some((segment) => segment === '.' || segment === '..')) return '`.` and `..` are no names';
  if (segments.some((segment) => segment.includes('**') && segment !== '**'))
    return '`**` stands alone between slashes';
  return undefined;
}

function segmentTokens(segment: string): readonly Token[] {
  const tokens: Token[] = [];
  let escaped = false;
  for (const character of segment) {
    if (escaped || !'\\*?'.includes(character)) {
      tokens.push({ kind: 'literal', character });
      escaped = false;
    } else if (character === '\\') escaped = true;
    else tokens.push({ kind: character === '?' ? 'one' : 'many' });
  }
  return tokens;
}

/** Follows every way through the pattern at once, so that no text makes it go back. */
function accepts({ tokens }: Glob, text: string, extent: 'whole' | 'folders-too'): boolean {
  const end = tokens.length;
  let here = new Uint8Array(end + 1);
  let next = new Uint8Array(end + 1);
  enter(tokens, here, 0);
  for (const character of text) {
    if (extent === 'folders-too' && character === '/' && here[end] === 1) return true;
    next.fill(0);
    for (let at = 0; at < end; at += 1) if (here[at] === 1) step(tokens, { at, character, next });
    if (!next.includes(1)) return false;
    [here, next] = [next, here];
  }
  return here[end] === 1;
}

interface Step {
  readonly at: number;
  readonly character: string;
  readonly next: Uint8Array;
}

function step(tokens: readonly Token[], { at, character, next }: Step): void {
  const token = tokens[at];
  switch (token?.kind) {
    case 'literal':
      if (token.character === character) enter(tokens, next, at + 1);
      return;
    case 'one':
      if (character !== '/') enter(tokens, next, at + 1);
      return;
    case 'many':
      if (character !== '/') enter(tokens, next, at);
      return;
    case 'folders':
      if (character !== '/') enter(tokens, next, at + 1);
      return;
    case 'inside':
      enter(tokens, next, character === '/' ? at - 1 : at);
      return;
    case 'below':
      enter(tokens, next, at);
      enter(tokens, next, at + 1);
      return;
    case undefined:
      return;
  }
}

/** Marks the token and those that it may be left for without a character. */
function enter(tokens: readonly Token[], states: Uint8Array, at: number): void {
  states[at] = 1;
  const kind = tokens[at]?.kind;
  if (kind === 'many') enter(tokens, states, at + 1);
  if (kind === 'folders') enter(tokens, states, at + 2);
}
