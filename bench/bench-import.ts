import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { measureReentry } from './measured-child.ts';
import { median, type Ratio, seconds } from './ratio.ts';

/** `import git` into a fresh data folder against `scan` of the same repository. */
export async function benchImport(repository: string, rounds: number): Promise<readonly Ratio[]> {
  const scans: number[] = [];
  const imports: number[] = [];
  let peak = 0;
  for (let round = 0; round < rounds; round += 1) {
    const data = mkdtempSync(join(tmpdir(), 'reentry-bench-'));
    try {
      scans.push((await measureReentry(['scan', repository, '--all', '--json'])).ms);
      const measured = await measureReentry(['import', 'git', repository, '--data', data]);
      imports.push(measured.ms);
      peak = Math.max(peak, measured.peakMb);
    } finally {
      rmSync(data, { recursive: true, force: true });
    }
  }
  const ours = median(imports);
  const theirs = median(scans);
  return [
    {
      name: 'import git / scan',
      value: ours / theirs,
      limit: 3,
      unit: '×',
      detail: `${seconds(ours)} to ${seconds(theirs)}`,
    },
    {
      name: 'import git, peak memory',
      value: peak,
      limit: 500,
      unit: 'MB',
      detail: 'of our process, without PostgreSQL',
    },
  ];
}
