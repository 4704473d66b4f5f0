/** Entry of a worker thread that reads one report. */
import { parentPort, workerData } from 'node:worker_threads';
import type { ReadReport } from '../../app/report-ports.ts';
import { AppError, type ErrorCode } from '../../core/errors.ts';
import { readReport } from './read-report.ts';

export type FromReportThread =
  | { readonly type: 'read'; readonly report: ReadReport }
  | { readonly type: 'refused'; readonly code: ErrorCode; readonly details: AppError['details'] };

function answer(file: Uint8Array): FromReportThread {
  try {
    return { type: 'read', report: readReport(file) };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    // A class does not pass between threads.
    return { type: 'refused', code: error.code, details: error.details };
  }
}

if (parentPort) parentPort.postMessage(answer(workerData as Uint8Array));
