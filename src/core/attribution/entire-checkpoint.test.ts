import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseEntireSession } from './entire-checkpoint.ts';

const session = {
  cli_version: '0.4.2',
  checkpoint_id: '00c9e2351016',
  session_id: '253fd5ef-38bf-4f4a-804a-98df5088a868',
  strategy: 'manual-commit',
  files_touched: ['a.go'],
  agent: 'Claude Code',
  summary: { intent: 'secret plan' },
  token_usage: { input_tokens: 137 },
  initial_attribution: { agent_lines: 32, total_committed: 33, agent_percentage: 96.9 },
};

test('a session is read with its agent and the counts it reports, without lines or summary', () => {
  expect(parseEntireSession(JSON.stringify(session), '2')).toEqual({
    schemaVersion: 'entire/0.4.2',
    hasLines: false,
    sessions: [
      {
        key: '00c9e2351016/2',
        contributor: 'ai',
        resolved: true,
        tool: 'Claude Code',
        sessionId: '253fd5ef-38bf-4f4a-804a-98df5088a868',
        reportedLines: { agent: 32, total: 33 },
        claims: [],
      },
    ],
    problems: [],
  });
});

test.each([null, 'Agent', undefined])('the agent %s is nobody named', (agent) => {
  const parsed = parseEntireSession(JSON.stringify({ ...session, agent }));

  expect(parsed.problems).toEqual(['unnamed-agent']);
});

test('the checkpoint’s own metadata lists sessions and is none', () => {
  const checkpoint = {
    checkpoint_id: '259e16a0e452',
    sessions: [{ metadata: '/25/9e16a0e452/0/metadata.json' }],
  };

  expect(parseEntireSession(JSON.stringify(checkpoint)).sessions).toEqual([]);
});

test('a newer session’s model is taken', () => {
  expect(
    parseEntireSession(JSON.stringify({ ...session, model: 'claude-opus-4-8' })).sessions[0]?.model,
  ).toBe('claude-opus-4-8');
});

test('broken metadata is reported; any JSON object is read without throwing', () => {
  expect(parseEntireSession('{').problems).toEqual(['unparseable-metadata']);
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const text = JSON.stringify({
        ...session,
        session_id: value,
        agent: value,
        initial_attribution: value,
      });

      expect(parseEntireSession(text).sessions).toHaveLength(1);
    }),
  );
});
