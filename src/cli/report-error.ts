import { CommanderError } from 'commander';
import { AppError, type ErrorCode } from '../core/errors.ts';
import { printable, style, type Terminal } from './terminal.ts';

/** Exit status of a process that Ctrl-C ended (128 + SIGINT). */
export const interruptedStatus = 130;

/** Tells what failed and what to do, on the error stream; returns the exit status. */
export function reportError(error: unknown, terminal: Terminal, signal: AbortSignal): number {
  if (signal.aborted) {
    terminal.err('Stopped. Everything that was sealed is kept; the same command goes on from there.\n');
    return interruptedStatus;
  }
  // Commander has already printed its own text; help and version are no errors.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  const known = asAppError(error);
  terminal.err(
    `${style({ colour: terminal.errColour }, 'red', known.code)} ${printable(known.message)}\n${printable(known.action)}\n`,
  );
  if (known.code === 'INTERNAL' && error instanceof Error) terminal.err(`${stackWithoutPaths(error)}\n`);
  return known.entry.exitStatus;
}

function asAppError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  const code = errnoCode(error);
  if (code) return new AppError(code, { path: errnoPath(error), detail: messageOf(error) }, { cause: error });
  return new AppError('INTERNAL', { detail: messageOf(error) }, { cause: error });
}

/** Failures of the file system that no adapter named. */
function errnoCode(error: unknown): ErrorCode | undefined {
  switch ((error as NodeJS.ErrnoException | undefined)?.code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return 'DISK_FULL';
    case 'EACCES':
    case 'EROFS':
    case 'EPERM':
      return 'DATA_FOLDER_NOT_WRITABLE';
    default:
      return undefined;
  }
}

function errnoPath(error: unknown): string {
  return (error as NodeJS.ErrnoException).path ?? 'the data folder';
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Function names and lines, enough to find the place; folders of the user's machine stay out of bug reports. */
function stackWithoutPaths(error: Error): string {
  const frames = (error.stack ?? '').split('\n').slice(1, 6);
  return frames
    .map((frame) => frame.replace(/(?:file:\/\/)?\/\S*\/(src|node_modules|test)\//, '$1/'))
    .join('\n');
}
