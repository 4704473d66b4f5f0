import { expect, test } from 'vitest';
import { ticketsIn } from './tickets.ts';

const none = { title: '', branch: '', description: '' };

test.each([
  ['a project and a number', { title: 'PAY-12: round half up' }, ['PAY-12']],
  ['an issue', { description: 'Fixes #34, closes (#35).' }, ['#34', '#35']],
  ['an issue of another repository', { description: 'See acme/shop#34' }, ['acme/shop#34']],
  ['a branch', { branch: 'fix/PAY-12-rounding' }, ['PAY-12']],
  [
    'each once, title first',
    { title: 'PAY-2 and PAY-1', branch: 'PAY-1', description: 'PAY-3' },
    ['PAY-2', 'PAY-1', 'PAY-3'],
  ],
])('%s is a ticket', (_, texts, tickets) => {
  expect(ticketsIn({ ...none, ...texts })).toEqual(tickets);
});

test.each([
  'UTF-8 and SHA-256',
  'CVE-2021-20191',
  'RFC-3339',
  'https://x.example/a#12',
  'node-24',
  'A-1',
  'X1-0',
  'v1-AB-12.3',
])('%s names none', (title) => {
  expect(ticketsIn({ ...none, title })).toEqual([]);
});

test('twenty are kept, and a text of any length costs little', () => {
  const description = Array.from({ length: 100_000 }, (_, index) => `#${index + 1}`).join(' ');
  const hostile = ['A', 'a/', 'a.', 'x ', 'AB-', '#'].map((text) => text.repeat(5_000_000));

  const started = performance.now();
  const found = [description, ...hostile].map((text) => ticketsIn({ ...none, description: text }));
  const tookMs = performance.now() - started;

  expect(found.map(({ length }) => length)).toEqual([20, 0, 0, 0, 0, 0, 0]);
  expect(tookMs).toBeLessThan(1_000);
});
