import { spawnSync } from 'node:child_process';
import process from 'node:process';
import { shellQuoted } from '../../src/cli/terminal.ts';
import { mainFile } from './checkout.ts';
import { type RunningReentry, startCommand } from './run-reentry.ts';

/** Makes the pseudo-terminal, since Node cannot. Only that of util-linux takes the options below. */
const script = 'script';

export const hasTerminals =
  spawnSync(script, ['--version'], { encoding: 'utf8' }).stdout?.includes('util-linux') === true;

/** Starts `reentry <args>` in the foreground of a terminal of its own, 100 columns wide; both streams come as `stdout`. */
export function startInTerminal(args: readonly string[], cwd: string): RunningReentry {
  const words = [process.execPath, mainFile, ...args].map(shellQuoted);
  const line = `stty cols 100; exec ${words.join(' ')}`;
  return startCommand(
    [script, '--quiet', '--flush', '--return', '--command', line, '/dev/null'],
    { cwd, env: { SHELL: '/bin/sh', TERM: 'xterm' } },
    'pipe',
  );
}

/** Presses Ctrl-C: the terminal sends SIGINT to everything in its foreground. */
export function pressInterrupt({ child }: RunningReentry): void {
  child.stdin?.write('\u0003');
}
