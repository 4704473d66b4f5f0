/** More than anybody works on at once; a list of all issues of a release names none of them. */
const maxTickets = 20;
/** Descriptions are shorter; what lies behind is somebody's paste. */
const looked = 100_000;

/** `PAY-12`, `#34`, `acme/shop#34`; not a part of a longer word, an address or a version. */
const ticket =
  /(?<![\w/.-])(?:([A-Z][A-Z0-9]{1,9})-[1-9]\d{0,6}|(?:[\w.-]{1,100}\/[\w.-]{1,100})?#[1-9]\d{0,8})(?![\w-]|\.\d)/g;
/** In branches words are separated by slashes and dashes: `fix/PAY-12-rounding`. */
const branchTicket = /(?<![A-Za-z0-9])([A-Z][A-Z0-9]{1,9})-[1-9]\d{0,6}(?![A-Za-z0-9])/g;

/** Standards and lists that are written like tickets. */
const noProject = new Set(['UTF', 'SHA', 'ISO', 'RFC', 'CVE', 'CWE', 'GHSA', 'AES', 'TLS', 'HTTP', 'PEP']);

/** Tickets that the texts name, as written, each once, in order of appearance: title, branch, description. */
export function ticketsIn({
  title,
  branch,
  description,
}: {
  readonly title: string;
  readonly branch: string;
  readonly description: string;
}): readonly string[] {
  const found = new Set<string>();
  for (const [text, pattern] of [
    [title, ticket],
    [branch, branchTicket],
    [description, ticket],
  ] as const) {
    for (const [name, project] of text.slice(0, looked).matchAll(pattern)) {
      if (project !== undefined && noProject.has(project)) continue;
      found.add(name);
      if (found.size === maxTickets) return [...found];
    }
  }
  return [...found];
}
