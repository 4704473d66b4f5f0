import { expect, test } from 'vitest';
import { attributeChange } from './attribute-change.ts';
import { change, commit, human, note, session, sha } from './testing/observed.ts';

const opus = 'Co-Authored-By: Claude Opus 4.6 <noreply@anthropic.com>';
const devin = { name: 'Devin AI', email: '158243242+devin-ai-integration[bot]@users.noreply.github.com' };
const jane = 'Jane Doe <jane@example.com>';

test('a trailer is a declared claim; its human author is who ran it, declared too', () => {
  const result = attributeChange(change([commit(1, `fix: parser\n\n${opus}\n`)]));

  expect(result).toMatchObject({ class: 'ai', aiShare: 1, aiShareBasis: 'commits' });
  expect(result.claims).toEqual([
    {
      agent: 'claude-code',
      model: 'Claude Opus 4.6',
      modelIsPlaceholder: false,
      sessionId: null,
      user: jane,
      role: 'co-author',
      level: 1,
      levels: { agent: 1, model: 1, session: null, user: 1 },
      lines: null,
      signals: [
        {
          kind: 'author-identity',
          role: 'requester',
          locator: `commit ${sha(1)} author`,
          value: jane,
          level: 1,
          user: jane,
        },
        {
          kind: 'co-author-trailer',
          role: 'co-author',
          locator: `commit ${sha(1)} trailer line 3`,
          value: opus,
          level: 1,
          agent: 'claude-code',
          model: 'Claude Opus 4.6',
        },
      ],
    },
  ]);
});

test.each([
  'OpenCode <noreply@opencode.ai>',
  'Copilot <223556219+Copilot@users.noreply.github.com>',
  'Copilot <copilot@github.com>',
])('%s stands on its user’s own commits, so their author ran it', (who) => {
  const result = attributeChange(change([commit(1, `x\n\nCo-authored-by: ${who}`)]));

  expect(result.claims).toMatchObject([{ user: jane, levels: { user: 1 } }]);
});

test('a note and the trailer beside it are one claim of level 2 that keeps both signals', () => {
  const result = attributeChange(
    change([commit(1, `x\n\n${opus}`)], { records: [note(1, [session('s_1', [[1, 10]], { human: jane })])] }),
  );

  expect(result).toMatchObject({ class: 'ai', aiShare: 1, aiShareBasis: 'lines', contradictions: [] });
  expect(result.claims).toHaveLength(1);
  expect(result.claims[0]).toMatchObject({
    agent: 'claude-code',
    model: 'claude-opus-4-6',
    user: jane,
    role: 'author',
    level: 2,
    levels: { agent: 2, model: 2, session: 2, user: 2 },
    lines: 10,
  });
  expect(result.claims[0]?.signals.map(({ kind }) => kind)).toEqual(['git-ai-note', 'co-author-trailer']);
});

test('a branch name joins the claim of its agent, and two declared signals stay declared', () => {
  const result = attributeChange(
    change([commit(1, `x\n\n${opus}`, { committer: { name: 'Claude', email: 'noreply@anthropic.com' } })], {
      sourceBranch: 'claude/x',
    }),
  );

  expect(result.claims).toMatchObject([{ agent: 'claude-code', level: 1 }]);
  expect(result.claims[0]?.signals.map(({ level }) => level)).toEqual([1, 1, 1, 0]);
});

test('many agents and sessions of one change are many claims, most lines first', () => {
  const records = [
    note(1, [
      session('s_1', [[1, 2]]),
      session('s_2', [[3, 8]], { tool: 'cursor', model: 'composer-1' }),
      session('s_3', [[9, 9]], { model: 'claude-sonnet-4-6' }),
    ]),
  ];

  const result = attributeChange(change([commit(1, 'x')], { records }));

  expect(result.claims.map(({ agent, lines }) => [agent, lines])).toEqual([
    ['cursor', 6],
    ['claude-code', 2],
    ['claude-code', 1],
  ]);
  expect(result.contradictions).toEqual([]);
});

test('a dangling key is a claim of nobody’s agent, never dropped', () => {
  const dangling = { key: 's_9', contributor: 'ai', resolved: false, claimedLines: 10 } as const;
  const coverage = [{ path: 'src/a.ts', ranges: [[1, 10]] as const, lines: 10 }];

  const result = attributeChange(
    change([commit(1, 'x')], { records: [note(1, [{ ...dangling, coverage }])] }),
  );

  expect(result).toMatchObject({
    class: 'ai',
    claims: [{ agent: 'unknown', model: null, sessionId: null, lines: 10 }],
  });
});

test('a session that a note lists without a line is shown and is no authorship', () => {
  const records = [note(1, [session('s_1', [[1, 10]]), session('s_2', [])])];

  const result = attributeChange(change([commit(1, 'x')], { records }));

  expect(result.claims).toHaveLength(1);
  expect(result.otherSignals).toMatchObject([{ kind: 'git-ai-note', agent: 'claude-code' }]);
});

test('a squash whose author is an agent is the agent’s; who asked is in the message', () => {
  const message = [
    'feat: x (#1)',
    '',
    'Link to Devin run: https://app.devin.ai/sessions/0123456789abcdef0123456789abcdef',
    'Requested by: Jane Doe',
    '',
    'Co-authored-by: Jane Doe <jane@example.com>',
  ].join('\n');

  const result = attributeChange(change([commit(1, message, { author: devin })], { landing: 'squash' }));

  expect(result).toMatchObject({ class: 'ai', aiShare: 1, aiShareBasis: 'commits' });
  expect(result.claims).toMatchObject([
    {
      agent: 'devin',
      sessionId: 'devin:0123456789abcdef0123456789abcdef',
      user: 'Jane Doe',
      role: 'author',
      level: 1,
    },
  ]);
});

test('a note’s session and Devin’s own link are one session', () => {
  const id = '0123456789abcdef0123456789abcdef';
  const records = [
    note(1, [session('s_1', [[1, 10]], { tool: 'devin', sessionId: `devin-${id}`, model: 'unknown' })]),
  ];
  const message = `x\n\nLink to Devin run: https://app.devin.ai/sessions/${id}`;

  const result = attributeChange(change([commit(1, message, { author: devin })], { records }));

  expect(result.claims).toMatchObject([{ agent: 'devin', sessionId: `devin:${id}`, level: 2 }]);
  expect(result.claims[0]?.signals).toHaveLength(3);
});

test('somebody who asked, without an agent to ask, is an ordinary trailer', () => {
  expect(
    attributeChange(change([commit(1, 'x\n\nRequested-by: Jane Doe <jane@example.com>')])).otherSignals,
  ).toEqual([]);
});

test.each([
  ['a bot', { author: { name: 'release[bot]', email: 'release@example.com' } }, ''],
  ['an agent', { author: { name: 'Claude', email: 'noreply@anthropic.com' } }, ''],
  ['somebody with a human co-author', {}, '\nCo-authored-by: John Roe <john@example.com>'],
])('a commit by %s does not say who ran the agent', (_, more, trailers) => {
  const result = attributeChange(change([commit(1, `x\n\n${opus}${trailers}`, more)]));

  expect(result.claims[0]?.user).toBeNull();
});

test('the author of an agent that commits as itself is not who asked', () => {
  const result = attributeChange(
    change([
      commit(1, 'x\n\nCo-authored-by: copilot-swe-agent[bot] <198982749+Copilot@users.noreply.github.com>'),
    ]),
  );

  expect(result.claims).toMatchObject([{ agent: 'copilot-agent', user: null }]);
});

test('aider’s mark on a person’s name is aider, run by that person', () => {
  const result = attributeChange(
    change([commit(1, 'x', { author: { ...human, name: 'Jane Doe (aider)' } })]),
  );

  expect(result.claims).toMatchObject([{ agent: 'aider', user: jane, role: 'co-author', level: 1 }]);
});

test('the sessions of a squash stay apart, each with the model beside it', () => {
  const message = [
    'feat: x (#1)',
    '',
    '* one',
    '',
    'Co-Authored-By: Claude Opus 4.8 <noreply@anthropic.com>',
    'Claude-Session: https://claude.ai/code/session_A',
    '',
    '* two',
    '',
    'Co-Authored-By: Claude Fable 5 <noreply@anthropic.com>',
    'Claude-Session: https://claude.ai/code/session_B',
    '',
  ].join('\n');

  const result = attributeChange(change([commit(1, message)], { landing: 'squash' }));

  expect(result.claims.map(({ model, sessionId }) => [model, sessionId])).toEqual([
    ['Claude Fable 5', 'claude-code:session_B'],
    ['Claude Opus 4.8', 'claude-code:session_A'],
  ]);
});

test('an Entire trailer joins the session of its checkpoint, or else the commit’s one agent, or stands alone', () => {
  const trailer = 'Entire-Checkpoint: 259e16a0e452';
  const checkpoint = {
    ...note(1, [session('259e16a0e452/0', [], { tool: 'Claude Code', sessionId: 'abc', claimedLines: 0 })]),
    source: 'entire-checkpoint',
    hasLines: false,
  } as const;

  const recorded = attributeChange(change([commit(1, `x\n\n${trailer}`)], { records: [checkpoint] }));
  const beside = attributeChange(change([commit(1, `x\n\n${trailer}\n${opus}`)]));
  const alone = attributeChange(change([commit(1, `x\n\n${trailer}`)]));

  expect(recorded.claims).toMatchObject([{ agent: 'claude-code', sessionId: 'claude-code:abc', level: 2 }]);
  expect(recorded.claims[0]?.signals).toHaveLength(2 + 1);
  expect(beside.claims).toMatchObject([
    { agent: 'claude-code', model: 'Claude Opus 4.6', sessionId: 'entire:259e16a0e452', level: 1 },
  ]);
  expect(alone.claims).toMatchObject([{ agent: 'unknown', sessionId: 'entire:259e16a0e452', level: 1 }]);
  expect(alone.class).toBe('ai');
});

test('a model declared without its tool joins the commit’s one agent, or stands as unknown’s', () => {
  const declared = 'Assisted-by: Claude Opus 4.6';

  const joined = attributeChange(change([commit(1, `x\n\n${declared}\n${opus}`)]));
  const alone = attributeChange(change([commit(1, `x\n\n${declared}`)]));

  expect(joined.claims).toMatchObject([{ agent: 'claude-code', model: 'Claude Opus 4.6' }]);
  expect(alone.claims).toMatchObject([{ agent: 'unknown', model: 'Claude Opus 4.6', user: null }]);
});

test('a bare Model trailer supports the commit’s agent and is nothing without one', () => {
  const model = 'Model: claude-opus-4-8';

  const withAgent = attributeChange(
    change([commit(1, `x\n\nCo-authored-by: Claude <noreply@anthropic.com>\n${model}`)]),
  );
  const alone = attributeChange(change([commit(1, `x\n\n${model}`)]));

  expect(withAgent.claims).toMatchObject([
    { agent: 'claude-code', model: 'claude-opus-4-8', levels: { model: 1 } },
  ]);
  expect(alone).toMatchObject({ class: 'unknown', claims: [], otherSignals: [] });
});

test('counters and reviewers are shown beside the claims', () => {
  const result = attributeChange(
    change([commit(1, `x\n\n${opus}\nClaude-Steers: 4\nReviewed-by: Codex <noreply@openai.com>`)]),
  );

  expect(result.claims).toHaveLength(1);
  expect(result.otherSignals.map(({ value }) => value)).toEqual([
    'Claude-Steers: 4',
    'Reviewed-by: Codex <noreply@openai.com>',
  ]);
});

test('values and people are cut at 500 characters', () => {
  const asked = attributeChange(
    change([
      commit(1, `x\n\nCo-authored-by: Cursor <cursoragent@cursor.com>\nRequested by: ${'x'.repeat(700)}`),
    ]),
  );
  expect(asked.claims[0]?.user).toHaveLength(500);

  const result = attributeChange(
    change([commit(1, `x\n\nCo-authored-by: Claude ${'x'.repeat(700)} <noreply@anthropic.com>`)]),
  );

  expect(result.claims[0]?.signals.at(-1)?.value).toHaveLength(500);
});

test('signals of a claim stand highest level first, whatever the order of their commits', () => {
  const records = [note(2, [session('s_1', [[1, 10]])])];

  const result = attributeChange(change([commit(1, `x\n\n${opus}`), commit(2, 'y')], { records }));

  expect(result.claims.map(({ signals }) => signals.map(({ level }) => level))).toEqual([[2, 1, 1]]);
});

test('where a commit names two agents or two models, a session that names none gets none', () => {
  const codex = 'Co-authored-by: Codex <noreply@openai.com>';
  const fable = 'Co-Authored-By: Claude Fable 5 <noreply@anthropic.com>';

  const agents = attributeChange(
    change([commit(1, `x\n\n${opus}\n${codex}\nEntire-Checkpoint: 259e16a0e452`)]),
  );
  const models = attributeChange(
    change([commit(1, `x\n\n${opus}\n${fable}\n\nClaude-Session: https://claude.ai/code/session_A`)]),
  );

  expect(agents.claims.find(({ sessionId }) => sessionId !== null)).toMatchObject({ agent: 'unknown' });
  expect(models.claims.find(({ sessionId }) => sessionId !== null)).toMatchObject({
    agent: 'claude-code',
    model: null,
  });
  expect(models.claims).toHaveLength(3);
});

test('a trailer joins the session whose model it names exactly, before one that only agrees', () => {
  const records = [
    note(1, [
      session('s_1', [[1, 8]], { tool: 'codex', model: 'gpt-5' }),
      session('s_2', [[9, 10]], { tool: 'codex', model: 'gpt-5-codex' }),
    ]),
  ];

  const result = attributeChange(
    change([commit(1, 'x\n\nCo-authored-by: Codex (gpt-5-codex) <noreply@openai.com>')], { records }),
  );

  expect(result.claims.map(({ model, signals }) => [model, signals.length])).toEqual([
    ['gpt-5', 2],
    ['gpt-5-codex', 3],
  ]);
});

test('a session whose tool nobody named is the agent’s that another record gives the same session', () => {
  const unnamed = session('s_1', [[1, 5]], { tool: 'Agent', sessionId: 'shared-session', model: '' });
  const named = session('s_2', [[6, 10]], { sessionId: 'shared-session' });

  const result = attributeChange(
    change([commit(1, 'x'), commit(2, 'y')], { records: [note(1, [unnamed]), note(2, [named])] }),
  );

  expect(result.contradictions).toEqual([]);
  expect(result.claims).toMatchObject([
    {
      agent: 'claude-code',
      sessionId: 'claude-code:shared-session',
      lines: 10,
      level: 2,
      levels: { session: 2 },
    },
  ]);
});
