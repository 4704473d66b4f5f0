/** `npm run check`: everything that a commit must pass, in under a minute; stops at nothing, then tells what failed. */
import { spawnSync } from 'node:child_process';

const steps: readonly (readonly [name: string, command: string, args: readonly string[]])[] = [
  ['format, lint, layers, cycles', 'biome', ['check', '.']],
  ['promises', 'oxlint', ['--type-aware', '--quiet', 'src', 'test', 'scripts', 'bench', 'web']],
  ['types', 'tsc', ['-p', '.']],
  ['types of the pages', 'tsc', ['-p', 'web']],
  ['types of the browser tests', 'tsc', ['-p', 'test/browser']],
  ['unused code', 'knip', ['--no-progress']],
  ['unit tests', 'vitest', ['run', '--project', 'unit', '--silent', 'passed-only']],
];

const failed: string[] = [];
const started = performance.now();
for (const [name, command, args] of steps) {
  const from = performance.now();
  const result = spawnSync(command, args, { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  const seconds = ((performance.now() - from) / 1000).toFixed(1);
  const ok = result.status === 0;
  console.log(`${ok ? 'ok    ' : 'FAILED'} ${name} (${seconds} s)`);
  if (!ok) {
    failed.push(name);
    console.log(`${result.stdout ?? ''}${result.stderr ?? ''}${result.error?.message ?? ''}`);
  }
}
console.log(`${((performance.now() - started) / 1000).toFixed(1)} s in all`);
if (failed.length > 0) {
  console.log(`failed: ${failed.join('; ')}`);
  process.exitCode = 1;
}
