import { type Run, type RunOptions, startReentry } from './run-reentry.ts';

/** The last thing that `start` says before it only serves. */
export const servesNow = 'Ctrl-C stops.\n';

/** Runs `reentry start <args>` until it serves, on any port, and presses Ctrl-C; or to its end, where that comes before. */
export async function runStart(args: readonly string[], options: RunOptions = {}): Promise<Run> {
  const running = startReentry(['start', ...args, '--port', '0'], options);
  await running.seen(servesNow).then(
    () => running.child.kill('SIGINT'),
    () => undefined,
  );
  const ended = await running.ended;
  return { ...ended, stderr: withoutProgress(ended.stderr) };
}

/** On a busy machine an import takes more than the ten seconds after which a line tells how far it is. */
export function withoutProgress(stderr: string): string {
  return stderr.replace(/^Importing: .*\n/gm, '');
}
