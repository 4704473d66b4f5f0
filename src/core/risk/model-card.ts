import type { Scorecard } from './scorecard.ts';

const columns = [
  ['AUC', 'auc'],
  ['size-stratified AUC', 'sizeStratifiedAuc'],
  ['PR area', 'precisionRecall'],
  ['caught in top 10 %', 'caughtIn10'],
  ['Brier skill', 'brierSkill'],
  ['calibration error', 'calibrationError'],
] as const;

/** The model's evaluation as Markdown: every fold, then the means over the repositories. */
export function evaluationTable({ training: { evaluation } }: Scorecard): string {
  const header = ['repository', 'model', 'rows', 'base rate', ...columns.map(([title]) => title)];
  const folds = evaluation.map((fold) => [
    fold.repository,
    fold.model,
    String(fold.rows),
    decimals(fold.baseRate),
    ...columns.map(([, metric]) => cell(fold.metrics, metric)),
  ]);
  const means = [...Map.groupBy(evaluation, ({ model }) => model)].map(([model, ofModel]) => [
    '**mean**',
    `**${model}**`,
    String(ofModel.reduce((sum, { rows }) => sum + rows, 0)),
    decimals(mean(ofModel.map(({ baseRate }) => baseRate))),
    ...columns.map(([, metric]) => {
      const known = ofModel.flatMap(({ metrics }) => metrics[metric] ?? []);
      return known.length > 0 ? decimals(mean(known)) : '';
    }),
  ]);
  const lines = [header, header.map(() => '---'), ...folds, ...means];
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function cell(metrics: Readonly<Record<string, number>>, metric: string): string {
  const value = metrics[metric];
  if (value === undefined) return '';
  const { aucLow, aucHigh } = metrics;
  const interval =
    metric === 'auc' && aucLow !== undefined && aucHigh !== undefined
      ? ` (${decimals(aucLow)} to ${decimals(aucHigh)})`
      : '';
  return `${decimals(value)}${interval}`;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function decimals(value: number): string {
  return value.toFixed(3);
}
