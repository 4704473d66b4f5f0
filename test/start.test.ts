import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sealedStatements } from '../src/app/sealed-statements.ts';
import { withArchive } from './support/archive.ts';
import { makePlace, type Place } from './support/place.ts';
import { serversBelow } from './support/processes.ts';
import { type Run, runReentry } from './support/run-reentry.ts';
import { runStart } from './support/run-start.ts';
import { createRepository, createStory, type StoryRepository } from './support/story-repository.ts';

// One data folder's life: each test goes on where the one before it stopped.

let place: Place;
let shop: StoryRepository;
let dataFolder: string;
let first: Run;

beforeAll(async () => {
  place = await makePlace();
  shop = createStory(join(place.path, 'shop'));
  dataFolder = join(shop.path, '.reentry');
  // As npm does it: the process runs elsewhere, REENTRY_CWD says where the user stood.
  first = await runStart([], { cwd: '/', env: { REENTRY_CWD: shop.path } });
});

afterAll(() => place[Symbol.asyncDispose]());

test('the first start tells the story of the repository that the user stands in', () => {
  const { head, sections } = story(first);

  expect(first).toMatchObject({ status: 0, stderr: '' });
  expect(head).toEqual(['local/shop: 7 changes added.', 'shop: 7 changes on main, 2025-10-09 to 2025-10-09']);
  expect(sections.get('Who made them')).toEqual([
    expect.stringMatching(/^AI +1 +14\.3 % /),
    expect.stringMatching(/^mixed +2 +28\.6 % /),
    expect.stringMatching(/^human +0 +0\.0 % /),
    expect.stringMatching(/^unknown +4 +57\.1 % +no clear signal/),
  ]);
  const bands = sections.get('Risk, ranked against a reference population')?.map((line) => line.split(/ +/));
  expect(bands?.map(([band]) => band)).toEqual(['critical', 'high', 'medium', 'low']);
  expect(bands?.reduce((sum, [, count]) => sum + Number(count), 0)).toBe(7);
  expect(sections.get('Agents and models seen')).toEqual([
    expect.stringMatching(/^claude-code +2 +Claude Opus 4\.5 \(1\), claude-opus-4-6 \(1\)$/),
    expect.stringMatching(/^cursor +1 +no model named$/),
    '1 session named',
  ]);
});

test('the story ends with the five riskiest, each with reasons, and with where the evidence lies', () => {
  const { sections } = story(first);

  const riskiest = sections.get('The five riskiest, and what raises their score most') ?? [];
  const ranked = riskiest.filter((line) => !line.startsWith('·'));
  expect(ranked.map((line) => line.split(/ +/)[2])).toEqual(expect.arrayContaining(['#1', '#3', '#5']));
  const scores = ranked.map((line) => Number.parseInt(line, 10));
  expect(scores).toEqual(scores.toSorted((a, b) => b - a));
  expect(riskiest[1]).toMatch(/^· (?!.*raises the score).*\.$/);
  expect(riskiest.at(-1)).toMatch(/^· /);
  expect(sections.get('Evidence')).toEqual([
    'sealed  8 facts and 7 signed evidence records',
    `where   ${dataFolder}`,
    expect.stringMatching(/^root {4}[A-Za-z0-9+/]{43}= \(evidence log\)$/),
    'note it down elsewhere, and nobody can rewrite the past unseen',
    expect.stringMatching(`^verify  npm run .*reentry -- verify ${dataFolder}$`),
    'once this has stopped; while it serves, its page Log verifies',
  ]);
});

test('before the import begins it says where it serves, with a one-time link, and says so again at the end', () => {
  const { stdout } = first;

  const link = /^ {2}http:\/\/localhost:\d+\/welcome#token=[\w-]{43}$/m.exec(stdout)?.[0] ?? 'no link';
  expect(stdout.startsWith('Reentry is at http://localhost:')).toBe(true);
  expect(stdout.split(link)).toHaveLength(3);
  expect(stdout.endsWith('New commits are imported as they come; Ctrl-C stops.\n')).toBe(true);
});

test("a title cannot drive the reader's terminal", () => {
  const { stdout } = first;

  expect(stdout).toContain('#4         Tidy');
  expect(stdout).toContain('\\u{202e}gnp.exe');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
  expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
});

test('a start without anything new says so and adds nothing', async () => {
  const run = await runStart(['.'], { cwd: shop.path });

  expect(story(run).head[0]).toBe('local/shop: Nothing was new.');
  expect(story(run).sections).toEqual(story(first).sections);
  expect(await logSizes()).toEqual({ events: 8, evidence: 7 });
});

test('the data folder does not show in `git status` of the repository that it lies in', () => {
  expect(shop.git('status', '--porcelain')).toBe('');
});

test('after a new commit only that one is added', async () => {
  shop.commit('Say goodbye (#6)', { 'src/bye.ts': "export const bye = 'bye';\n" });

  const run = await runStart([], { cwd: shop.path });

  expect(story(run).head[0]).toBe('local/shop: 1 change added.');
  expect(await logSizes()).toEqual({ events: 10, evidence: 8 });
});

test('a note on an old commit is learned: its change gets a new record, which supersedes the old one', async () => {
  const commit = shop.git('log', '-1', '--format=%H', '--grep=Say hello');
  shop.note(commit, 'src/hello.ts', 1);

  const run = await runStart([], { cwd: shop.path });

  expect(story(run).head[0]).toBe('local/shop: 1 known change with something new.');
  expect(story(run).sections.get('Who made them')?.[0]).toMatch(/^AI +2 /);
  expect(await recordsOf(`push/${commit}`)).toEqual([
    { seq: 6, reason: 'merged', supersedes: null, class: 'unknown' },
    { seq: 8, reason: 'learned-later', supersedes: 6, class: 'ai' },
  ]);
});

test('a second repository in the same data folder has its own story, and the evidence of both verifies', async () => {
  const blog = createRepository(join(place.path, 'blog'));
  blog.commit('Write (#1)\n\nCo-Authored-By: Claude <noreply@anthropic.com>', { 'post.md': 'Hello.\n' });

  const run = await runStart([blog.path, '--data', dataFolder]);

  expect(story(run).head).toEqual([
    'local/blog: 1 change added.',
    'blog: 1 change on main, 2025-10-09 to 2025-10-09',
  ]);
  expect(await logSizes()).toEqual({ events: 14, evidence: 10 });
  expect((await runReentry(['verify', dataFolder])).status).toBe(0);
});

test('no command leaves a PostgreSQL behind', async () => {
  expect(await serversBelow(place.path)).toEqual([]);
});

interface Story {
  /** The lines before the first section. */
  readonly head: readonly string[];
  /** Lines, trimmed, by title. */
  readonly sections: ReadonlyMap<string, readonly string[]>;
}

function story({ stdout }: Run): Story {
  const [outcome = '', title = '', ...rest] = stdout.split('\n\n');
  // Where it is served, on another port each time, stands before and after.
  const sections = rest.slice(0, -1).map((text) => text.split('\n').map((line) => line.trim()));
  return {
    head: [outcome.split('\n').at(-1) ?? '', title],
    sections: new Map(sections.map(([name = '', ...lines]) => [name, lines.filter((line) => line !== '')])),
  };
}

/** As the published checkpoints say: C2SP tlog-checkpoint has the size on its second line. */
async function logSizes(): Promise<Record<string, number>> {
  const size = async (log: string) => {
    const note = await readFile(join(dataFolder, 'logs', log, 'checkpoint'), 'utf8');
    return Number(note.split('\n')[1]);
  };
  return { events: await size('events'), evidence: await size('evidence') };
}

async function recordsOf(changeId: string): Promise<readonly object[]> {
  const found: object[] = [];
  await withArchive(dataFolder, async ({ ledger }) => {
    for await (const { evidenceSeq: seq, statement } of sealedStatements(ledger, 0)) {
      const { change, reason, supersedes, attribution } = statement.predicate;
      if (change.id === changeId) found.push({ seq, reason, supersedes, class: attribution.class });
    }
  });
  return found;
}
