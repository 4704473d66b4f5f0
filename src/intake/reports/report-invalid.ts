import { AppError } from '../../core/errors.ts';

/** REPORT_INVALID; `because` goes on after "The report is not understood:" and quotes nothing long of the file. */
export function reportInvalid(because: string, cause?: unknown): AppError {
  return new AppError('REPORT_INVALID', { detail: because }, { cause });
}

/** A word of the file as a message may show it. */
export function quoted(word: string): string {
  const short = word.length > 40 ? `${word.slice(0, 40)}…` : word;
  return `"${short.toWellFormed()}"`;
}
