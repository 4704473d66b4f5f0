import { expect, test } from 'vitest';
import {
  parseSearch,
  readChangesSearch,
  readPullRequestsSearch,
  readSignInSearch,
  stringifySearch,
} from './route-search.ts';

test('an address keeps text as text, and several values as several', () => {
  const address = '?q=0042&class=ai&class=mixed&gaps=true';

  expect(parseSearch(address)).toEqual({ q: '0042', class: ['ai', 'mixed'], gaps: 'true' });
  expect(stringifySearch(parseSearch(address))).toBe(address);
});

test('a parameter cannot reach the prototype', () => {
  expect(parseSearch('?__proto__=x&constructor=y')).toEqual({ constructor: 'y' });
  expect(({} as Record<string, unknown>).x).toBeUndefined();
});

test('what a filter does not know is left out', () => {
  expect(
    readChangesSearch({ class: ['ai', 'alien'], band: 'huge', from: '2026-1-1', to: '2026-01-31' }),
  ).toEqual({
    class: ['ai'],
    to: '2026-01-31',
  });
  expect(readPullRequestsSearch({ state: ['merged', 'lost'], verdict: 'fine', repo: 'a' })).toEqual({
    state: ['merged'],
    repo: ['a'],
  });
});

test('after signing in nobody is sent to another site', () => {
  for (const address of [
    'https://evil.example',
    '//evil.example',
    '/\\evil.example',
    'javascript:alert(1)',
    '/\t/evil.example',
  ]) {
    expect(readSignInSearch({ return: address })).toEqual({});
  }
  expect(readSignInSearch({ return: '/changes?class=ai' })).toEqual({ return: '/changes?class=ai' });
});
