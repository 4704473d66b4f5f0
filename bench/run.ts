/**
 * Measured ratios, both sides in one run: `npm run bench -- [--rounds N] <repository> …` for reading, sealing and verifying,
 * `npm run bench -- --pages [--changes N] [--only TEXT]` for what the pages ask, on a database of synthetic changes.
 * The scan's sides run once to warm the disk cache; then all run `rounds` times, A B A B, and the median counts. git itself
 * stops at a missing blob: give a complete clone, or one whose missing blobs `refs/replace` maps to the empty blob.
 */
import { resolve } from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { benchExport } from './bench-export.ts';
import { benchFirstLoad } from './bench-first-load.ts';
import { benchImport } from './bench-import.ts';
import { benchPages } from './bench-pages.ts';
import { benchScan } from './bench-scan.ts';
import { benchVerify } from './bench-verify.ts';
import { createPageDatabase } from './page-database.ts';
import { type Ratio, ratioLine } from './ratio.ts';

const { values, positionals: paths } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string', default: '3' },
    pages: { type: 'boolean', default: false },
    changes: { type: 'string', default: '100000' },
    only: { type: 'string', default: '' },
  },
});
const rounds = Number(values.rounds);
if (paths.length === 0 && !values.pages) {
  console.error('Give at least one git repository, or --pages: npm run bench -- <repository> …');
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
if (values.pages) await runPages(Number(values.changes));
process.exitCode = failed ? 1 : 0;

async function runPages(changes: number): Promise<void> {
  console.log(`\n${changes.toLocaleString('en')} changes; filling the database …`);
  await using database = await createPageDatabase(changes);
  for await (const ratio of benchPages(database, { rounds, only: values.only })) report(ratio);
  if (values.only !== '') return;
  for await (const ratio of benchExport(database, rounds)) report(ratio);
  for await (const ratio of benchFirstLoad(database, rounds)) report(ratio);
}

function report(ratio: Ratio): void {
  if (ratio.value > ratio.limit) failed = true;
  console.log(ratioLine(ratio));
}
