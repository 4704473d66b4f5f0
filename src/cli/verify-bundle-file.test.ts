import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { madeLog } from '../core/evidence/testing/make-bundle.ts';
import { runProgram } from './program.ts';
import { reportError } from './report-error.ts';
import { closedWorld } from './testing/closed-world.ts';
import { recordingTerminal } from './testing/recording-terminal.ts';

const bundle = madeLog(11).bundle(6);
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reentry-bundle-'));
  const texts: Record<string, string> = {
    'good.json': JSON.stringify(bundle),
    'forged.json': JSON.stringify({ ...bundle, proof: bundle.proof.toReversed() }),
    'unsigned.json': JSON.stringify({ ...bundle, statementKey: null }),
    'hostile.json': JSON.stringify({ ...bundle, origin: '\u001b[2J\u202e' }),
    'other.json': '{}',
    'log.vkey': `${bundle.vkey}\n`,
    'foreign.vkey': madeLog(1, { seed: 2 }).bundle(0).vkey,
  };
  for (const [name, text] of Object.entries(texts)) await writeFile(join(folder, name), text);
  await writeFile(join(folder, 'binary'), Uint8Array.of(0x7b, 0xff));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

test('a bundle that holds is told step by step, with the key to compare, and ends with 0', async () => {
  const { status, out } = await verify('good.json');

  expect(status).toBe(0);
  expect(out).toContain('compare its fingerprint');
  expect(out.match(/✓/g)).toHaveLength(6);
  expect(out).toMatch(/Key of the log log\.example\/evidence, from the bundle:\n {4}SHA-256 [0-9a-f]{64}\n/);
});

test('a changed proof ends with 1 and shows what was computed and what was expected', async () => {
  const { status, out } = await verify('forged.json');

  expect(status).toBe(1);
  expect(out).toContain('✕ Place of the leaf under the log’s root (violated)');
  expect(out).toMatch(/computed [0-9a-f]{64}\n {4}expected [0-9a-f]{64}\n/);
});

test('a bundle without its statement key is not taken for verified', async () => {
  expect(await verify('unsigned.json')).toMatchObject({
    status: 1,
    out: expect.stringContaining('? Signature'),
  });
});

test('under a trusted key only a bundle of that log is satisfied', async () => {
  for (const key of ['log.vkey', bundle.vkey]) {
    expect(await verify('good.json', '--key', key)).toMatchObject({
      status: 0,
      out: expect.stringContaining('which you trust'),
    });
  }
  expect(await verify('good.json', '--key', 'foreign.vkey')).toMatchObject({ status: 1 });
  expect(await verify('good.json', '--key', 'good.json')).toMatchObject({
    status: 2,
    err: expect.stringContaining('USAGE'),
  });
});

test('--json gives a line per step, then the summary', async () => {
  const { out } = await verify('good.json', '--json');

  const lines = out
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(lines.map((line) => line.step?.id ?? 'summary')).toEqual([
    'payload',
    'commitment',
    'leaf',
    'inclusion',
    'checkpoint',
    'statement',
    'summary',
  ]);
  expect(lines.at(-1)).toMatchObject({
    summary: { result: 'satisfied', log: 'evidence', index: 6, size: 11 },
  });
});

test.each(['other.json', 'binary', 'log.vkey'])('%s is no bundle: bad input, status 3', async (name) => {
  expect(await verify(name)).toMatchObject({
    status: 3,
    out: '',
    err: expect.stringContaining('EVIDENCE_INVALID'),
  });
});

test('what a hostile bundle says cannot drive the terminal', async () => {
  const { out } = await verify('hostile.json');

  expect(out).not.toContain('\u001b');
  expect(out).not.toContain('\u202e');
});

async function verify(...args: string[]): Promise<{ status: number; out: string; err: string }> {
  const terminal = recordingTerminal();
  const world = closedWorld(terminal, { folder });
  const status = await runProgram(['verify', ...args], world).catch((error: unknown) =>
    reportError(error, terminal, world.signal),
  );
  return { status, ...terminal.written };
}
