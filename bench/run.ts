/**
 * Measured ratios, both sides in one run: `npm run bench -- [--rounds N] <repository> …`.
 * The scan's sides run once to warm the disk cache; then all run `rounds` times, A B A B, and the median counts. git itself
 * stops at a missing blob: give a complete clone, or one whose missing blobs `refs/replace` maps to the empty blob.
 */
import { resolve } from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { benchImport } from './bench-import.ts';
import { benchScan } from './bench-scan.ts';
import { benchVerify } from './bench-verify.ts';
import { type Ratio, ratioLine } from './ratio.ts';

const { values, positionals: paths } = parseArgs({
  allowPositionals: true,
  options: { rounds: { type: 'string', default: '3' } },
});
const rounds = Number(values.rounds);
if (paths.length === 0) {
  console.error('Give at least one git repository: npm run bench -- <repository> …');
  process.exit(2);
}

const base = process.env.REENTRY_CWD ?? process.env.INIT_CWD ?? process.cwd();
let failed = false;
for (const path of paths) {
  const repository = resolve(base, path);
  console.log(`\n${path}`);
  for (const bench of [benchScan, benchImport, benchVerify]) {
    for (const ratio of await bench(repository, rounds)) report(ratio);
  }
}
process.exitCode = failed ? 1 : 0;

function report(ratio: Ratio): void {
  if (ratio.value > ratio.limit) failed = true;
  console.log(ratioLine(ratio));
}
