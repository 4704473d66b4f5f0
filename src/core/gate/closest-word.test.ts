import { expect, test } from 'vitest';
import { closestWord } from './closest-word.ts';

const words = ['humanApprovals', 'approvalsFrom', 'gates', 'ticket', 'when'];

test.each([
  ['humanAprovals', 'humanApprovals'],
  ['HUMANAPPROVALS', 'humanApprovals'],
  ['gate', 'gates'],
  ['gaets', 'gates'],
  ['wehn', 'when'],
  ['tickets', 'ticket'],
])('%s most likely means %s', (written, meant) => {
  expect(closestWord(written, words)).toBe(meant);
});

test.each(['', 'unless', 'x'.repeat(10_000), '__proto__'])('nothing is near to %s', (written) => {
  expect(closestWord(written, words)).toBeUndefined();
});
