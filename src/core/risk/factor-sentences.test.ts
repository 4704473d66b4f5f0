import { expect, test } from 'vitest';
import { explainedSignals, sentenceOf } from './factor-sentences.ts';
import { priorModel } from './prior-model.ts';
import { scoredFeatures } from './training/scored-features.ts';

test.each([
  ['src_la', 240, 14, 766, 'Adds 240 source lines (usually 14), which raises the score.'],
  ['src_la', 1, 14, -500, 'Adds 1 source line (usually 14), which lowers the score.'],
  ['src_la', 0, 14, -2000, 'Adds no source lines (usually 14), which lowers the score.'],
  ['src_la', 14, 14, 0, 'Adds 14 source lines, which makes no difference.'],
  ['src_la', 12_345, 14, 9, 'Adds 12,345 source lines (usually 14), which raises the score.'],
  ['branch_add', 1, 2, -129, 'Adds 1 branch to the code (usually 2), which lowers the score.'],
  [
    'fix_365',
    9,
    6,
    41,
    'Touches files that needed 9 fixes in the last year (usually 6), which raises the score.',
  ],
  [
    'fix_365',
    1,
    6,
    -5,
    'Touches files that needed 1 fix in the last year (usually 6), which lowers the score.',
  ],
  ['fix', 1, 0, 163, 'Its title says that it mends something, which raises the score.'],
  ['fix', 0, 0, 0, 'Its title does not say that it mends something, which makes no difference.'],
  [
    'mod_recent30',
    0.333,
    0.04,
    83,
    '33 % of the source lines it replaces were written in the last 30 days (usually 4 %), which raises the score.',
  ],
  [
    'mod_recent30',
    0,
    0.04,
    -92,
    'Replaces no source lines of the last 30 days (usually 4 %), which lowers the score.',
  ],
  [
    'mod_age',
    400.4,
    30.03,
    -15,
    'The source lines it replaces are 400 days old on average (usually 30 days), which lowers the score.',
  ],
  [
    'rexp',
    12.34,
    73.828,
    0,
    'Its author’s changes here weigh 12.3, where older ones count less (usually 73.8), which makes no difference.',
  ],
  [
    'churn90',
    1,
    3,
    0,
    'Touches files that changed once in the last 90 days (usually 3), which makes no difference.',
  ],
])(
  '%s at %d is said with its value, its usual value and its direction',
  (signal, value, reference, contribution, said) => {
    expect(sentenceOf({ signal, value, reference, contribution })).toBe(said);
  },
);

test('what is not known is said to be not known', () => {
  expect(sentenceOf({ signal: 'src_la', value: undefined, reference: 14, contribution: 0 })).toBe(
    'Not known: source lines added; it is taken as usual, which makes no difference.',
  );
});

test('every signal of the model, and every one that training may choose, is a whole sentence for any value', () => {
  for (const { signal } of priorModel.factors) expect(explainedSignals).toContain(signal);
  for (const signal of scoredFeatures.keys()) {
    expect(explainedSignals).toContain(signal);
    for (const value of [0, 0.001, 0.5, 0.999, 1, 2, 1e6, 1e22]) {
      expect(sentenceOf({ signal, value, reference: 3, contribution: 1 })).toMatch(/^[A-Z0-9].*[^.]\.$/);
    }
  }
});
