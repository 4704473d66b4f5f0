/** The part of GraphQL that clients of a code host write: one operation, variables, arguments, aliases, fragments. */
export interface Selection {
  /** Under what name the answer holds it. */
  readonly alias: string;
  readonly name: string;
  readonly args: Readonly<Record<string, unknown>>;
  readonly fields: readonly Selection[];
}

type Variables = Readonly<Record<string, unknown>>;

const tokenPattern =
  /\s+|,|#[^\n]*|(\.\.\.|[!$():=@[\]{}|]|"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?|[A-Za-z_]\w*)/gy;

/** The fields that the query asks for at its root. */
export function parseQuery(text: string, variables: Variables): readonly Selection[] {
  const parser = new Parser(tokensOf(text), variables);
  return parser.document();
}

function tokensOf(text: string): readonly string[] {
  const tokens: string[] = [];
  let end = 0;
  for (const match of text.matchAll(tokenPattern)) {
    if (match.index !== end) break;
    end = match.index + match[0].length;
    if (match[1] !== undefined) tokens.push(match[1]);
  }
  if (end !== text.length) throw new Error(`cannot read the query at ${end}`);
  return tokens;
}

class Parser {
  readonly #tokens: readonly string[];
  readonly #variables: Variables;
  readonly #fragments = new Map<string, readonly Selection[]>();
  #at = 0;

  constructor(tokens: readonly string[], variables: Variables) {
    this.#tokens = tokens;
    this.#variables = variables;
  }

  document(): readonly Selection[] {
    // Fragments first, wherever they stand, since the operation needs them.
    const start = this.#tokens.indexOf('fragment');
    if (start > 0) {
      this.#at = start;
      while (this.#at < this.#tokens.length) this.#fragment();
      this.#at = 0;
    }
    if (this.#peek() === 'mutation') throw new Error('mutations are not understood');
    while (this.#peek() !== '{') this.#skipHead();
    return this.#selections();
  }

  /** `query Name($first: Int = 10)` before the root's braces. */
  #skipHead(): void {
    if (this.#peek() === '(') {
      while (this.#next() !== ')')
        if (this.#at >= this.#tokens.length) throw new Error('the query ends too early');
      return;
    }
    this.#next();
  }

  #fragment(): void {
    this.#expect('fragment');
    const name = this.#next();
    this.#expect('on');
    this.#next();
    this.#fragments.set(name, this.#selections());
  }

  #selections(): readonly Selection[] {
    this.#expect('{');
    const fields: Selection[] = [];
    while (this.#peek() !== '}') {
      if (this.#peek() === '...') fields.push(...this.#spread());
      else fields.push(this.#field());
    }
    this.#expect('}');
    return fields;
  }

  /** Types are not told apart: what an object does not have comes out as null. */
  #spread(): readonly Selection[] {
    this.#expect('...');
    if (this.#peek() !== 'on' && this.#peek() !== '{') {
      const name = this.#next();
      const fragment = this.#fragments.get(name);
      if (!fragment) throw new Error(`no fragment ${name} before its use`);
      return fragment;
    }
    if (this.#peek() === 'on') this.#at += 2;
    return this.#selections();
  }

  #field(): Selection {
    const first = this.#next();
    const isAliased = this.#peek() === ':';
    if (isAliased) this.#next();
    const name = isAliased ? this.#next() : first;
    const args = this.#peek() === '(' ? this.#arguments() : {};
    const fields = this.#peek() === '{' ? this.#selections() : [];
    return { alias: first, name, args, fields };
  }

  #arguments(): Readonly<Record<string, unknown>> {
    this.#expect('(');
    const args = this.#entries(')');
    this.#expect(')');
    return args;
  }

  #entries(end: string): Readonly<Record<string, unknown>> {
    const entries: Record<string, unknown> = {};
    while (this.#peek() !== end) {
      const name = this.#next();
      this.#expect(':');
      entries[name] = this.#value();
    }
    return entries;
  }

  #value(): unknown {
    const token = this.#next();
    if (token === '$') return this.#variables[this.#next()] ?? null;
    if (token === '[') {
      const items: unknown[] = [];
      while (this.#peek() !== ']') items.push(this.#value());
      this.#expect(']');
      return items;
    }
    if (token === '{') {
      const entries = this.#entries('}');
      this.#expect('}');
      return entries;
    }
    if (token.startsWith('"') || /^-?\d/.test(token) || ['true', 'false', 'null'].includes(token))
      return JSON.parse(token);
    return token;
  }

  #peek(): string | undefined {
    return this.#tokens[this.#at];
  }

  #next(): string {
    const token = this.#tokens[this.#at];
    if (token === undefined) throw new Error('the query ends too early');
    this.#at += 1;
    return token;
  }

  #expect(wanted: string): void {
    const token = this.#next();
    if (token !== wanted) throw new Error(`expected ${wanted}, found ${token}`);
  }
}
