import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ScanLine } from '../src/contract/scan-line.ts';
import { createHistory } from './support/git-history.ts';
import { makePlace, type Place } from './support/place.ts';
import { hasTerminals, startInTerminal } from './support/run-in-terminal.ts';
import { runReentry } from './support/run-reentry.ts';
import { runShell } from './support/run-shell.ts';
import { createStory, type StoryRepository } from './support/story-repository.ts';

let place: Place;
let shop: StoryRepository;

beforeAll(async () => {
  place = await makePlace();
  shop = createStory(join(place.path, 'shop'));
});

afterAll(() => place[Symbol.asyncDispose]());

async function scanLines(...args: readonly string[]): Promise<readonly ScanLine[]> {
  const { status, stdout, stderr } = await runReentry(['scan', shop.path, '--json', ...args]);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return stdout
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as ScanLine);
}

describe('scan --json', () => {
  let lines: readonly ScanLine[];

  beforeAll(async () => {
    lines = await scanLines();
  });

  test('prints one object per change, oldest first, with every field of its contract', () => {
    const ids = lines.map(({ change }) => change.id);
    expect(ids).toEqual([
      `push/${shop.git('rev-list', '--max-parents=0', 'HEAD')}`,
      'pr/1',
      'pr/2',
      'pr/3',
      'pr/4',
      'pr/5',
      `push/${shop.git('rev-parse', 'HEAD')}`,
    ]);
    const text = expect.any(String);
    const number = expect.any(Number);
    for (const line of lines) {
      expect(line).toEqual({
        change: {
          repo: 'local/shop',
          id: text,
          kind: expect.stringMatching(/^(pull_request|direct_push)$/),
          number: line.change.kind === 'pull_request' ? number : null,
          landing: expect.stringMatching(/^(merge|squash|rebase|push)$/),
          title: text,
          sourceBranch: line.change.number === 3 ? 'payments' : null,
          baseSha: line === lines[0] ? null : expect.stringMatching(/^[0-9a-f]{40}$/),
          headSha: expect.stringMatching(/^[0-9a-f]{40}$/),
          mergeSha: expect.stringMatching(/^[0-9a-f]{40}$/),
          mergedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
          author: { name: 'Ada', email: 'ada@example.org' },
          commits: number,
        },
        size: { files: 1, additions: number, deletions: number },
        attribution: {
          class: expect.stringMatching(/^(human|ai|mixed|unknown)$/),
          aiShare: line.attribution.aiShareBasis === 'none' ? null : number,
          aiShareBasis: expect.stringMatching(/^(lines|commits|none)$/),
          claims: expect.any(Array),
          otherSignals: expect.any(Array),
          contradictions: [],
          files: expect.any(Array),
          version: text,
        },
        risk: {
          score: number,
          probability: number,
          band: expect.stringMatching(/^(low|medium|high|critical)$/),
          base: number,
          logOdds: number,
          calibrated: expect.any(Boolean),
          modelVersion: text,
          factors: expect.any(Array),
        },
        gaps: [],
      });
    }
  });

  test('each claim names agent, model, session and person with the signals that say so, each with its level', () => {
    const claims = lines.flatMap(({ change, attribution }) =>
      attribution.claims.map((claim) => [change.id, claim] as const),
    );
    expect(
      claims.map(([id, { agent, model, sessionId, user }]) => [id, agent, model, sessionId, user]),
    ).toEqual([
      ['pr/1', 'claude-code', 'Claude Opus 4.5', null, 'Ada <ada@example.org>'],
      [
        'pr/3',
        'claude-code',
        'claude-opus-4-6',
        'claude-code:518eacf9-30f9-4849-b452-42cf98d706e5',
        'Ada <ada@example.org>',
      ],
      ['pr/5', 'cursor', null, null, 'Ada <ada@example.org>'],
    ]);
    for (const [, { signals, level }] of claims) {
      expect(signals.length).toBeGreaterThan(0);
      for (const signal of signals) {
        expect(signal).toMatchObject({
          kind: expect.any(String),
          locator: expect.any(String),
          value: expect.any(String),
          level: expect.any(Number),
        });
      }
      expect(level).toBeLessThanOrEqual(2);
    }
  });

  test('a score is a whole number from 0 to 100, and base and contributions add up to the log-odds exactly', () => {
    for (const { risk } of lines) {
      const sum = risk.factors.reduce((total, { contribution }) => total + contribution, risk.base);
      expect(sum).toBe(risk.logOdds);
      expect(Number.isInteger(risk.score) && risk.score >= 0 && risk.score <= 100).toBe(true);
      for (const factor of risk.factors) {
        expect(factor).toMatchObject({
          signal: expect.any(String),
          because: expect.stringMatching(/^[A-Z0-9].*\.$/),
        });
      }
    }
  });

  test('the same repository gives the same bytes, from wherever it is read', async () => {
    const one = await runReentry(['scan', shop.path, '--all', '--json']);
    const other = await runReentry(['scan', '.', '--json'], { cwd: join(shop.path, 'src') });

    expect(other.stdout).toBe(one.stdout);
  });

  test('--since leaves out what was merged before and changes nothing of the rest', async () => {
    const since = lines[4]?.change.mergedAt ?? '';

    expect(await scanLines('--since', since)).toEqual(lines.slice(4));
  });

  test('--since a day begins with that day in UTC', async () => {
    expect(await scanLines('--since', '2025-10-09')).toHaveLength(7);
    expect(await scanLines('--since', '2025-10-10')).toEqual([]);
  });

  test('--base and --head give the one change between them, as a branch that has not landed', async () => {
    const [line, ...more] = await scanLines('--base', 'main~2', '--head', 'main');

    expect(more).toEqual([]);
    expect(line?.change).toMatchObject({
      id: `range/${shop.git('rev-parse', 'main')}`,
      baseSha: shop.git('rev-parse', 'main~2'),
      headSha: shop.git('rev-parse', 'main'),
      commits: 2,
    });
    expect(line?.attribution.claims.map(({ agent }) => agent)).toEqual(['cursor']);
  });

  test('--head alone reads the history of another branch', async () => {
    const branch = await scanLines('--head', 'payments');

    expect(branch.map(({ change }) => change.title)).toEqual([
      'Begin',
      'Add the cart',
      'Fix a typo',
      'Take payments',
    ]);
  });
});

test('a scan writes nothing: neither into the repository nor beside it', async () => {
  const before = digest(place.path);

  await runReentry(['scan', 'shop', '--json'], { cwd: place.path });
  await runReentry(['scan', 'shop', '--base', 'main~1', '--head', 'main'], { cwd: place.path });

  expect(digest(place.path)).toBe(before);
});

describe('scan for people', () => {
  test('prints a head and a line per change, oldest first, and the number of changes aside', async () => {
    const { status, stdout, stderr } = await runReentry(['scan', shop.path]);

    expect({ status, stderr }).toEqual({ status: 0, stderr: '7 changes\n' });
    const [head, ...lines] = stdout.trimEnd().split('\n');
    expect(head).toBe('merged     risk         class   change       title');
    expect(lines).toHaveLength(7);
    expect(lines[3]).toMatch(
      /^2025-10-09 +\d+ (low|medium|high|critical) +ai {6}#3 +Take payments \[claude-code\]$/,
    );
  });

  test('of one change every reason is given', async () => {
    const { stdout } = await runReentry(['scan', shop.path, '--base', 'main~2', '--head', 'main~1']);

    expect(stdout).toMatch(/^Rework the cart.*\n/);
    expect(stdout).toContain('\nWho made it\n');
    expect(stdout).toContain('cursor, for Ada <ada@example.org> (level 1, declared)');
    expect(stdout).toContain('\nHow risky\n');
    expect(stdout).toMatch(/\n {3}\+\d\.\d{3} {2}.*raises the score\.\n/);
  });

  test.each([
    ['no colours where it goes to no terminal', {}, false],
    ['colours where they are forced', { FORCE_COLOR: '1' }, true],
  ])('%s', async (_, env, coloured) => {
    const scan = await runReentry(['scan', shop.path], { env });
    const failure = await runReentry(['scan', '/'], { env });

    expect(scan.stdout.includes('\u001b[')).toBe(coloured);
    expect(failure.stderr.includes('\u001b[')).toBe(coloured);
  });

  test('on a terminal there are colours, and no progress bar is left between the lines', async ({ skip }) => {
    if (!hasTerminals) skip('no `script` of util-linux here to make a terminal with');

    const { status, stdout } = await startInTerminal(['scan', shop.path], place.path).ended;

    expect(status).toBe(0);
    expect(stdout).toContain('\u001b[33m');
    const lines = stdout.split('\r\n').map((line) => line.split('\r\u001b[2K').at(-1) ?? '');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are made of them
    const plain = lines.map((line) => line.replace(/\u001b\[\d+m/g, ''));
    expect(plain[0]).toBe('merged     risk         class   change       title');
    expect(plain.slice(1, 8).every((line) => line.startsWith('2025-10-09'))).toBe(true);
    expect(plain.slice(8)).toEqual(['7 changes', '']);
    // The hostile title among them.
    expect(stdout).not.toContain('\u001b]');
  });

  test('a hostile title shows what it is made of', async () => {
    const { stdout } = await runReentry(['scan', shop.path]);

    expect(stdout).toContain('\\u{202e}gnp.exe');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
    expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
  });
});

test('a reader that goes away ends a scan quietly', async () => {
  const history = await createHistory(join(place.path, 'long.git'));
  await history.grow(400);

  const { stdout, stderr } = await runShell(
    `{ reentry scan '${history.path}' --json; echo "status $?" >&2; } | head -n 1`,
    place.path,
  );

  expect(stdout.split('\n')).toHaveLength(2);
  expect(stderr).toBe('status 0\n');
});

test('for a reader that was never there nothing is counted', async () => {
  const { stderr } = await runShell('{ reentry scan shop; echo "status $?" >&2; } | true', place.path);

  expect(stderr).toBe('status 0\n');
});

/** Of every file's path, content and time of change below that folder. */
function digest(folder: string): string {
  const hash = createHash('sha256');
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }).toSorted()) {
    const path = join(folder, name);
    const found = statSync(path);
    hash.update(`${name}\0${found.mode}\0${found.mtimeMs}\0`);
    if (found.isFile()) hash.update(readFileSync(path));
  }
  return hash.digest('hex');
}
