import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { measureReentry } from './measured-child.ts';
import { plainLoop } from './plain-verify.ts';
import { median, type Ratio, seconds } from './ratio.ts';

/** `verify` of an imported data folder against a plain loop that does the same hashes and signature checks. */
export async function benchVerify(repository: string, rounds: number): Promise<readonly Ratio[]> {
  const data = mkdtempSync(join(tmpdir(), 'reentry-bench-'));
  try {
    await measureReentry(['import', 'git', repository, '--data', data]);
    const work = await plainLoop(data);
    const ours: number[] = [];
    const plain: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      plain.push(work());
      ours.push((await measureReentry(['verify', data])).ms);
    }
    return [
      {
        name: 'verify / plain node:crypto loop',
        value: median(ours) / median(plain),
        limit: 3,
        unit: '×',
        detail: `${seconds(median(ours))} (with start of Node and PostgreSQL) to ${seconds(median(plain))}`,
      },
    ];
  } finally {
    rmSync(data, { recursive: true, force: true });
  }
}
