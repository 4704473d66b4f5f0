import { isUtf8 } from 'node:buffer';

const escapes: Readonly<Record<string, number>> = {
  a: 0x07,
  b: 0x08,
  t: 0x09,
  n: 0x0a,
  v: 0x0b,
  f: 0x0c,
  r: 0x0d,
  '"': 0x22,
  '\\': 0x5c,
};
const letters = new Map(Object.entries(escapes).map(([letter, byte]) => [byte, letter]));

/**
 * A path as git prints it with `core.quotePath=false` (bytes as latin1 characters) → as `ObservedFile` has it: UTF-8 as it
 * is, other bytes in git's own quoted form.
 */
export function readPath(printed: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the question is whether every byte is ASCII
  if (!printed.startsWith('"') && /^[\x00-\x7f]*$/.test(printed)) return printed;
  const bytes = printed.startsWith('"') ? unquote(printed) : Buffer.from(printed, 'latin1');
  return isUtf8(bytes) ? bytes.toString('utf8') : quote(bytes);
}

/** Undoes git's C-style quotes. */
function unquote(printed: string): Buffer {
  const inner = printed.slice(1, printed.endsWith('"') ? -1 : undefined);
  const text = inner.replace(/\\(?:([0-3][0-7]{2})|(.))/gs, (_, octal?: string, letter = '') =>
    String.fromCharCode(
      octal === undefined ? (escapes[letter] ?? letter.charCodeAt(0)) : Number.parseInt(octal, 8),
    ),
  );
  return Buffer.from(text, 'latin1');
}

/** Git's C-style quotes with every byte outside of printable ASCII escaped (`core.quotePath=true`). */
function quote(bytes: Buffer): string {
  let text = '"';
  for (const byte of bytes) {
    const letter = letters.get(byte);
    if (letter !== undefined) text += `\\${letter}`;
    else if (byte < 0x20 || byte >= 0x7f) text += `\\${byte.toString(8).padStart(3, '0')}`;
    else text += String.fromCharCode(byte);
  }
  return `${text}"`;
}
