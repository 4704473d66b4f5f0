import { afterAll, describe, expect, test } from 'vitest';
import type { AttributionRecord } from '../../core/attribution/attribution-record.ts';
import { makeRepository, removeTestFolders, type TestCommit } from './testing/make-repository.ts';
import { readRepository } from './testing/read-repository.ts';

afterAll(removeTestFolders);

const session = 's_1a2b3c4d5e6f70';

/** A note in Git AI's form that gives lines of files to one session. */
function note(lines: Readonly<Record<string, string>>): string {
  const attested = Object.entries(lines)
    .map(([path, ranges]) => `${path}\n  ${session}::t_0f1e2d3c4b5a69 ${ranges}\n`)
    .join('');
  const agent = { tool: 'claude', id: 'c-1', model: 'claude-opus-4-6' };
  const sessions = { [session]: { agent_id: agent, human_author: 'Ann <ann@example.org>' } };
  return `${attested}---\n${JSON.stringify({ schema_version: 'authorship/3.0.0', base_commit_sha: '', prompts: {}, sessions })}`;
}

/** Notes written as git stores them, at the fan-out that is wanted: `levels` folders of two digits. */
function notesCommit(
  notes: Readonly<Record<string, string>>,
  levels: number,
  ref = 'refs/notes/ai',
): TestCommit {
  const place = (sha: string) => {
    const folders = Array.from({ length: levels }, (_, level) => sha.slice(2 * level, 2 * level + 2));
    return [...folders, sha.slice(2 * levels)].join('/');
  };
  const files = Object.fromEntries(Object.entries(notes).map(([sha, text]) => [place(sha), text]));
  return { name: 'notes', ref, parents: [], files };
}

function landed(records: readonly AttributionRecord[]) {
  return records.flatMap(({ sessions }) =>
    sessions.flatMap(({ coverage }) => coverage.map(({ path, ranges, lines }) => ({ path, ranges, lines }))),
  );
}

const base: TestCommit = { name: 'base', files: { 'a.ts': '1\n2\n3\n' } };

describe('notes', () => {
  test.each([0, 1, 2, 3])(
    'are found at fan-out %i, pinned by their blob, and cut to the lines added',
    async (levels) => {
      const commits = [base, { name: 'change', files: { 'a.ts': '1\nx\n2\n3\ny\n' } }];
      const repository = makeRepository(commits);
      const sha = repository.shaOf('change');
      const noted = makeRepository([
        ...commits,
        notesCommit({ [sha]: note({ 'a.ts': '1-5', gone: '1' }) }, levels),
      ]);
      expect(noted.shaOf('change')).toBe(sha);

      const { changes } = await readRepository(noted.path);

      expect(changes[1]?.records).toMatchObject([
        { source: 'git-ai-note', locator: `refs/notes/ai:${sha}`, commit: sha, hasLines: true },
      ]);
      expect(changes[1]?.records[0]?.blob).toBe(noted.git('notes', '--ref=ai', 'list', sha));
      expect(landed(changes[1]?.records ?? [])).toEqual([
        {
          path: 'a.ts',
          ranges: [
            [2, 2],
            [5, 5],
          ],
          lines: 2,
        },
      ]);
    },
  );

  test('on commits inside of a merge are followed through later edits and renames to the lines that landed', async () => {
    const body = Array.from({ length: 20 }, (_, line) => `own ${line}\n`);
    const text = (lines: readonly string[]) => lines.join('');
    const commits: readonly TestCommit[] = [
      base,
      { name: 'inner1', ref: 'refs/heads/t', files: { 'n.ts': text(body), 'a.ts': '1\n2\n3\nz\n' } },
      {
        name: 'inner2',
        ref: 'refs/heads/t',
        renames: [['n.ts', 'm.ts']],
        files: { 'm.ts': text(['top\n', ...body.slice(0, 5), 'edited\n', ...body.slice(6)]) },
      },
      {
        name: 'merge',
        message: 'Merge pull request #1 from a/t',
        parents: ['base', 'inner2'],
        files: {
          'm.ts': text(['top\n', ...body.slice(0, 5), 'edited\n', ...body.slice(6)]),
          'a.ts': '0\n1\n2\n3\nz\n',
        },
      },
    ];
    const sha = makeRepository(commits).shaOf('inner1');
    const repository = makeRepository([
      ...commits,
      notesCommit({ [sha]: note({ 'n.ts': '1-20', 'a.ts': '3-4' }) }, 1),
    ]);

    const { changes } = await readRepository(repository.path);

    expect(landed(changes[1]?.records ?? [])).toEqual([
      {
        path: 'm.ts',
        ranges: [
          [2, 6],
          [8, 21],
        ],
        lines: 19,
      },
      { path: 'a.ts', ranges: [[5, 5]], lines: 1 },
    ]);
  });

  test('that are too large, missing or of other commits are said, not read', async () => {
    const commits = [base, { name: 'two' }];
    const plain = makeRepository(commits);
    const huge = `---\n{"schema_version":"authorship/3.0.0","x":"${'x'.repeat(4 * 1024 * 1024)}"}`;
    const repository = makeRepository([
      ...commits,
      notesCommit(
        { [plain.shaOf('base')]: huge, [plain.shaOf('two')]: note({}), ['f'.repeat(40)]: note({}) },
        0,
      ),
    ]);

    const { state, changes } = await readRepository(repository.path);

    expect(changes[0]).toMatchObject({ records: [], gaps: [{ code: 'note-too-large' }] });
    expect(changes[1]).toMatchObject({ records: [{ source: 'git-ai-note' }], gaps: [] });
    expect(state.gaps).toMatchObject([{ code: 'notes-dangling', detail: expect.stringContaining('1 of 3') }]);
  });

  test('that come later change the digest of the references, and the change that they speak of alone', async () => {
    const repository = makeRepository([base, { name: 'two', files: { b: 'x\n' } }]);
    const before = await readRepository(repository.path);

    repository.gitWithInput(note({ b: '1' }), 'notes', '--ref=ai', 'add', '-F', '-', repository.shaOf('two'));
    const after = await readRepository(repository.path);

    expect(after.state.refsDigest).not.toBe(before.state.refsDigest);
    expect(after.changes[0]).toEqual(before.changes[0]);
    expect(after.changes[1]?.records).toHaveLength(1);
  });
});

const checkpoint = (id: string) =>
  JSON.stringify({ checkpoint_id: id, session_id: `session of ${id}`, agent: 'Claude Code' });

test('Entire checkpoints are looked up by their trailer, on the branch and in their own references', async () => {
  const repository = makeRepository([
    { name: 'one', message: 'one\n\nEntire-Checkpoint: 00aa11bb22cc\nEntire-Checkpoint: 111111111111' },
    { name: 'two', message: 'two\n\nentire-checkpoint: 01ARZ3NDEKTSV4RRFFQ69G5FAV' },
    {
      name: 'branch',
      ref: 'refs/heads/entire/checkpoints/v1',
      parents: [],
      files: {
        '00/aa11bb22cc/metadata.json': '{"sessions":[]}',
        '00/aa11bb22cc/0/metadata.json': checkpoint('00aa11bb22cc'),
        '00/aa11bb22cc/2/metadata.json': checkpoint('00aa11bb22cc'),
        '00/aa11bb22cc/2/full.jsonl': 'secret prompts',
      },
    },
    {
      name: 'own',
      ref: 'refs/entire/checkpoints/01/01ARZ3NDEKTSV4RRFFQ69G5FAV',
      parents: [],
      files: { 'metadata.json': '{}', '0/metadata.json': checkpoint('01ARZ3NDEKTSV4RRFFQ69G5FAV') },
    },
  ]);

  const { changes } = await readRepository(repository.path);

  const row = ({ source, locator, sessions }: AttributionRecord) => [source, locator, sessions[0]?.sessionId];
  expect(changes[0]?.records.map(row)).toEqual([
    ['entire-checkpoint', 'entire/checkpoints/v1:00/aa11bb22cc/0/metadata.json', 'session of 00aa11bb22cc'],
    ['entire-checkpoint', 'entire/checkpoints/v1:00/aa11bb22cc/2/metadata.json', 'session of 00aa11bb22cc'],
  ]);
  expect(changes[1]?.records.map(row)).toEqual([
    [
      'entire-checkpoint',
      'refs/entire/checkpoints:01ARZ3NDEKTSV4RRFFQ69G5FAV/0/metadata.json',
      'session of 01ARZ3NDEKTSV4RRFFQ69G5FAV',
    ],
  ]);
});

test('an Agent Trace line belongs to the child of the commit that it names, else to the commit that added it', async () => {
  const trace = (id: string, revision: string, path: string) =>
    JSON.stringify({
      version: '0.1.0',
      id,
      timestamp: '2026-01-01T00:00:00Z',
      vcs: { type: 'git', revision },
      tool: { name: 'cursor' },
      files: [
        {
          path,
          conversations: [
            { url: `https://x/${id}`, contributor: { type: 'ai' }, ranges: [{ start_line: 1, end_line: 1 }] },
          ],
        },
      ],
    });
  const first = makeRepository([base]).shaOf('base');
  const repository = makeRepository([
    base,
    { name: 'early', files: { 'b.ts': 'b\n' } },
    {
      name: 'traced',
      files: {
        'c.ts': 'c\n',
        '.agent-trace/traces.jsonl': `${trace('t1', first, 'b.ts')}\n${trace('t2', 'e'.repeat(40), 'c.ts')}\nnot json\n`,
      },
    },
  ]);

  const { changes } = await readRepository(repository.path);

  const added = repository.shaOf('traced');
  expect(changes[1]?.records).toMatchObject([
    {
      source: 'agent-trace',
      commit: repository.shaOf('early'),
      locator: `${added}:.agent-trace/traces.jsonl#1`,
    },
  ]);
  expect(landed(changes[1]?.records ?? [])).toEqual([{ path: 'b.ts', ranges: [[1, 1]], lines: 1 }]);
  expect(changes[2]?.records.map(({ locator }) => locator.split('#')[1])).toEqual(['2', '3']);
  expect(landed(changes[2]?.records ?? [])).toEqual([{ path: 'c.ts', ranges: [[1, 1]], lines: 1 }]);
});
