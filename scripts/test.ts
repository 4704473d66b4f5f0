/** `npm test`: the whole suite (unit, integration, end to end) on this machine; arguments go to the test runner. */
import { spawnSync } from 'node:child_process';

const result = spawnSync('vitest', ['run', ...process.argv.slice(2)], { stdio: 'inherit' });
process.exitCode = result.status ?? 1;
