import fc from 'fast-check';
import { expect, test } from 'vitest';
import { AppError } from '../errors.ts';
import { createChangeReplay } from './replay.ts';
import { addedFile, feed, type PlayedFile, play } from './testing/play-unit.ts';

const day = 86_400;
const start = 1_700_000_000;

test('history features count what happened before the change, not the change itself', () => {
  const replay = createChangeReplay();
  const ann = { author: 'ann@example.org' };
  const bob = { author: 'bob@example.org' };
  const edit: PlayedFile = {
    path: 'src/a.ts',
    hunks: [{ oldStart: 1, removed: ['a = 1'], added: ['a = 2'] }],
  };
  const first = play(replay, { ...ann, committedAt: start }, [addedFile('src/a.ts', ['a = 1', 'b = 1'])]);
  play(replay, { ...bob, committedAt: start + 10 * day, title: 'fix: wrong a' }, [edit]);
  play(replay, { ...bob, committedAt: start + 20 * day, title: 'docs: fix typo' }, [edit]);

  const last = play(replay, { ...ann, committedAt: start + 40 * day }, [
    edit,
    addedFile('src/b.ts', ['c = 1']),
  ]);

  expect(first).toMatchObject({
    new_files: 1,
    fix_365: 0,
    exp: 0,
    own_mean: 0,
    files_new_to_author: 1,
    age: 0,
  });
  expect(last).toMatchObject({
    new_files: 1,
    fix_365: 1,
    fix_max365: 1,
    churn90: 3,
    ndev: 2,
    nuc: 3,
    age: 20,
    own_mean: 0.3333,
    files_new_to_author: 1,
    exp: 1,
    sexp: 1,
    rexp: 0.9012,
    mod_lines: 1,
    mod_age: 20,
    mod_recent30: 1,
    mod_other: 1,
  });
});

test('size features leave out generated and binary files, and part source from tests', () => {
  const features = play(createChangeReplay(), {}, [
    addedFile('src/a.ts', ['if (x) {', '}']),
    addedFile('src/a.test.ts', ['if (x) {', 'b', 'c']),
    addedFile('package-lock.json', ['{', '}', ' ', ' ']),
    { ...addedFile('src/api.ts', ['const x = 1']), declaredGenerated: true },
    { path: 'logo.png', status: 'added', binary: true },
    addedFile('README.md', ['# Title']),
  ]);

  expect(features).toMatchObject({
    nf: 3,
    la: 6,
    src_la: 2,
    src_nf: 1,
    test_la: 3,
    has_test: 1,
    src_no_test: 0,
    gen_la: 5,
    branch_add: 1,
    max_file: 3,
    nd: 2,
    ns: 2,
    p_lock: 1,
  });
});

test('a renamed file keeps its past and its line origins; a deleted one loses both', () => {
  const replay = createChangeReplay();
  const line = { oldStart: 1, removed: ['a = 1'], added: ['a = 2'] };
  play(replay, {}, [addedFile('src/a.ts', ['a = 1'])]);

  const renamed = play(replay, {}, [{ path: 'lib/b.ts', oldPath: 'src/a.ts', status: 'renamed' }]);
  const edited = play(replay, {}, [{ path: 'lib/b.ts', hunks: [line] }]);
  play(replay, {}, [{ path: 'lib/b.ts', status: 'deleted', hunks: [{ oldStart: 1, removed: ['a = 2'] }] }]);
  const again = play(replay, {}, [addedFile('lib/b.ts', ['x = 1']), { path: 'src/a.ts', hunks: [line] }]);

  expect(renamed.new_files).toBe(0);
  expect(edited).toMatchObject({ mod_lines: 1, nuc: 2, lt: 1 });
  expect(again).toMatchObject({ new_files: 2, mod_lines: 0 });
});

test.each([{ unreadable: true }, { binary: true }, { submodule: true }])(
  'after a file came as %o its lines are unknown, never somebody else’s',
  (trouble) => {
    const replay = createChangeReplay();
    const removeTwo = { oldStart: 50, removed: ['x = 1', 'y = 1'], added: ['z = 1'] };
    play(replay, {}, [addedFile('src/a.ts', Array<string>(100).fill('a = 1'))]);
    play(replay, {}, [{ path: 'src/a.ts', ...trouble }]);

    const unknown = play(replay, {}, [{ path: 'src/a.ts', hunks: [removeTwo] }]);
    const known = play(replay, {}, [
      { path: 'src/a.ts', hunks: [{ oldStart: 49, removed: ['a', 'z = 1', 'b'] }] },
    ]);

    expect(unknown.mod_lines).toBe(0);
    expect(known.mod_lines).toBe(1);
  },
);

const paths = ['src/a.ts', 'src/b.ts', 'test/a.test.ts', 'docs/c.md'];
const unitArbitrary = fc.record({
  author: fc.constantFrom('ann', 'bob', 'eve'),
  title: fc.constantFrom('fix: crash', 'add x', 'docs: typo'),
  seconds: fc.integer({ min: -400 * day, max: 400 * day }),
  ai: fc.boolean(),
  files: fc.uniqueArray(
    fc.record({
      path: fc.constantFrom(...paths),
      status: fc.constantFrom('added', 'modified', 'deleted', 'type-changed'),
      unreadable: fc.boolean(),
      from: fc.nat(20),
      removed: fc.nat(5),
      added: fc.nat(5),
    }),
    { selector: ({ path }) => path },
  ),
});
type PlayedUnit = typeof unitArbitrary extends fc.Arbitrary<infer Value> ? Value : never;

function unitOf({ author, title, seconds, ai, files }: PlayedUnit) {
  const played = files.map(
    ({ path, status, unreadable, from, removed, added }): PlayedFile => ({
      path,
      status,
      unreadable,
      hunks: [
        {
          oldStart: from,
          removed: Array<string>(removed).fill('old()'),
          added: Array<string>(added).fill('if (await x) {'),
        },
      ],
    }),
  );
  return [{ author, title, committedAt: start + seconds, ai }, played] as const;
}

test('an abandoned unit leaves no trace, wherever it stops', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(unitArbitrary, fc.option(unitArbitrary)), { maxLength: 10 }), (units) => {
      const undisturbed = createChangeReplay();
      const disturbed = createChangeReplay();
      for (const [unit, abandoned] of units) {
        if (abandoned !== null) {
          feed(disturbed, ...unitOf(abandoned));
          disturbed.abandon();
        }
        expect(play(disturbed, ...unitOf(unit))).toEqual(play(undisturbed, ...unitOf(unit)));
      }
    }),
  );
});

test('whatever dates and hunks come, every feature is a finite number and never minus zero', () => {
  fc.assert(
    fc.property(fc.array(unitArbitrary, { maxLength: 12 }), (units) => {
      const replay = createChangeReplay();
      for (const unit of units) {
        for (const value of Object.values(play(replay, ...unitOf(unit)))) {
          expect(Number.isFinite(value) && !Object.is(value, -0)).toBe(true);
        }
      }
    }),
  );
});

test('the order of a unit’s files changes no feature', () => {
  fc.assert(
    fc.property(fc.array(unitArbitrary, { maxLength: 8 }), (units) => {
      const forward = createChangeReplay();
      const backward = createChangeReplay();
      for (const unit of units) {
        const reversed = { ...unit, files: unit.files.toReversed() };
        const expected = play(forward, ...unitOf(unit));
        for (const [name, value] of Object.entries(play(backward, ...unitOf(reversed)))) {
          expect([name, value]).toEqual([name, expect.closeTo(expected[name] ?? Number.NaN, 3)]);
        }
      }
    }),
  );
});

test('calls out of order are refused as our own fault', () => {
  const replay = createChangeReplay();

  expect(() => replay.finish()).toThrow(AppError);
  feed(replay, {}, []);
  expect(() => replay.hunk(1, 1, 1, 1)).toThrow(AppError);
});
