import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { AppError, errorTable } from './errors.ts';
import { errorsPage } from './errors-page.ts';

test('docs/errors.md is the error table, word for word', () => {
  const page = readFileSync(new URL('../../docs/errors.md', import.meta.url), 'utf8');

  expect(page).toBe(errorsPage());
});

test('a message and its action are filled from the details, and an unknown detail stays visible', () => {
  const error = new AppError('POSTGRES_NOT_STARTING', { log: '/data/postgres.log' });

  expect(error.message).toBe('The embedded PostgreSQL did not start: {detail}');
  expect(error.action).toContain('/data/postgres.log');
});

test('every entry tells what to do in whole sentences', () => {
  for (const entry of Object.values(errorTable)) expect(entry.action).toMatch(/[A-Z].*\.$/);
});
