import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseAgentTraceLine } from './agent-trace.ts';

const trace = {
  version: '0.1.0',
  id: '550e8400-e29b-41d4-a716-446655440000',
  timestamp: '2026-01-23T14:30:00Z',
  vcs: { type: 'git', revision: 'a'.repeat(40) },
  tool: { name: 'cursor', version: '2.4.0' },
  metadata: { conversation_id: 'c-1', generation_id: 'g-1' },
  files: [
    {
      path: 'src/utils/parser.ts',
      conversations: [
        {
          url: 'https://api.cursor.com/v1/conversations/12345',
          contributor: { type: 'ai', model_id: 'anthropic/claude-opus-4-5-20251101' },
          ranges: [
            { start_line: 42, end_line: 67, content_hash: 'murmur3:9f2e8a1b' },
            { start_line: 70, end_line: 70, contributor: { type: 'human' } },
          ],
        },
      ],
    },
  ],
};

test('a record is read with a contributor per range, its tool, session and the revision at capture', () => {
  expect(parseAgentTraceLine(JSON.stringify(trace))).toEqual({
    record: {
      schemaVersion: 'agent-trace/0.1.0',
      hasLines: true,
      sessions: [
        {
          key: 'https://api.cursor.com/v1/conversations/12345',
          contributor: 'ai',
          resolved: true,
          tool: 'cursor',
          model: 'anthropic/claude-opus-4-5-20251101',
          sessionId: 'c-1',
          claims: [{ path: 'src/utils/parser.ts', ranges: [[42, 67]] }],
        },
        {
          key: 'https://api.cursor.com/v1/conversations/12345',
          contributor: 'human',
          resolved: true,
          tool: 'cursor',
          sessionId: 'c-1',
          claims: [{ path: 'src/utils/parser.ts', ranges: [[70, 70]] }],
        },
      ],
      problems: [],
    },
    revision: 'a'.repeat(40),
    id: '550e8400-e29b-41d4-a716-446655440000',
  });
});

test('what the reference implementation writes against its own schema is read', () => {
  const parsed = parseAgentTraceLine(
    JSON.stringify({ ...trace, version: '1.0', metadata: { session_id: 's-9' } }),
  );

  expect(parsed?.record.problems).toEqual([]);
  expect(parsed?.record.schemaVersion).toBe('agent-trace/1.0');
  expect(parsed?.record.sessions[0]?.sessionId).toBe('s-9');
});

test('pseudo files claim no lines, and a conversation without ranges is still one', () => {
  const conversations = trace.files[0]?.conversations;
  const files = [
    { path: '.shell-history', conversations },
    { path: 'a.ts', conversations: [{ contributor: { type: 'ai' } }] },
  ];

  const parsed = parseAgentTraceLine(JSON.stringify({ ...trace, files }));

  expect(parsed?.record.hasLines).toBe(false);
  expect(parsed?.record.sessions.map(({ contributor, claims }) => [contributor, claims])).toEqual([
    ['ai', []],
    ['human', []],
    ['ai', []],
  ]);
});

test.each<[name: string, line: string, problems: string[]]>([
  ['broken JSON', '{"version"', ['unparseable-json']],
  ['another JSON value', '[1]', ['unparseable-json']],
  ['nothing in it', '{}', ['missing-files', 'missing-version']],
  ['a file of another shape', '{"version":"1","files":[null,{"path":7}]}', ['malformed-file']],
  [
    'ranges that are none',
    '{"version":"1","files":[{"path":"a","conversations":[{"ranges":[{"start_line":5,"end_line":2},{"start_line":"1"},null]}]}]}',
    ['bad-range'],
  ],
  [
    'a huge range',
    '{"version":"1","files":[{"path":"a","conversations":[{"ranges":[{"start_line":1,"end_line":9000000000}]}]}]}',
    ['huge-range'],
  ],
])('a line with %s is reported, not dropped', (_, line, problems) => {
  expect(parseAgentTraceLine(line)?.record.problems).toEqual(problems);
});

test('a contributor of another kind is unknown, never human', () => {
  const files = [
    {
      path: 'a',
      conversations: [{ contributor: { type: 'person' }, ranges: [{ start_line: 1, end_line: 1 }] }, {}],
    },
  ];

  const parsed = parseAgentTraceLine(JSON.stringify({ ...trace, files }));

  expect(parsed?.record.sessions.map(({ contributor }) => contributor)).toEqual(['unknown', 'unknown']);
});

test('a blank line is no record; any other JSON is one, and nothing throws', () => {
  expect(parseAgentTraceLine(' \r')).toBeUndefined();
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const line = JSON.stringify({ ...trace, files: value, vcs: value, metadata: value });

      expect(parseAgentTraceLine(line)?.record).toBeDefined();
    }),
  );
});
