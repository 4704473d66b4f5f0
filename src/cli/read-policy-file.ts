import { open } from 'node:fs/promises';
import { AppError } from '../core/errors.ts';
import { maxPolicyBytes, type ParsedPolicy, parsePolicy } from '../core/gate/parse-policy.ts';
import type { Mistake } from '../core/gate/yaml-reading.ts';
import { printable, style, type Terminal } from './terminal.ts';

/** Reads and parses it. Error: POLICY_INVALID where there is no file to read; what is wrong inside is a value. */
export async function readPolicyFile(path: string): Promise<ParsedPolicy> {
  return parsePolicy(await firstBytes(path, maxPolicyBytes + 1));
}

/** `policy.yml:7:5 …` per mistake. */
export function mistakeText(path: string, mistake: Mistake, terminal: Pick<Terminal, 'colour'>): string {
  const { line, column, message, suggestion } = mistake;
  const meant = suggestion === undefined ? '' : ` Did you mean \`${suggestion}\`?`;
  return `${style(terminal, 'red', printable(`${path}:${line}:${column}`))} ${printable(`${message}${meant}`)}\n`;
}

/** No more than `limit`, whatever the file's size says: it may be a device. */
async function firstBytes(path: string, limit: number): Promise<Uint8Array> {
  try {
    const file = await open(path, 'r');
    try {
      const bytes = new Uint8Array(limit);
      let filled = 0;
      while (filled < limit) {
        const { bytesRead } = await file.read(bytes, filled, limit - filled, null);
        if (bytesRead === 0) break;
        filled += bytesRead;
      }
      return bytes.subarray(0, filled);
    } finally {
      await file.close();
    }
  } catch (cause) {
    throw new AppError('POLICY_INVALID', { path, detail: whyUnreadable(cause) }, { cause });
  }
}

function whyUnreadable(cause: unknown): string {
  switch ((cause as NodeJS.ErrnoException).code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return 'there is no such file.';
    case 'EISDIR':
      return 'it is a folder.';
    case 'EACCES':
      return 'this user may not read it.';
    default:
      return `it could not be read (${cause instanceof Error ? cause.message : String(cause)}).`;
  }
}
