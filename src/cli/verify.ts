import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { LogVerification, VerificationFinding } from '../app/ports.ts';
import { type ArchiveEvidence, type Verification, verifyArchive } from '../app/verify-archive.ts';
import { AppError } from '../core/errors.ts';
import { count, plural } from '../core/sentence-parts.ts';
import { type Progress, startProgress } from './progress.ts';
import { printable, style, type Terminal } from './terminal.ts';
import { verifyBundleFile } from './verify-bundle-file.ts';
import type { World } from './world.ts';

export interface VerifyOptions {
  readonly path: string;
  /** Verifier key, or a file that holds it; of bundles only. */
  readonly key?: string;
  readonly json?: true;
}

const findingsShown = 50;

export async function verify(world: World, options: VerifyOptions): Promise<number> {
  const { terminal } = world;
  const at = (path: string) => resolve(world.config.workingFolder, path);
  const file = await stat(at(options.path)).catch(() => undefined);
  if (file?.isFile()) {
    const { key, json } = options;
    return verifyBundleFile(terminal, {
      path: at(options.path),
      ...(key === undefined ? {} : { key: { text: key, path: at(key) } }),
      ...(json ? { json } : {}),
    });
  }
  if (options.key !== undefined) {
    throw new AppError('USAGE', {
      detail: '--key goes with an evidence bundle; folders hold their own keys',
    });
  }
  const evidence = await world.openEvidence(options.path);
  const progress: Partial<Record<string, Progress>> = {};
  try {
    const verification = await verifyArchive(evidence, {
      signal: world.signal,
      onProgress: (log, done, total) => {
        progress[log] ??= startProgress(terminal, `Verifying the ${log} log`, world.steadyMs);
        progress[log].update(done, total);
      },
    });
    for (const shown of Object.values(progress)) shown?.end();
    await terminal.out(
      options.json ? verificationJson(verification) : verificationText(verification, evidence, terminal),
    );
    return verification.findingCount === 0 ? 0 : 1;
  } finally {
    for (const shown of Object.values(progress)) shown?.end();
    await evidence.close();
  }
}

function verificationJson({ findings, logs, ...counts }: Verification): string {
  const summary = {
    result: counts.findingCount === 0 ? 'satisfied' : 'violated',
    ...counts,
    logs: logs.map((log) => ({
      log: log.log,
      origin: log.origin,
      size: log.checkpoint?.size ?? null,
      root: rootText(log),
      entries: log.entries,
      unpublished: log.unpublished,
      findings: Object.fromEntries(log.counts),
    })),
  };
  return [...findings.map((finding) => ({ finding })), { summary }]
    .map((line) => `${JSON.stringify(line)}\n`)
    .join('');
}

function rootText({ checkpoint }: LogVerification): string | null {
  return checkpoint && Buffer.from(checkpoint.root).toString('base64');
}

function verificationText(
  verification: Verification,
  { path, database }: Pick<ArchiveEvidence, 'path' | 'database'>,
  terminal: Terminal,
): string {
  const { logs, records, rows, findings, findingCount } = verification;
  const ok = findingCount === 0;
  const verdict = ok
    ? style(terminal, 'green', 'Everything that was checked is intact.')
    : style(terminal, 'red', `${plural(findingCount, 'finding')}: this evidence was changed or damaged.`);
  return [
    `${verdict}\n  ${printable(path)}\n`,
    ...logs.map(logLine),
    database
      ? `  ${plural(records, 'evidence record')} checked, ${count(rows)} database rows compared\n`
      : '  One log by itself: its files and its signature. Payloads and rows are checked with the whole data folder.\n',
    ...findings.slice(0, findingsShown).map((finding) => findingLine(finding, terminal)),
    findingCount > findingsShown
      ? `  and ${count(findingCount - findingsShown)} more (--json lists up to 1,000)\n`
      : '',
    ok
      ? ''
      : 'Do not delete anything. Keep a copy of this folder, then restore from a backup made before the change.\n',
  ].join('');
}

function logLine(log: LogVerification): string {
  const root = rootText(log) ?? 'unknown';
  const waiting = log.unpublished > 0 ? `, ${count(log.unpublished)} not published yet` : '';
  return `  ${log.log} log: ${plural(log.entries, 'entry', 'entries')} checked${waiting}, root ${root} (${log.origin ?? 'no usable key'})\n`;
}

function findingLine(finding: VerificationFinding, terminal: Terminal): string {
  const where = [
    finding.log,
    ...(finding.index === undefined ? [] : [`entry ${finding.index}`]),
    ...(finding.tile === undefined ? [] : [finding.tile]),
  ].join(', ');
  return `  ${style(terminal, 'red', finding.code)} (${where}): ${printable(finding.detail)}\n`;
}
