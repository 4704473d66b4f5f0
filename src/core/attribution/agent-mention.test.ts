import { expect, test } from 'vitest';
import { mentionsAgent } from './agent-mention.ts';
import { human } from './testing/observed.ts';

const agent = { name: 'Cursor Agent', email: 'cursoragent@cursor.com' };

test.each([
  ['an agent as author', { author: agent, committer: human, message: 'x' }, true],
  ['an agent as committer', { author: human, committer: agent, message: 'x' }, true],
  [
    'aider’s mark on a person',
    { author: { ...human, name: 'Jane Doe (aider)' }, committer: human, message: 'x' },
    true,
  ],
  [
    'a co-author',
    { author: human, committer: human, message: 'x\n\nCo-authored-by: Codex <noreply@openai.com>' },
    true,
  ],
  [
    'an accepted suggestion',
    {
      author: human,
      committer: human,
      message: 'x\n\nCo-authored-by: Copilot <175728472+Copilot@users.noreply.github.com>',
    },
    false,
  ],
  [
    'a reviewer',
    { author: human, committer: human, message: 'x\n\nReviewed-by: Claude <noreply@anthropic.com>' },
    false,
  ],
  ['a counter', { author: human, committer: human, message: 'x\n\nClaude-Steers: 3' }, false],
  ['a model in prose', { author: human, committer: human, message: 'x\n\nModel: gpt-4' }, false],
  [
    'a name ending in [bot]',
    { author: { name: 'claude[bot]', email: 'jane@example.com' }, committer: human, message: 'x' },
    false,
  ],
  ['a person', { author: human, committer: human, message: 'improve codex and claude support' }, false],
])('%s', (_, commit, mentioned) => {
  expect(mentionsAgent(commit)).toBe(mentioned);
});
