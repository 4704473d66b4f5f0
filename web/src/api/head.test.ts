import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { endpoints } from '../../../src/contract/endpoints.ts';
import { schemeKey } from '../theme/theme.ts';

const head = readFileSync(join(import.meta.dirname, '../../public/head.js'), 'utf8');

test('the script in the head asks ahead for answers that the contract has, and for no others', () => {
  const asked = head.match(/\/api\/[^']+/g);

  expect(asked).toEqual([endpoints.getOverview.path, endpoints.getProfile.path]);
});

test('the script in the head reads the colour scheme where the pages write it', () => {
  expect(head).toContain(`'${schemeKey}'`);
});
