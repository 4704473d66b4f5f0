import { expect, test } from 'vitest';
import { AppError } from '../core/errors.ts';
import { databaseError, unreachable } from './database-error.ts';

const url = 'postgres://app:ge%21heim@db.example/reentry';
const explain = async (cause: unknown) => unreachable(cause, url);

function failure(code: string, message = 'something'): Error {
  return Object.assign(new Error(message), { code });
}

test('a password never gets into what is told, as it was written or as it was meant', () => {
  const told = unreachable(failure('XX999', 'no ge%21heim for you, nor ge!heim'), url);

  expect(told.details).toEqual({ detail: 'no *** for you, nor ***' });
});

test('a full disk, a lost connection and our own faults are told apart', async () => {
  const kinds = ['53100', '57P01', '08006', 'ECONNRESET', '42601'].map((code) =>
    databaseError(failure(code), 'the place', explain),
  );

  const codes = (await Promise.all(kinds)).map((error) => (error as { code: string }).code);

  expect(codes).toEqual([
    'DISK_FULL',
    'DATABASE_UNREACHABLE',
    'DATABASE_UNREACHABLE',
    'DATABASE_UNREACHABLE',
    '42601',
  ]);
});

test('what was explained already stays as it is', async () => {
  const known = new AppError('DATABASE_NEWER', { migration: '0009' });

  expect(await databaseError(known, 'the place', explain)).toBe(known);
});
