import { execFileSync } from 'node:child_process';
import { type Measured, measure, measureReentry } from './measured-child.ts';
import { median, type Ratio, seconds } from './ratio.ts';

/** `scan --all --json` against git's own log of the same history plus reading the notes with git. */
export async function benchScan(repository: string, rounds: number): Promise<readonly Ratio[]> {
  const git: number[] = [];
  const scans: Measured[] = [];
  for (let round = 0; round <= rounds; round += 1) {
    const log = await measure('git', gitLog(repository));
    const notes = await readNotes(repository);
    const scan = await measureReentry(['scan', repository, '--all', '--json']);
    if (round === 0) continue;
    git.push(log.ms + notes);
    scans.push(scan);
  }
  const ours = median(scans.map(({ ms }) => ms));
  const theirs = median(git);
  const peak = Math.max(...scans.map(({ peakMb }) => peakMb));
  return [
    {
      name: 'scan / git log --raw --numstat',
      value: ours / theirs,
      limit: 2,
      unit: '×',
      detail: `${seconds(ours)} to ${seconds(theirs)}`,
    },
    { name: 'scan, peak memory', value: peak, limit: 400, unit: 'MB', detail: 'of our process' },
  ];
}

export function gitLog(repository: string): readonly string[] {
  return ['-C', repository, 'log', '--raw', '--numstat', '-z', '--first-parent', '-m'];
}

async function readNotes(repository: string): Promise<number> {
  const git = (...args: string[]) =>
    execFileSync('git', ['-C', repository, ...args], { encoding: 'utf8', maxBuffer: 1 << 28 });
  if (git('for-each-ref', 'refs/notes/ai').trim() === '') return 0;
  const { ms } = await measure('sh', [
    '-c',
    'git -C "$0" notes --ref=ai list | cut -d" " -f1 | git -C "$0" cat-file --batch',
    repository,
  ]);
  return ms;
}
