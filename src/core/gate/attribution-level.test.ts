import { expect, test } from 'vitest';
import { attributionLevel } from './attribution-level.ts';
import { ticket } from './ticket.ts';

test.each([
  [3, 'ai', 'satisfied'],
  [5, 'unknown', 'satisfied'],
  [2, 'ai', 'violated'],
  [0, 'human', 'violated'],
  [null, 'ai', 'violated'],
  [null, 'mixed', 'violated'],
  [null, 'human', 'indeterminate'],
  [null, 'unknown', 'indeterminate'],
] as const)('level %s of a change of class %s, where 3 is asked: %s', (level, actorClass, outcome) => {
  const judged = attributionLevel({ attributionLevel: level, class: actorClass }, 3);

  expect(judged.outcome).toBe(outcome);
  expect(judged.because).toHaveLength(1);
  expect(judged.todo.length > 0).toBe(outcome !== 'satisfied');
});

test.each([
  [['SHOP-1'], 'satisfied'],
  [[], 'violated'],
  [null, 'indeterminate'],
] as const)('a change with the tickets %j: %s', (tickets, outcome) => {
  expect(ticket({ tickets, mergedAt: null }).outcome).toBe(outcome);
});
