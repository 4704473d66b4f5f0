import fc from 'fast-check';
import type { ChangeFilter } from '../../contract/changes.ts';
import { type ChangeRows, changeRows } from './change-rows.ts';

const repositories = ['github.com/o/r', 'local/é'];
const classes = ['human', 'ai', 'mixed', 'unknown'] as const;
const bands = ['low', 'medium', 'high', 'critical'] as const;
const kinds = ['pull_request', 'direct_push'] as const;
const agents = ['codex', 'claude-code', 'a\0b', "o'brien {x}"];
const models = ['gpt-5', 'opus', '\uD800'];
const words = [
  'Fix',
  'the',
  'CACHE',
  'für',
  'Größe',
  '100%',
  'a_b',
  'c\\d',
  '#7',
  '\0',
  '\u202E',
  'deadbeef',
];
const names = ['Ada Lovelace', 'Zoë', ''];
const days = ['2024-02-29', '2024-03-01', '2024-03-04', '2025-12-31', '2026-01-01'];

const anyClaim = fc.record({
  agent: fc.constantFrom(...agents),
  model: fc.option(fc.constantFrom(...models)),
  sessionId: fc.option(fc.constantFrom('s1', 's2')),
});

const anyGiven = fc.record({
  repoId: fc.constantFrom(...repositories),
  kind: fc.constantFrom(...kinds),
  number: fc.option(fc.nat({ max: 9 })),
  title: fc.array(fc.constantFrom(...words), { maxLength: 4 }).map((chosen) => chosen.join(' ')),
  authorName: fc.constantFrom(...names),
  mergeSha: fc.constantFrom('deadbeef'.repeat(5), 'd'.repeat(40)),
  headSha: fc.constantFrom('0123456789'.repeat(4), 'c'.repeat(40)),
  mergedAt: fc.constantFrom(...days).map((day) => `${day}T23:59:59Z`),
  additions: fc.nat({ max: 2 }),
  deletions: fc.nat({ max: 1 }),
  class: fc.constantFrom(...classes),
  attributionLevel: fc.option(fc.nat({ max: 5 })),
  riskScore: fc.constantFrom(0, 4.9, 50, 94.99, 100),
  riskBand: fc.constantFrom(...bands),
  gaps: fc.nat({ max: 1 }),
  contradictions: fc.nat({ max: 1 }),
});

/** Changes of which many are alike, in order of their ordinals. */
export function anyChanges(maxLength: number): fc.Arbitrary<readonly ChangeRows[]> {
  const one = fc.tuple(anyGiven, fc.array(anyClaim, { maxLength: 3 }));
  return fc
    .array(one, { maxLength })
    .map((all) =>
      all.map(([given, claims], ordinal) =>
        changeRows({ ...given, ordinal, changeId: `pr/${ordinal}`, evidenceSeq: ordinal }, claims),
      ),
    );
}

function some<Value>(values: readonly Value[]): fc.Arbitrary<readonly Value[] | undefined> {
  return fc.option(fc.uniqueArray(fc.constantFrom(...values), { maxLength: 3 }), { nil: undefined, freq: 1 });
}

const anyFlag = fc.option(fc.boolean(), { nil: undefined, freq: 1 });
const anyDay = fc.option(fc.constantFrom(...days, '2024-03-02'), { nil: undefined, freq: 1 });

export const anyFilter: fc.Arbitrary<ChangeFilter> = fc.record(
  {
    q: fc
      .array(fc.constantFrom(...words, 'fIX', 'FÜR', 'love', 'DEADBEEF', 'deadbee', '0123456', '#8', '#x'), {
        maxLength: 2,
      })
      .map((chosen) => chosen.join(' ')),
    repo: some(repositories),
    class: some(classes),
    band: some(bands),
    kind: some(kinds),
    agent: some(agents),
    model: some([...models, '\uFFFD']),
    level: some(['none', '0', '2', '5'] as const),
    from: anyDay,
    to: anyDay,
    gaps: anyFlag,
    contradictions: anyFlag,
  },
  { requiredKeys: [] },
);
