import { expect, test } from 'vitest';
import { scoredFeatures } from './scored-features.ts';
import { parseTrainingSet, valuesOf } from './training-set.ts';

const csv = `project,commit,ts,src_la,src_ld,bot,nfix,bug_ts,rev_ts,sec_ts,label_h_days,label_known,label
p,c,30,5,0,0,9,40,0,0,60,1,1
p,a,10,3,1,1,0,0,0,0,60,1,0
p,b,20,2,2,0,0,0,0,0,60,0,-1
p,d,40,0,0,0,0,0,0,0,60,1,0
`;

test('only labelled changes of source are kept, oldest first', () => {
  const set = parseTrainingSet('p', csv);

  expect(set).toMatchObject({ rows: 2, positives: 1 });
  expect([...set.labels]).toEqual([0, 1]);
  expect([...valuesOf(set, 'src_la')]).toEqual([3, 5]);
});

test('nothing known only later can become a feature', () => {
  const set = parseTrainingSet('p', csv);

  for (const column of ['nfix', 'bug_ts', 'rev_ts', 'sec_ts', 'label']) {
    expect(() => valuesOf(set, column)).toThrow(RangeError);
    expect(scoredFeatures.has(column)).toBe(false);
  }
});

test('a table without a column, or with text for a number, is refused', () => {
  expect(() => parseTrainingSet('p', 'ts,label\n1,1\n')).toThrow('p has no column label_known');
  expect(() => parseTrainingSet('p', csv.replace('p,c,30,5,0,0', 'p,c,30,5,0,x'))).toThrow('value in bot');
});
