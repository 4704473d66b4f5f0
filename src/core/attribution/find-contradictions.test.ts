import { expect, test } from 'vitest';
import { attributeChange } from './attribute-change.ts';
import { change, commit, note, personSession, session } from './testing/observed.ts';

const opus = 'Co-Authored-By: Claude Opus 4.6 <noreply@anthropic.com>';
const devin = { name: 'Devin AI', email: '158243242+devin-ai-integration[bot]@users.noreply.github.com' };
const jane = 'Jane Doe <jane@example.com>';

test('an address that contradicts its name: the address counts, and the agent loses a level', () => {
  const result = attributeChange(
    change([commit(1, 'x\n\nCo-authored-by: Codex Opus 4.6 (1M context) <noreply@anthropic.com>')]),
  );

  expect(result.class).toBe('ai');
  expect(result.claims).toMatchObject([
    { agent: 'claude-code', model: 'Codex Opus 4.6 (1M context)', level: 0, levels: { agent: 0, model: 1 } },
  ]);
  expect(result.contradictions).toMatchObject([{ about: 'agent', values: ['codex', 'claude-code'] }]);
});

test('a note and a trailer that name different models contradict each other; the note’s model counts, one level lower', () => {
  const result = attributeChange(
    change([commit(1, `x\n\n${opus}`)], {
      records: [note(1, [session('s_1', [[1, 10]], { model: 'claude-sonnet-4-6' })])],
    }),
  );

  expect(result.claims).toMatchObject([
    { model: 'claude-sonnet-4-6', level: 2, levels: { agent: 2, model: 1, session: 2 } },
  ]);
  expect(result.claims[0]?.signals).toHaveLength(3);
  expect(result.contradictions).toMatchObject([
    { about: 'model', values: ['claude-sonnet-4-6', 'Claude Opus 4.6'] },
  ]);
});

test.each(['default', 'unknown', '<synthetic>', 'auto', ''])(
  'the placeholder model %j contradicts nothing and is filled by a trailer',
  (model) => {
    const records = [note(1, [session('s_1', [[1, 10]], { model })])];

    const named = attributeChange(change([commit(1, `x\n\n${opus}`)], { records }));
    const alone = attributeChange(change([commit(1, 'x')], { records }));

    expect(named.contradictions).toEqual([]);
    expect(named.claims).toMatchObject([
      { model: 'Claude Opus 4.6', modelIsPlaceholder: false, levels: { model: 1 } },
    ]);
    expect(alone.claims).toMatchObject([{ model, modelIsPlaceholder: true, levels: { model: null } }]);
  },
);

test('a record that knows only people contradicts a commit that names an agent', () => {
  const records = [note(1, [personSession('h_1', [[1, 10]])])];

  const trailer = attributeChange(change([commit(1, `x\n\n${opus}`)], { records }));
  const author = attributeChange(change([commit(1, 'x', { author: devin })], { records }));

  for (const result of [trailer, author]) {
    expect(result.class).toBe('mixed');
    expect(result.contradictions).toMatchObject([{ about: 'lines' }]);
    expect(result.claims).toMatchObject([{ level: 0 }]);
  }
});

test('lines given to a person and an agent at once are contradicted and count as the agent’s', () => {
  const records = [note(1, [session('s_1', [[1, 10]]), personSession('h_1', [[3, 4]])])];

  const result = attributeChange(change([commit(1, 'x')], { records }));

  expect(result).toMatchObject({ class: 'mixed', aiShare: 1 });
  expect(result.contradictions).toMatchObject([
    { about: 'lines', because: expect.stringContaining('same added lines') },
  ]);
  expect(result.claims).toMatchObject([{ level: 1 }]);
});

test('two people for one session contradict each other', () => {
  const one = session('s_1', [[1, 5]], { sessionId: 'same-session', human: 'Jane Doe <jane@example.com>' });
  const other = session('s_1', [[6, 10]], {
    sessionId: 'same-session',
    human: 'John Roe <john@example.com>',
  });

  const result = attributeChange(
    change([commit(1, 'x'), commit(2, 'y')], { records: [note(1, [one]), note(2, [other])] }),
  );

  expect(result.claims).toMatchObject([{ user: jane, levels: { user: 1, session: 2 } }]);
  expect(result.contradictions).toMatchObject([{ about: 'user' }]);
});

test('one session id under two agents is a contradiction about the session', () => {
  const id = '28791176-487b-4b4b-b764-f0918c972a64';
  const records = [
    note(1, [
      session('s_1', [[1, 5]], { sessionId: id }),
      session('s_2', [[6, 10]], { sessionId: id, tool: 'cursor' }),
    ]),
  ];

  const result = attributeChange(change([commit(1, 'x')], { records }));

  expect(result.contradictions).toMatchObject([{ about: 'session' }]);
  expect(result.claims.map(({ levels }) => levels.session)).toEqual([1, 1]);
});

test('two people who each asked for a run of their own contradict nothing', () => {
  const asked = (who: string) => `x\n\nCo-authored-by: Cursor <cursoragent@cursor.com>\nRequested by: ${who}`;

  const result = attributeChange(change([commit(1, asked('Jane Doe')), commit(2, asked('John Roe'))]));

  expect(result.contradictions).toEqual([]);
});

test('a line that one commit’s record gives to a person and a later one’s to an agent is no contradiction', () => {
  const records = [note(1, [personSession('h_1', [[1, 4]])]), note(2, [session('s_1', [[3, 10]])])];

  const result = attributeChange(change([commit(1, 'x'), commit(2, 'y')], { records }));

  expect(result.contradictions).toEqual([]);
  expect(result).toMatchObject({ class: 'mixed', aiShare: 0.8 });
});
