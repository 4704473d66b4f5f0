import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isPlaceholderModel, modelInName, modelKey, modelsAgree, namesModel } from './model-name.ts';

test.each(['', 'default', 'unknown', 'auto', '<synthetic>', '"unknown"', ' Default '])(
  '%j names no model',
  (model) => {
    expect(isPlaceholderModel(model)).toBe(true);
    expect(modelKey(model)).toBe('');
  },
);

test.each([
  ['Claude Opus 4.6 (1M context)', 'claude-opus-4-6'],
  ['claude-opus-4-5-20251101', 'Claude Opus 4.5'],
  ['claude-4.5-sonnet-thinking', 'claude-sonnet-4-5-20250929'],
  ['anthropic/claude-opus-4-6', 'Claude Opus 4.6'],
  ['"gpt-5"', 'gpt-5'],
  ['GPT-5.6 Sol', 'gpt-5.6-sol'],
])('%s and %s are one model', (left, right) => {
  expect(modelKey(left)).toBe(modelKey(right));
});

test.each([
  ['claude-sonnet-4', 'claude-sonnet-4-6'],
  ['claude-opus-4-6', 'claude-sonnet-4-6'],
  ['gpt-5', 'gpt-5.5'],
])('%s and %s differ', (left, right) => {
  expect(modelsAgree(left, right)).toBe(false);
});

test('a name that says less agrees with one that says more', () => {
  expect(modelsAgree('Claude', 'claude-opus-4-6')).toBe(true);
  expect(modelsAgree('gpt-5-codex', 'gpt-5')).toBe(true);
});

test.each([
  ['Claude Opus 4.8', 'claude', 'Claude Opus 4.8'],
  ['Codex Opus 4.6 (1M context)', '', 'Codex Opus 4.6 (1M context)'],
  ['Claude (Opus 5)', 'claude', 'Opus 5'],
  ['aider (openrouter/some-model)', 'aider', 'openrouter/some-model'],
  ['OpenCode (claude-opus-4-8)', 'opencode', 'claude-opus-4-8'],
  ['OpenHands-GPT-5', 'openhands', 'GPT-5'],
  ['Claude', 'claude', undefined],
  ['Claude (Cricut Security policy)', 'claude', undefined],
  ['aider', 'aider', undefined],
  ['Cursor Agent', 'cursor', undefined],
])('the name %s carries the model %s', (name, own, model) => {
  expect(modelInName(name, own)).toBe(model);
});

test('prose and people are no models', () => {
  for (const text of ['Jane Doe', 'Claude', 'version 3', 'the opus magnum', ''])
    expect(namesModel(text)).toBe(false);
});

test('any text agrees with itself', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 60 }), (text) => {
      expect(modelsAgree(text, text)).toBe(true);
      expect(modelsAgree(modelKey(text), modelKey(text))).toBe(true);
    }),
  );
});
