import { expect, test } from 'vitest';
import prior from '../models/prior-1.json' with { type: 'json' };
import { assess, parseScorecard } from '../scorecard.ts';
import { fitOptions, fitSets } from './fit-sets.ts';
import { toScorecard } from './to-scorecard.ts';
import { parseTrainingSet } from './training-set.ts';

/** Larger changes are blamed more often; every third one is a bot's. */
const table = Array.from({ length: 300 }, (_, at) => {
  const lines = 1 + ((at * 37) % 100);
  return [at, lines, 0, Number(at % 3 === 0), 1, Number((at * 13) % 100 < lines)].join(',');
});
const sets = [parseTrainingSet('p', `ts,src_la,src_ld,bot,label_known,label\n${table.join('\n')}\n`)];
const features = new Map([['src_la', 1] as const]);
const content = toScorecard(fitSets(sets, features, fitOptions), features, sets);
const model = parseScorecard({ ...prior, ...content });

test('the fit becomes a scorecard that passes its own checks and keeps the direction', () => {
  expect(model.factors).toMatchObject([{ signal: 'src_la', direction: 'rising' }]);
  expect(model.factors[0]?.points.length).toBeGreaterThan(3);
});

test('a change scores as many percent of the people’s changes as have lower log-odds', () => {
  const population = table.map((row) => row.split(',').map(Number)).filter((row) => row[3] === 0);
  const logOdds = population.map((row) => assess({ src_la: row[1] ?? 0 }, model).logOdds);

  for (const lines of [1, 10, 50, 80, 100, 5_000]) {
    const { logOdds: own, score } = assess({ src_la: lines }, model);
    const below = (100 * logOdds.filter((other) => other < own).length) / logOdds.length;
    expect(score).toBe(Math.floor(below + 1e-9));
  }
});

test('the probability is the logistic function of the log-odds to a hundredth', () => {
  for (const lines of [1, 20, 100]) {
    const { logOdds, probability } = assess({ src_la: lines }, model);
    expect(Math.abs(probability - 1 / (1 + Math.exp(-logOdds / 1_000)))).toBeLessThan(0.01);
  }
});
