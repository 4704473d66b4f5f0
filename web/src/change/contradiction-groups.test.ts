import { expect, test } from 'vitest';
import { groupContradictions } from './contradiction-groups.ts';

test('what says the same is told once with every place, and nothing else is joined', () => {
  const one = {
    about: 'model',
    because: 'Two sources differ.',
    values: ['a', 'b'],
    locators: ['note 1', 'line 1'],
  } as const;
  const again = { ...one, locators: ['note 2', 'line 2'] };
  const other = { ...one, values: ['a', 'c'] };
  const person = { ...one, about: 'user' } as const;

  expect(groupContradictions([one, other, again, person])).toEqual([
    { about: 'model', because: one.because, values: ['a', 'b'], places: [one.locators, again.locators] },
    { about: 'model', because: one.because, values: ['a', 'c'], places: [one.locators] },
    { about: 'user', because: one.because, values: ['a', 'b'], places: [one.locators] },
  ]);
  expect(groupContradictions([])).toEqual([]);
});
