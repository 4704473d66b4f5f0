import type { Problem } from '../app/work-ports.ts';
import { AppError } from '../core/errors.ts';
import { storedText } from '../core/evidence/stored-text.ts';

/** What is stored of a failure: the code, what happened and what to do. Never a stack, never the cause. */
export function problemOf(error: unknown): Problem {
  const known = error instanceof AppError ? error : new AppError('INTERNAL', { detail: messageOf(error) });
  return { code: known.code, detail: storedText(known.message), action: storedText(known.action) };
}

/** The machine's failures that may be over in a moment; everything else fails the same way again. */
export function isTransient(error: unknown): boolean {
  return error instanceof AppError && transient.has(error.code);
}

const transient: ReadonlySet<string> = new Set<AppError['code']>([
  'DATABASE_UNREACHABLE',
  'POSTGRES_STOPPED',
  'GIT_TIMEOUT',
  'DISK_FULL',
]);

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
