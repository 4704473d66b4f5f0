import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { MessageSignal } from './message-signal.ts';
import { scanMessage } from './trailers.ts';

const uuid = 'efc3d6c5-9927-4d5b-8aa9-0123456789ab';

/** What a message with this one line says, without its place. */
function said(line: string): Partial<MessageSignal> | undefined {
  const [signal] = scanMessage(`subject\n\n${line}\n`);
  if (signal === undefined) return undefined;
  const { line: number, value, ...meaning } = signal;
  expect({ number, value }).toEqual({ number: 3, value: line.trim() });
  return meaning;
}

test.each<[line: string, meaning: Partial<MessageSignal>]>([
  // Co-authors: the agent by address, the model by name.
  [
    'Co-Authored-By: Claude Opus 4.8 <noreply@anthropic.com>',
    { kind: 'co-author-trailer', role: 'co-author', agent: 'claude-code', model: 'Claude Opus 4.8' },
  ],
  [
    'co-authored-by: Claude <noreply@anthropic.com>',
    { kind: 'co-author-trailer', role: 'co-author', agent: 'claude-code' },
  ],
  [
    'Co-authored-by: Claude (Cricut Security policy) <noreply@anthropic.com>',
    { kind: 'co-author-trailer', role: 'co-author', agent: 'claude-code' },
  ],
  [
    'Co-Authored-By: Codex Opus 4.6 (1M context) <noreply@anthropic.com>',
    {
      kind: 'co-author-trailer',
      role: 'co-author',
      agent: 'claude-code',
      model: 'Codex Opus 4.6 (1M context)',
      nameSays: 'codex',
    },
  ],
  [
    'Co-authored-by: Codex <noreply@openai.com>',
    { kind: 'co-author-trailer', role: 'co-author', agent: 'codex' },
  ],
  [
    'Co-authored-by: ChatGPT Codex <codex@openai.com>',
    { kind: 'co-author-trailer', role: 'co-author', agent: 'codex' },
  ],
  [
    'Co-authored-by: aider (gpt-4o) <aider@aider.chat>',
    { kind: 'co-author-trailer', role: 'co-author', agent: 'aider', model: 'gpt-4o' },
  ],
  [
    'Co-authored-by: Jane Doe (aider) <jane@example.com>',
    { kind: 'co-author-trailer', role: 'co-author', agent: 'aider' },
  ],
  [
    'Co-authored-by: OpenCode (claude-opus-4-8) <noreply@opencode.ai>',
    { kind: 'co-author-trailer', role: 'co-author', agent: 'opencode', model: 'claude-opus-4-8' },
  ],
  [
    'Co-authored-by: Cursor <cursoragent@cursor.com>',
    { kind: 'co-author-trailer', role: 'co-author', agent: 'cursor' },
  ],
  [
    'Co-authored-by: copilot-swe-agent[bot] <198982749+Copilot@users.noreply.github.com>',
    { kind: 'co-author-trailer', role: 'co-author', agent: 'copilot-agent' },
  ],
  [
    'Co-authored-by: Copilot <175728472+Copilot@users.noreply.github.com>',
    { kind: 'co-author-trailer', role: 'assist', agent: 'copilot-review' },
  ],
  [
    'Co-authored-by: gemini-code-assist[bot] <176961590+gemini-code-assist[bot]@users.noreply.github.com>',
    { kind: 'co-author-trailer', role: 'assist', agent: 'gemini-code-assist' },
  ],
  [
    'Co-authored-by: coderabbitai[bot] <136622811+coderabbitai[bot]@users.noreply.github.com>',
    { kind: 'co-author-trailer', role: 'reviewer', agent: 'coderabbit' },
  ],
  [
    'Co-authored-by: chatgpt-codex-connector[bot] <199175422+chatgpt-codex-connector[bot]@users.noreply.github.com>',
    { kind: 'co-author-trailer', role: 'assist', agent: 'codex' },
  ],
  // A tool's tag on a person's own address counts only under the name of a model.
  [
    'Co-authored-by: Claude Sonnet 4.6 <jane+claude-code@example.com>',
    { kind: 'co-author-trailer', role: 'co-author', agent: 'claude-code', model: 'Claude Sonnet 4.6' },
  ],
  [
    'Co-authored-by: gpt-4.1 <jane+github-copilot@example.com>',
    { kind: 'co-author-trailer', role: 'co-author', agent: 'copilot-ide', model: 'gpt-4.1' },
  ],
  // Other keys.
  [
    'Signed-off-by: Cursor Agent <cursoragent@cursor.com>',
    { kind: 'signed-off-trailer', role: 'co-author', agent: 'cursor' },
  ],
  [
    'Reviewed-by: Claude <noreply@anthropic.com>',
    { kind: 'oversight-trailer', role: 'reviewer', agent: 'claude-code' },
  ],
  [
    'Assisted-by: Claude:claude-opus-5 coccinelle sparse',
    { kind: 'assisted-by-trailer', role: 'co-author', agent: 'claude-code', model: 'claude-opus-5' },
  ],
  [
    'Assisted-by: OpenAI:gpt-5.4',
    { kind: 'assisted-by-trailer', role: 'co-author', agent: 'unknown', model: 'gpt-5.4' },
  ],
  [
    'Assisted-by: Claude Opus 4.6',
    { kind: 'assisted-by-trailer', role: 'co-author', agent: 'unknown', model: 'Claude Opus 4.6' },
  ],
  [
    'Assisted-by: Claude Opus 4.8 <noreply@anthropic.com>',
    { kind: 'assisted-by-trailer', role: 'co-author', agent: 'claude-code', model: 'Claude Opus 4.8' },
  ],
  [
    'Assisted by: Claude Opus 4.6',
    { kind: 'assisted-by-trailer', role: 'co-author', agent: 'unknown', model: 'Claude Opus 4.6' },
  ],
  ['Assisted-by: Claude Code', { kind: 'assisted-by-trailer', role: 'co-author', agent: 'claude-code' }],
  ['Generated-by: mintlify-agent', { kind: 'generated-by-trailer', role: 'co-author', agent: 'mintlify' }],
  [
    'Generated-by: Codex CLI gpt-5.2',
    { kind: 'generated-by-trailer', role: 'co-author', agent: 'codex', model: 'Codex CLI gpt-5.2' },
  ],
  ['Made-with: Cursor', { kind: 'made-with-trailer', role: 'co-author', agent: 'cursor' }],
  ['Ai-assisted: true', { kind: 'assisted-by-trailer', role: 'co-author' }],
  [
    'Model: claude-opus-4-8',
    { kind: 'generated-by-trailer', role: 'co-author', model: 'claude-opus-4-8', supporting: true },
  ],
  // Sessions.
  [
    'Claude-Session: https://claude.ai/code/session_01Abc',
    {
      kind: 'session-trailer',
      role: 'co-author',
      agent: 'claude-code',
      sessionId: 'claude-code:session_01Abc',
    },
  ],
  [
    `Copilot-Session: ${uuid}`,
    { kind: 'session-trailer', role: 'co-author', agent: 'copilot-cli', sessionId: `copilot-cli:${uuid}` },
  ],
  [
    `Agent-Logs-Url: https://github.com/owner/name/sessions/${uuid}`,
    {
      kind: 'session-trailer',
      role: 'co-author',
      agent: 'copilot-agent',
      sessionId: `copilot-agent:${uuid}`,
    },
  ],
  [
    `Amp-Thread-ID: https://ampcode.com/threads/T-${uuid}`,
    { kind: 'session-trailer', role: 'co-author', agent: 'amp', sessionId: `amp:T-${uuid}` },
  ],
  [
    `Amp-Thread-ID: T-${uuid}`,
    { kind: 'session-trailer', role: 'co-author', agent: 'amp', sessionId: `amp:T-${uuid}` },
  ],
  [
    'Entire-Checkpoint: 259e16a0e452',
    { kind: 'session-trailer', role: 'co-author', sessionId: 'entire:259e16a0e452' },
  ],
  [
    'Entire-Checkpoint: 01JABCDEFGHJKMNPQRSTVWXYZ0',
    { kind: 'session-trailer', role: 'co-author', sessionId: 'entire:01JABCDEFGHJKMNPQRSTVWXYZ0' },
  ],
  [
    `Entire-Session: ${uuid}`,
    { kind: 'session-trailer', role: 'co-author', sessionId: `entire-session:${uuid}` },
  ],
  ['Entire-Agent: Claude Code', { kind: 'session-trailer', role: 'co-author', agent: 'claude-code' }],
  ['Entire-Attribution: 73% agent (146/200 lines)', { kind: 'oversight-trailer', role: 'reviewer' }],
  ['Replit-Commit-Author: Agent', { kind: 'generated-by-trailer', role: 'co-author', agent: 'replit' }],
  [
    `Replit-Commit-Session-Id: ${uuid}`,
    { kind: 'session-trailer', role: 'co-author', agent: 'replit', sessionId: `replit:${uuid}` },
  ],
  ['Claude-Steers: 4', { kind: 'oversight-trailer', role: 'reviewer', agent: 'claude-code' }],
  ['Claude-Permission-Prompts: 0', { kind: 'oversight-trailer', role: 'reviewer', agent: 'claude-code' }],
  // Footers and what a pull request's body leaves in a squash.
  [
    '🤖 Generated with [Claude Code](https://claude.com/claude-code)',
    { kind: 'footer', role: 'co-author', agent: 'claude-code' },
  ],
  ['🤖 Generated with Claude Code', { kind: 'footer', role: 'co-author', agent: 'claude-code' }],
  [
    'Generated with [Claude Code](https://claude.ai/code)',
    { kind: 'footer', role: 'co-author', agent: 'claude-code' },
  ],
  [
    '🤖 Generated with [Firebender](https://firebender.com)',
    { kind: 'footer', role: 'co-author', agent: 'firebender' },
  ],
  [
    'https://claude.ai/code/session_01Abc',
    { kind: 'session-url', role: 'co-author', agent: 'claude-code', sessionId: 'claude-code:session_01Abc' },
  ],
  [
    'Link to Devin run: https://app.devin.ai/sessions/0123456789abcdef0123456789abcdef',
    {
      kind: 'session-url',
      role: 'co-author',
      agent: 'devin',
      sessionId: 'devin:0123456789abcdef0123456789abcdef',
    },
  ],
  ['**Requested by**: Jane Doe', { kind: 'requester', role: 'requester', user: 'Jane Doe' }],
  [
    'Codex Task: https://chatgpt.com/codex/tasks/task_e_68abcdef0123456789',
    { kind: 'session-url', role: 'co-author', agent: 'codex', sessionId: 'codex:task_e_68abcdef0123456789' },
  ],
])('%s', (line, meaning) => {
  expect(said(line)).toEqual(meaning);
});

test.each([
  'Co-authored-by: Claude Muller <claude@example.com>',
  'Co-authored-by: Claude',
  'Co-authored-by: Copilot copilot@github.com',
  'Co-authored-by: Paul <paul@aider.chat>',
  'Co-authored-by: GitHub <noreply@github.com>',
  'Co-authored-by: Copilot <Copilot@users.noreply.github.com>',
  'Co-authored-by: Jane Doe <jane+codex@example.com>',
  'Co-authored-by: Claude Opus 5 <jane@example.com>',
  'Co-authored-by: renovate[bot] <29139614+renovate[bot]@users.noreply.github.com>',
  'Assisted-by: Jane Doe <jane@example.com>',
  'Reported and assisted by: Jane Doe',
  'Assisted-by: https://example.com/gpt-4',
  'Assisted-by: the opus of 1987 generators',
  'Assisted-by: Jules',
  'Assisted-by: Claude',
  'Generated-by: protoc',
  'Generated-by: codegen',
  'Made-with: love',
  'Ai-assisted: false',
  'Claude-Session: https://evil.example/code/session_01Abc',
  'Copilot-Session: not-a-uuid',
  'Entire-Checkpoint: 259e16a0e45',
  'Agent-Logs-Url: https://gitlab.com/owner/name/sessions/efc3d6c5-9927-4d5b-8aa9-0123456789ab',
  'Footers that say Generated with Claude Code are removed',
  'Generated with Claude Code',
  'See https://app.devin.ai/sessions/0123456789abcdef0123456789abcdef for the report',
  'Fixes https://claude.ai/code/session_01Abc being dead',
  '> Co-authored-by: Claude <noreply@anthropic.com>',
  'fix: handle Co-authored-by: Claude <noreply@anthropic.com>',
])('says nothing: %s', (line) => {
  expect(scanMessage(`subject\n\n${line}\n`)).toEqual([]);
});

test('trailers are found in the body, indented by a squash, and once each', () => {
  const trailer = 'Co-Authored-By: Claude Opus 4.8 <noreply@anthropic.com>';
  const message = `feat: x (#1)\n\n* one\n\n${trailer}\n\n* two\n\n    ${trailer}\n${trailer.toLowerCase()}\n\n---------\n\nmore\n`;

  const signals = scanMessage(message);

  expect(signals.map(({ line, value }) => ({ line, value }))).toEqual([{ line: 5, value: trailer }]);
});

test('several co-authors on one line are all read', () => {
  const line = 'Co-authored-by: Codex <noreply@openai.com>, Cursor <cursoragent@cursor.com>';

  expect(scanMessage(`x\n\n${line}`).map(({ agent }) => agent)).toEqual(['codex', 'cursor']);
});

test('a session line takes the model of its own paragraph, and none where the paragraph names two', () => {
  const session = 'Claude-Session: https://claude.ai/code/session_1';
  const opus = 'Co-Authored-By: Claude Opus 4.8 <noreply@anthropic.com>';
  const fable = 'Co-Authored-By: Claude Fable 5 <noreply@anthropic.com>';
  const besideOf = (message: string) =>
    scanMessage(message).find(({ sessionId }) => sessionId !== undefined)?.besideModel;

  expect(besideOf(`x\n\n${opus}\n${session}\n\n${fable}`)).toBe('Claude Opus 4.8');
  expect(besideOf(`x\n\n${opus}\n${fable}\n${session}`)).toBeUndefined();
});

test('CRLF line ends do not hide a trailer', () => {
  expect(scanMessage('x\r\n\r\nMade-with: Cursor\r\n')).toHaveLength(1);
});

test('any message gives at most 200 signals, each with a value that stands in it', () => {
  const pieces = fc.constantFrom(
    'Co-authored-by: ',
    'Claude <noreply@anthropic.com>',
    '<',
    '>',
    'Assisted-by: ',
    'A:',
    'gpt-4',
    '\n',
    '\n\n',
    ' ',
    '🤖 Generated with [',
    'https://chatgpt.com/codex/tasks/task_e_',
    '0'.repeat(40),
    'Entire-Checkpoint: ',
    '\u0000',
    '(',
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(pieces, fc.string({ maxLength: 4 })), { maxLength: 30 }), (parts) => {
      const message = parts.join('');

      const signals = scanMessage(message);

      expect(signals.length).toBeLessThanOrEqual(200);
      for (const { value } of signals) expect(message).toContain(value);
    }),
  );
});

test('a message made to be costly is cut: 200 signals, 4,000 lines, 1,000 characters a line', () => {
  const many = Array.from({ length: 500 }, (_, index) => `Entire-Session: session-${index}`).join('\n');
  const far = `${'\n'.repeat(4_000)}Made-with: Cursor`;
  const long = `x\n\nCo-authored-by: ${'x'.repeat(1_000)} <noreply@anthropic.com>`;

  expect(scanMessage(many)).toHaveLength(200);
  expect(scanMessage(far)).toEqual([]);
  expect(scanMessage(long)).toEqual([]);
});
