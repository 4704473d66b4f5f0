import { expect, test } from 'vitest';
import { attributeChange } from './attribute-change.ts';
import { change, checkpoint, commit, human, note, personSession, session, sha } from './testing/observed.ts';

const opus = 'Co-Authored-By: Claude Opus 4.6 <noreply@anthropic.com>';
const jane = 'Jane Doe <jane@example.com>';

test('no signal is unknown, never human', () => {
  expect(attributeChange(change([commit(1, 'fix: parser')]))).toEqual({
    class: 'unknown',
    aiShare: null,
    aiShareBasis: 'none',
    claims: [],
    otherSignals: [],
    contradictions: [],
    files: [],
    version: 'attribution@1',
  });
});

test('untracked lines of a noted file stay unknown: the change is mixed by its lines', () => {
  const result = attributeChange(
    change([commit(1, 'x')], { records: [note(1, [session('s_1', [[2, 5]])])] }),
  );

  expect(result).toMatchObject({ class: 'mixed', aiShare: 0.4, aiShareBasis: 'lines' });
  expect(result.files).toEqual([
    {
      path: 'src/a.ts',
      class: 'mixed',
      aiShare: 0.4,
      additions: 10,
      ranges: [{ ranges: [[2, 5]], class: 'ai', claim: 0 }],
    },
  ]);
});

test('human needs a record that gives every added line to a named person', () => {
  const all = attributeChange(
    change([commit(1, 'x')], { records: [note(1, [personSession('h_1', [[1, 10]])])] }),
  );
  const part = attributeChange(
    change([commit(1, 'x')], { records: [note(1, [personSession('h_1', [[1, 9]])])] }),
  );
  const dangling = attributeChange(
    change([commit(1, 'x')], {
      records: [note(1, [{ ...personSession('h_1', [[1, 10]]), contributor: 'unknown', resolved: false }])],
    }),
  );

  expect(all).toMatchObject({ class: 'human', aiShare: 0, aiShareBasis: 'lines', claims: [] });
  expect(all.files[0]).toMatchObject({ class: 'human', ranges: [{ class: 'human', claim: null }] });
  expect(all.otherSignals).toMatchObject([{ kind: 'git-ai-note', level: 2, user: jane }]);
  expect(part).toMatchObject({ class: 'unknown', aiShare: null });
  expect(dangling).toMatchObject({ class: 'unknown', aiShare: null });
});

test('human is not said where a file could not be read or was left out', () => {
  const records = [note(1, [personSession('h_1', [[1, 10]])])];
  const text = { path: 'src/a.ts', status: 'modified', role: 'source', additions: 10, deletions: 0 } as const;
  const lost = { ...text, path: 'b', additions: 0, unreadable: true } as const;

  expect(attributeChange(change([commit(1, 'x')], { records, files: [text, lost] })).class).toBe('unknown');
  expect(
    attributeChange(
      change([commit(1, 'x')], { records, files: [text], size: { files: 2, additions: 10, deletions: 0 } }),
    ).class,
  ).toBe('unknown');
});

test('an agent’s and a person’s lines in one file are mixed, with ranges that name their claim', () => {
  const records = [note(1, [session('s_1', [[1, 4]]), personSession('h_1', [[5, 10]])])];

  const result = attributeChange(change([commit(1, 'x')], { records }));

  expect(result).toMatchObject({ class: 'mixed', aiShare: 0.4 });
  expect(result.files[0]?.ranges).toEqual([
    { ranges: [[1, 4]], class: 'ai', claim: 0 },
    { ranges: [[5, 10]], class: 'human', claim: null },
  ]);
});

test.each([
  ['Copilot <175728472+Copilot@users.noreply.github.com>', 'assist'],
  ['gemini-code-assist[bot] <176961590+gemini-code-assist[bot]@users.noreply.github.com>', 'assist'],
  ['coderabbitai[bot] <136622811+coderabbitai[bot]@users.noreply.github.com>', 'reviewer'],
])('an accepted suggestion of %s is shown and is no authorship', (who, role) => {
  const result = attributeChange(change([commit(1, `Apply suggestion\n\nCo-authored-by: ${who}`)]));

  expect(result).toMatchObject({ class: 'unknown', claims: [] });
  expect(result.otherSignals).toMatchObject([{ kind: 'co-author-trailer', role, level: 1 }]);
});

test('a branch name alone is a claim of level 0 and decides nothing', () => {
  const result = attributeChange(change([commit(1, 'x')], { sourceBranch: 'codex/add-tests' }));

  expect(result.class).toBe('unknown');
  expect(result.claims).toMatchObject([
    { agent: 'codex', level: 0, user: null, signals: [{ kind: 'branch-prefix' }] },
  ]);
});

test('aider’s prefix of a subject is a claim of level 0 and decides nothing', () => {
  const result = attributeChange(change([commit(1, 'aider: Added a test.'), commit(2, 'aider: Fixed it.')]));

  expect(result.class).toBe('unknown');
  expect(result.claims).toMatchObject([
    {
      agent: 'aider',
      level: 0,
      user: null,
      signals: [
        { kind: 'subject-prefix', locator: `commit ${sha(1)} subject`, value: 'aider: Added a test.' },
        { kind: 'subject-prefix', locator: `commit ${sha(2)} subject` },
      ],
    },
  ]);
  expect(attributeChange(change([commit(1, 'aider-chat: 0.50 -> 0.51')])).claims).toEqual([]);
});

test('a test double in a note is nobody’s work', () => {
  const records = [note(1, [session('s_1', [[1, 10]], { tool: 'mock_ai', contributor: 'unknown' })])];

  const result = attributeChange(change([commit(1, 'x')], { records }));

  expect(result).toMatchObject({ class: 'unknown', claims: [] });
  expect(result.otherSignals).toHaveLength(1);
});

test('a note none of whose lines the change adds does not make it an agent’s', () => {
  const stale = session('s_1', [[1, 10]], { coverage: [] });
  const alone = change([commit(1, 'bump version')], { records: [note(1, [stale])] });
  const besideTrailer = change([commit(1, `x\n\n${opus}`)], { records: [note(1, [stale])] });
  const besidePerson = change([commit(1, 'x')], {
    records: [note(1, [stale, personSession('h_1', [[1, 10]])])],
  });

  expect(attributeChange(alone)).toMatchObject({ class: 'unknown', aiShare: null, aiShareBasis: 'none' });
  expect(attributeChange(alone)).toMatchObject({
    claims: [],
    otherSignals: [{ kind: 'git-ai-note', level: 2, sessionId: `claude-code:${stale.sessionId}` }],
  });
  expect(attributeChange(besideTrailer)).toMatchObject({
    class: 'ai',
    aiShareBasis: 'commits',
    claims: [{ sessionId: `claude-code:${stale.sessionId}`, lines: 0 }],
    otherSignals: [],
  });
  expect(attributeChange(besidePerson)).toMatchObject({ class: 'human', aiShareBasis: 'lines' });
});

test('a note that names a session and no line says that it took part, not in what', () => {
  const lineless = note(1, [session('s_1', [])]);
  const alone = change([commit(1, 'x')], { records: [lineless] });
  const withLines = change([commit(1, 'x'), commit(2, 'y')], {
    records: [lineless, note(2, [session('s_2', [[1, 4]])])],
  });

  expect(attributeChange(alone)).toMatchObject({ class: 'mixed', aiShare: null, aiShareBasis: 'none' });
  expect(attributeChange(alone).claims).toMatchObject([{ agent: 'claude-code', level: 2, lines: null }]);
  expect(attributeChange(withLines)).toMatchObject({ class: 'mixed', aiShare: 0.4, aiShareBasis: 'lines' });
});

test('a checkpoint that reports people’s lines too is mixed, without a share', () => {
  const reports = (...counts: readonly (readonly [agent: number, total: number])[]) =>
    attributeChange(
      change([commit(1, 'x')], {
        records: counts.map(([agent, total], index) =>
          checkpoint(1, session(`abc/${index}`, [], { reportedLines: { agent, total } })),
        ),
      }),
    );

  expect(reports([30, 40])).toMatchObject({ class: 'mixed', aiShare: null, aiShareBasis: 'none' });
  expect(reports([40, 40])).toMatchObject({ class: 'ai', aiShare: 1, aiShareBasis: 'commits' });
  expect(reports([30, 40], [10, 40])).toMatchObject({ class: 'ai', aiShareBasis: 'commits' });
});

test('a merge’s share counts its commits, the merge itself left out', () => {
  const merge = commit(3, 'Merge pull request #1 from x/y', { parents: [sha(0), sha(2)] });

  const result = attributeChange(change([commit(1, `x\n\n${opus}`), commit(2, 'y'), merge]));

  expect(result).toMatchObject({ class: 'mixed', aiShare: 0.5, aiShareBasis: 'commits' });
});

test('an agent named on the merge alone took part, nobody knows in what', () => {
  const merge = commit(
    2,
    'Merge pull request #1 from x/y\n\n🤖 Generated with [Claude Code](https://claude.ai/code)',
    {
      parents: [sha(0), sha(1)],
    },
  );

  expect(attributeChange(change([commit(1, 'x'), merge]))).toMatchObject({
    class: 'mixed',
    aiShare: null,
    aiShareBasis: 'none',
  });
});

test('commits with notes and commits with only trailers are counted by commits', () => {
  const records = [note(1, [session('s_1', [[1, 1]])])];

  const result = attributeChange(change([commit(1, 'x'), commit(2, `y\n\n${opus}`)], { records }));

  expect(result).toMatchObject({ class: 'ai', aiShare: 1, aiShareBasis: 'commits' });
});

test('a squash with a co-author trailer is mixed without a share: the message does not say what the agent wrote', () => {
  const result = attributeChange(change([commit(1, `feat: x (#1)\n\n${opus}`)], { landing: 'squash' }));

  expect(result).toMatchObject({ class: 'mixed', aiShare: null, aiShareBasis: 'none' });
});

test('a squash that lists its commits has their share', () => {
  const list = (second: string) =>
    `feat: x (#1)\n\n* one\n\n${opus}\n\n* two${second}\n\n---------\n\n${opus}\n`;

  const half = attributeChange(change([commit(1, list(''))], { landing: 'squash' }));
  const whole = attributeChange(change([commit(1, list(`\n\n${opus}`))], { landing: 'squash' }));

  expect(half).toMatchObject({ class: 'mixed', aiShare: 0.5, aiShareBasis: 'commits' });
  expect(whole).toMatchObject({ class: 'ai', aiShare: 1, aiShareBasis: 'commits' });
});

test('a squash by an agent is the agent’s unless its message names a co-author who is none', () => {
  const author = { name: 'Copilot', email: '198982749+Copilot@users.noreply.github.com' };
  const squash = (body: string) =>
    attributeChange(change([commit(1, `feat: x (#1)\n\n${body}`, { author })], { landing: 'squash' }));

  expect(squash(opus)).toMatchObject({ class: 'ai', aiShare: 1, aiShareBasis: 'commits' });
  expect(squash('Co-authored-by: Jane Doe <jane@example.com>')).toMatchObject({
    class: 'mixed',
    aiShare: null,
    aiShareBasis: 'none',
  });
});

test('no name, domain or [bot] suffix makes an agent or lifts one', () => {
  const authors = [
    { name: 'claude[bot]', email: 'jane@example.com' },
    { name: 'svc_codex', email: 'svc@example.com' },
    { name: 'Paul', email: 'paul@aider.chat' },
    { name: 'GitHub', email: 'noreply@github.com' },
  ];

  for (const author of authors) {
    expect(attributeChange(change([commit(1, 'x', { author, committer: author })])).class).toBe('unknown');
  }
});

test('aider’s mark on the author of a squash is no agent author: what it wrote is not said', () => {
  const author = { ...human, name: 'Jane Doe (aider)' };

  const result = attributeChange(change([commit(1, 'feat: x (#1)', { author })], { landing: 'squash' }));

  expect(result).toMatchObject({ class: 'mixed', aiShare: null });
});
