import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseGitAiNote } from './git-ai-note.ts';

const claude = {
  agent_id: { tool: 'claude', id: '518eacf9-30f9-4849-b452-42cf98d706e5', model: 'claude-opus-4-6' },
  human_author: 'Jane Doe <jane@example.com>',
};

function note(attestation: string, metadata: Record<string, unknown>): string {
  const all = {
    schema_version: 'authorship/3.0.0',
    base_commit_sha: '0'.repeat(40),
    prompts: {},
    ...metadata,
  };
  return `${attestation}---\n${JSON.stringify(all, null, 2)}`;
}

test('sessions: traces of one session are one, with its lines per file', () => {
  const text = note(
    'src/main.rs\n  s_1a2b3c4d5e6f70::t_0f1e2d3c4b5a69 1-4,9-10,12\n  s_1a2b3c4d5e6f70::t_aaaaaaaaaaaaaa 5\nsrc/b.rs\n  s_1a2b3c4d5e6f70::t_0f1e2d3c4b5a69 7\n',
    { sessions: { s_1a2b3c4d5e6f70: claude } },
  );

  expect(parseGitAiNote(text)).toEqual({
    schemaVersion: 'authorship/3.0.0',
    hasLines: true,
    sessions: [
      {
        key: 's_1a2b3c4d5e6f70',
        contributor: 'ai',
        resolved: true,
        tool: 'claude',
        model: 'claude-opus-4-6',
        sessionId: '518eacf9-30f9-4849-b452-42cf98d706e5',
        human: 'Jane Doe <jane@example.com>',
        claims: [
          {
            path: 'src/main.rs',
            ranges: [
              [1, 5],
              [9, 10],
              [12, 12],
            ],
          },
          { path: 'src/b.rs', ranges: [[7, 7]] },
        ],
      },
    ],
    problems: [],
  });
});

test('the old prompts form is read and its prompt text is not copied', () => {
  const secret = 'the password is hunter2';
  const text = note('src/utils.rs\n  7e48331 206-208\n', {
    prompts: {
      '7e48331': {
        ...claude,
        messages: [{ type: 'user', text: secret }],
        total_additions: 3,
        accepted_lines: 3,
      },
      '0148017': { ...claude, human_author: null, messages: [], messages_url: 'http://localhost:4000/cas/x' },
    },
  });

  const parsed = parseGitAiNote(text);

  expect(parsed.problems).toEqual(['prompt-text-present']);
  expect(parsed.sessions.map(({ key, claims, human }) => [key, claims.length, human])).toEqual([
    ['7e48331', 1, 'Jane Doe <jane@example.com>'],
    ['0148017', 0, undefined],
  ]);
  expect(JSON.stringify(parsed)).not.toContain(secret);
});

test('prompts, sessions and humans stand side by side', () => {
  const text = note(
    'a.rs\n  s_00000000000001::t_00000000000001 1\n  0123456789abcdef 2\n  h_670eaf8bab379b 3\n',
    {
      sessions: { s_00000000000001: claude },
      prompts: { '0123456789abcdef': claude },
      humans: { h_670eaf8bab379b: { author: 'Jane Doe' } },
    },
  );

  expect(
    parseGitAiNote(text).sessions.map(({ key, contributor, human }) => [key, contributor, human]),
  ).toEqual([
    ['s_00000000000001', 'ai', 'Jane Doe <jane@example.com>'],
    ['0123456789abcdef', 'ai', 'Jane Doe <jane@example.com>'],
    ['h_670eaf8bab379b', 'human', 'Jane Doe'],
  ]);
});

test('an empty note says nothing, and nobody is human for it', () => {
  expect(parseGitAiNote(note('', {}))).toEqual({
    schemaVersion: 'authorship/3.0.0',
    hasLines: false,
    sessions: [],
    problems: [],
  });
});

test.each([
  ['s_00000000000009::t_00000000000001', 's_00000000000009', 'ai'],
  ['0123456789abcdef', '0123456789abcdef', 'ai'],
  ['7e48331', '7e48331', 'ai'],
  ['ab12c', 'ab12c', 'ai'],
  ['deadbeef', 'deadbeef', 'ai'],
  ['638f41ac-1dd9-49eb-b090-a4abfe235a97', '638f41ac-1dd9-49eb-b090-a4abfe235a97', 'ai'],
  ['ai_agent', 'ai_agent', 'ai'],
  ['__proto__', '__proto__', 'ai'],
  ['h_00000000000009', 'h_00000000000009', 'unknown'],
  ['human', 'human', 'unknown'],
])('the dangling key %s is kept, and makes nobody human', (written, key, contributor) => {
  const parsed = parseGitAiNote(note(`a.rs\n  ${written} 1-3\n`, { sessions: { s_00000000000001: claude } }));

  expect(parsed.problems).toEqual(['dangling-key']);
  expect(parsed.sessions[1]).toEqual({
    key,
    contributor,
    resolved: false,
    claims: [{ path: 'a.rs', ranges: [[1, 3]] }],
  });
});

test('a key that is a UUID resolves like any other', () => {
  const key = '638f41ac-1dd9-49eb-b090-a4abfe235a97';

  expect(parseGitAiNote(note(`a.rs\n  ${key} 1\n`, { prompts: { [key]: claude } })).problems).toEqual([]);
});

test.each(['mock_ai', 'test-agent'])('%s is a test double: nobody’s work', (tool) => {
  const parsed = parseGitAiNote(
    note('a.rs\n  s_00000000000001::t_00000000000001 1\n', {
      sessions: { s_00000000000001: { agent_id: { tool, id: 'x', model: 'unknown' } } },
    }),
  );

  expect(parsed.problems).toEqual(['placeholder-tool']);
  expect(parsed.sessions[0]?.contributor).toBe('unknown');
});

test('unknown keys, a foreign base commit and quotes around a model do no harm', () => {
  const parsed = parseGitAiNote(
    note('a.rs\n  s_00000000000001::t_00000000000001 1\n', {
      logical_commit_id: 'x',
      sessions: {
        s_00000000000001: {
          agent_id: { tool: 'cursor', id: 'y', model: '"gpt-5"', extra: 1 },
          custom_attributes: {},
        },
      },
    }),
  );

  expect(parsed.problems).toEqual([]);
  expect(parsed.sessions[0]?.model).toBe('"gpt-5"');
});

test.each([
  ['"dir name/file.rs"', 'dir name/file.rs'],
  ['"d\\303\\244r/\\"q\\".rs"', 'där/"q".rs'],
  ['"bad\\377name"', '"bad\\377name"'],
  ['plain.rs', 'plain.rs'],
])('the path %s is %s', (written, path) => {
  const parsed = parseGitAiNote(note(`${written}\n  7e48331 1\n`, { prompts: { '7e48331': claude } }));

  expect(parsed.sessions[0]?.claims[0]?.path).toBe(path);
});

test.each([
  ['1-4,3-9,2', [[1, 9]], []],
  ['9-4,1', [[1, 1]], ['bad-range']],
  ['0,2', [[2, 2]], ['bad-range']],
  ['1-4294967295', [[1, 10_000_000]], ['huge-range']],
  ['99999999999999999999,3', [[3, 3]], ['huge-range']],
  ['1-,2', [[2, 2]], ['bad-range']],
  ['-3,2', [[2, 2]], ['bad-range']],
  ['1-2-3,5', [[5, 5]], ['bad-range']],
  ['x,5', [[5, 5]], ['bad-range']],
  ['', undefined, ['bad-range']],
])('the ranges %j are %j', (written, ranges, problems) => {
  const parsed = parseGitAiNote(note(`a.rs\n  7e48331 ${written}\n`, { prompts: { '7e48331': claude } }));

  expect(parsed.sessions[0]?.claims[0]?.ranges).toEqual(ranges);
  expect(parsed.problems).toEqual(problems);
});

test('a note without its separator, with broken JSON or a broken session keeps what it attests', () => {
  const attestation = 'a.rs\n  s_00000000000001::t_00000000000001 1-3\n';

  const cases = [
    [attestation, ['dangling-key', 'missing-separator', 'unparseable-metadata']],
    [`${attestation}---\n{"schema_version": `, ['dangling-key', 'unparseable-metadata']],
    [`${attestation}---\n[]`, ['dangling-key', 'unparseable-metadata']],
    [`${attestation}---\n{"prompts":[],"sessions":null}`, ['dangling-key', 'unknown-schema']],
    [note(attestation, { sessions: { s_00000000000001: 'x' } }), ['dangling-key', 'malformed-session']],
  ] as const;

  for (const [text, problems] of cases) {
    const parsed = parseGitAiNote(text);
    expect(parsed.problems).toEqual(problems);
    expect(parsed.sessions.map(({ key, claims }) => [key, claims.length])).toEqual([['s_00000000000001', 1]]);
  }
});

test('an entry without a file is reported; metadata alone is read', () => {
  expect(parseGitAiNote(note('  7e48331 1\n', { prompts: { '7e48331': claude } })).problems).toEqual([
    'entry-without-path',
  ]);
  expect(
    parseGitAiNote(JSON.stringify({ schema_version: 'authorship/3.0.0', prompts: { a: claude } })).sessions,
  ).toHaveLength(1);
});

test('too many sessions and ranges are cut and said', () => {
  const entries = Array.from({ length: 2_100 }, (_, index) => `  s_${index} 1`).join('\n');
  const ranges = Array.from({ length: 200_001 }, (_, index) => index * 2 + 1).join(',');

  const sessions = parseGitAiNote(note(`a.rs\n${entries}\n`, {}));
  const lines = parseGitAiNote(note(`a.rs\n  7e48331 ${ranges}\n`, {}));

  expect(sessions.sessions).toHaveLength(2_000);
  expect(sessions.problems).toContain('too-many-sessions');
  expect(lines.problems).toContain('too-many-ranges');
});

test('any text gives a record and never throws', () => {
  const pieces = fc.constantFrom(
    'a.rs\n',
    '  s_1::t_2 1-4,',
    '9\n',
    '---\n',
    '{"sessions":{"s_1":',
    '{}',
    '}}',
    '"',
    '\\303',
    '\n',
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(pieces, fc.string({ maxLength: 4 })), { maxLength: 25 }), (parts) => {
      const text = parts.join('');

      const parsed = parseGitAiNote(text);

      expect(parsed.sessions.length).toBeLessThanOrEqual(text.length);
      expect(parsed.hasLines).toBe(parsed.sessions.some(({ claims }) => claims.length > 0));
    }),
  );
});
