import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { evaluationTable } from './model-card.ts';
import { priorModel } from './prior-model.ts';

test('docs/risk-model.md reports every fold of the shipped model, and names its version', () => {
  const page = readFileSync(new URL('../../../docs/risk-model.md', import.meta.url), 'utf8');

  expect(page).toContain(evaluationTable(priorModel));
  expect(page).toContain(priorModel.version);
});
