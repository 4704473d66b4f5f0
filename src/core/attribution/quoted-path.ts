/**
 * A path as a note writes it: in quotes where it has blanks, with git's escapes (`\t`, `\"`, `\303\244`) where git had
 * quoted it. Bytes that are no UTF-8 leave the path in its quoted form, as `ObservedFile.path` has it.
 */
export function unquotePath(written: string): string {
  if (written.length < 2 || !written.startsWith('"') || !written.endsWith('"')) return written;
  const inner = written.slice(1, -1);
  if (!inner.includes('\\')) return inner;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytesOf(inner));
  } catch {
    return written;
  }
}

const escapes: ReadonlyMap<string, number> = new Map([
  ['a', 7],
  ['b', 8],
  ['t', 9],
  ['n', 10],
  ['v', 11],
  ['f', 12],
  ['r', 13],
  ['"', 34],
  ['\\', 92],
]);

/** git's C-style escapes (quote.c) to bytes; an unknown escape stands for itself. */
function bytesOf(text: string): Uint8Array {
  const bytes: number[] = [];
  const encoder = new TextEncoder();
  for (const part of text.match(/\\[0-3][0-7]{2}|\\.|[^\\]+|\\$/gsu) ?? []) {
    const octal = part.length === 4 && part.startsWith('\\') ? Number.parseInt(part.slice(1), 8) : undefined;
    const byte = part.startsWith('\\') ? (octal ?? escapes.get(part.slice(1))) : undefined;
    if (byte !== undefined) bytes.push(byte);
    else for (const value of encoder.encode(part)) bytes.push(value);
  }
  return Uint8Array.from(bytes);
}
