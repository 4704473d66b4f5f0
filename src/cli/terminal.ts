import process from 'node:process';
import { AppError } from '../core/errors.ts';

/** Where a command writes: results to `out`, progress and remarks to `err`. */
export interface Terminal {
  /** Resolves once it is written, or once nobody reads any more. */
  out(text: string): Promise<void>;
  err(text: string): void;
  /** The reader of `out` went away (`| head`): what is written from now on is lost. */
  outClosed(): boolean;
  readonly errIsTerminal: boolean;
  readonly colour: boolean;
  /** As `colour`, for the error stream: the two may lead to different places. */
  readonly errColour: boolean;
  readonly columns: number;
}

/** A terminal that does not tell its width says 0. */
const usualColumns = 100;

/**
 * The process's own streams. That a reader goes away is no failure, and a command that has begun to write to the database
 * or to check it goes on to its own end and status.
 */
export function processTerminal(colour: 'auto' | 'always' | 'never'): Terminal {
  const { stdout, stderr } = process;
  let closed = false;
  // Each write is told of its own failure; without listeners the same failure would end the process.
  for (const stream of [stdout, stderr]) stream.on('error', () => undefined);
  const coloured = (isTerminal: boolean) => colour === 'always' || (colour === 'auto' && isTerminal);
  return {
    out: (text) =>
      new Promise((written, failed) => {
        if (closed) return written();
        return stdout.write(text, (error) => {
          if (!error) return written();
          closed = true;
          return isReaderGone(error) ? written() : failed(outputError(error));
        });
      }),
    err: (text) => {
      stderr.write(text);
    },
    outClosed: () => closed,
    errIsTerminal: stderr.isTTY === true,
    colour: coloured(stdout.isTTY === true),
    errColour: coloured(stderr.isTTY === true),
    columns: stdout.columns || usualColumns,
  };
}

function isReaderGone(error: NodeJS.ErrnoException): boolean {
  return error.code === 'EPIPE' || error.code === 'ERR_STREAM_DESTROYED';
}

function outputError(error: NodeJS.ErrnoException): Error {
  if (error.code !== 'ENOSPC' && error.code !== 'EDQUOT') return error;
  return new AppError('DISK_FULL', { path: 'the output' }, { cause: error });
}

export type Style = 'bold' | 'dim' | 'red' | 'yellow' | 'green' | 'cyan' | 'magenta';

const codes: Readonly<Record<Style, readonly [number, number]>> = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  yellow: [33, 39],
  green: [32, 39],
  cyan: [36, 39],
  magenta: [35, 39],
};

/** The text in that style where colours are on, else as it is. */
export function style(terminal: Pick<Terminal, 'colour'>, name: Style, text: string): string {
  if (!terminal.colour) return text;
  const [on, off] = codes[name];
  return `\u001b[${on}m${text}\u001b[${off}m`;
}

/**
 * Text from outside, safe to print: control characters (escape sequences that would move the cursor or rewrite a line)
 * and bidirectional overrides become visible.
 */
export function printable(text: string): string {
  let safe = '';
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    safe += isControl(code) ? `\\u{${code.toString(16)}}` : character;
  }
  return safe;
}

/** One word of a shell's command line. */
export function shellQuoted(text: string): string {
  return /^[\w./@:+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

/** Cuts to that many characters, the last one an ellipsis. */
export function cut(text: string, width: number): string {
  const characters = [...text];
  return characters.length <= width ? text : `${characters.slice(0, Math.max(0, width - 1)).join('')}…`;
}

/** Rows as columns of equal width, two spaces between them; the last column is not padded. */
export function columns(rows: readonly (readonly string[])[]): string {
  const widths: number[] = [];
  for (const row of rows) {
    row.forEach((cell, index) => {
      widths[index] = Math.max(widths[index] ?? 0, [...cell].length);
    });
  }
  return rows
    .map((row) =>
      row
        .map((cell, index) => (index === row.length - 1 ? cell : cell.padEnd(widths[index] ?? 0)))
        .join('  '),
    )
    .map((line) => `  ${line.trimEnd()}\n`)
    .join('');
}

function isControl(code: number): boolean {
  if (code < 0x20 || (code >= 0x7f && code <= 0x9f)) return true;
  return (code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069);
}
