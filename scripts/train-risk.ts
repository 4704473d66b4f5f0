/**
 * Trains the prior risk model: `node scripts/train-risk.ts <folder with prs_*.csv.gz> --out <model.json>`.
 * Prints the evaluation; the same data give the same bytes. `--card docs/risk-model.md` puts the table and the version
 * into the model card.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { evaluationTable } from '../src/core/risk/model-card.ts';
import { featureSpec } from '../src/core/risk/replay.ts';
import { parseScorecard } from '../src/core/risk/scorecard.ts';
import { evaluateUnseen } from '../src/core/risk/training/evaluate.ts';
import { fitOptions, fitSets } from '../src/core/risk/training/fit-sets.ts';
import { scoredFeatures } from '../src/core/risk/training/scored-features.ts';
import { toScorecard } from '../src/core/risk/training/to-scorecard.ts';
import { parseTrainingSet } from '../src/core/risk/training/training-set.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { out: { type: 'string' }, card: { type: 'string' } },
});
const [folder] = positionals;
if (folder === undefined || values.out === undefined) {
  console.error('usage: node scripts/train-risk.ts <folder with prs_*.csv.gz> --out <model.json>');
  process.exit(2);
}

const files = readdirSync(folder)
  .filter((name) => /^prs_.*\.csv\.gz$/.test(name))
  .sort();
const tables = files.map((name) => {
  const bytes = readFileSync(join(folder, name));
  const set = parseTrainingSet(name.replace(/^prs_|\.csv\.gz$/g, ''), gunzipSync(bytes).toString('utf8'));
  return { name, sha256: createHash('sha256').update(bytes).digest('hex'), set };
});
const sets = tables.map(({ set }) => set);
const model = {
  schema: 'reentry.scorecard/1',
  name: basename(values.out, '.json'),
  featureSpec,
  ...toScorecard(fitSets(sets, scoredFeatures, fitOptions), scoredFeatures, sets),
  calibrated: false,
  training: {
    method:
      'Sum of step functions fitted by Newton boosting of stumps with direction constraints; every eighth of a repository has a base rate of its own; rounded to thousandths of a logit.',
    labels:
      'A later fix or revert within the horizon (60, 120 or 180 days by repository) replaces a line of the change, found by message and replayed line origins. Weak labels: they rank changes, they are no defect counts.',
    licence:
      'Our own measurements of public history: numbers only, no code, no names, no messages. The repositories: MIT, Apache-2.0 and BUSL-1.1.',
    options: { ...fitOptions },
    files: tables.map(({ name, sha256, set }) => ({
      name,
      sha256,
      rows: set.rows,
      positives: set.positives,
    })),
    protocol:
      'Leave one repository out: trained on all the others, tested on its newest 30 % of changes that touch source and whose label is known.',
    evaluation: evaluateUnseen(sets, fitOptions),
  },
};
const scorecard = parseScorecard(model);
writeFileSync(values.out, `${JSON.stringify(model)}\n`);
if (values.card !== undefined) {
  const table = `<!-- evaluation -->\n${evaluationTable(scorecard)}\n<!-- end -->`;
  const page = readFileSync(values.card, 'utf8')
    .replace(/<!-- evaluation -->[\s\S]*<!-- end -->/, () => table)
    .replace(/prior-\d+@[0-9a-f]{12}/g, scorecard.version);
  writeFileSync(values.card, page);
}
console.log(evaluationTable(scorecard));
console.log(`${scorecard.version}: ${scorecard.factors.map(({ signal }) => signal).join(' ')}`);
