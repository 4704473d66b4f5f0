import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runProgram } from './program.ts';
import { reportError } from './report-error.ts';
import { closedWorld } from './testing/closed-world.ts';
import { recordingTerminal } from './testing/recording-terminal.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reentry-gate-'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

const good = 'version: 1\nrules:\n  - id: any-change\n    require: { humanApprovals: 1 }\n';

test('a policy without mistakes is named with its digest', async () => {
  await writeFile(join(folder, 'good.yml'), good);

  const { status, out } = await run('gate', 'validate', 'good.yml');

  expect(status).toBe(0);
  expect(out).toMatch(/^good\.yml is a valid policy: 1 rule, 0 gates\.\n {2}digest [0-9a-f]{64}\n$/);
});

test('every mistake is a line with its place, and the status is 1', async () => {
  await writeFile(
    join(folder, 'bad.yml'),
    good.replace('humanApprovals', 'humanAprovals').replace('version: 1', 'version: 3'),
  );

  expect(await run('gate', 'validate', 'bad.yml')).toEqual({
    status: 1,
    out: [
      'bad.yml:1:10 `version` has to be 1, the only version that there is.',
      'bad.yml:4:16 `rules[0].require.humanAprovals` is not known here; the keys are humanApprovals, approvalsFrom, gates, attributionLevel, ticket. Did you mean `humanApprovals`?',
      '2 mistakes. docs/policy.md describes the format.',
      '',
    ].join('\n'),
    err: '',
  });
});

test('--json gives an object per mistake, then the summary', async () => {
  await writeFile(join(folder, 'bad.yml'), good.replace('humanApprovals: 1', 'gate: [x]'));

  const { status, out } = await run('gate', 'validate', 'bad.yml', '--json');

  expect(status).toBe(1);
  expect(
    out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line)),
  ).toEqual([
    {
      mistake: {
        line: 4,
        column: 16,
        at: 'rules[0].require.gate',
        message: expect.stringContaining('is not known here'),
        suggestion: 'gates',
      },
    },
    { summary: { result: 'violated', mistakes: 1, digest: null, rules: 0, gates: 0, remarks: [] } },
  ]);
});

test('what would drive a terminal stays text', async () => {
  await writeFile(join(folder, 'bad.yml'), `${good}"\\e[2J": 1\n`);

  const { out } = await run('gate', 'validate', 'bad.yml');

  expect(out).toContain('\\u{1b}[2J');
  expect(out).not.toContain('\u001b');
});

test.each([
  ['none.yml', 'there is no such file.'],
  ['.', 'it is a folder.'],
])('%s is no policy: %s', async (file, detail) => {
  const { status, err } = await run('gate', 'validate', file);

  expect(status).toBe(3);
  expect(err).toContain(`POLICY_INVALID The policy file ${join(folder, file)} does not hold: ${detail}`);
});

test('simulate tells the mistakes of a policy and opens nothing', async () => {
  await writeFile(join(folder, 'bad.yml'), 'version: 1\n');

  const { status, err } = await run('gate', 'simulate', '--policy', 'bad.yml');

  expect(status).toBe(3);
  expect(err).toContain('bad.yml:1:1 The file lacks the key `rules`.\nPOLICY_INVALID');
});

async function run(...args: readonly string[]) {
  const terminal = recordingTerminal();
  const world = closedWorld(terminal, { folder });
  const status = await runProgram(args, world).catch((error: unknown) =>
    reportError(error, terminal, world.signal),
  );
  return { status, ...terminal.written };
}
