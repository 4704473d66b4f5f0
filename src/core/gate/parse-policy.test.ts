import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { maxPolicyBytes, parsePolicy } from './parse-policy.ts';
import { policyOf } from './testing/gate-inputs.ts';

const example = `version: 1
repositories: { tier0: [payments/*, auth-*] }
rules:                                   # every rule that matches adds its requirements; none can lift another's
  - id: any-change
    require: { humanApprovals: 1, gates: [tests] }
  - id: agent-made-and-risky
    when: { class: [ai, mixed, unknown], band: [high, critical] }
    require: { humanApprovals: 2, attributionLevel: 3, gates: [tests, sast] }
  - id: who-may-touch-workflows
    when: { paths: [.github/workflows/**] }
    require: { approvalsFrom: [platform-team] }
gates:                                   # a gate is a check name bound to the app that may report it
  tests: { check: ci/test, app: github-actions }
  sast:  { sarif: codeql, maxNew: { critical: 0, high: 0 } }
emergency: { label: hotfix, approvers: [on-call], reviewWithinHours: 48 }
`;

describe('the example of the design', () => {
  test('is read whole', () => {
    const { digest, tiers, rules, gates, emergency } = policyOf(example);

    expect(digest).toMatch(/^[0-9a-f]{64}$/);
    expect(tiers.map(({ name, repositories }) => [name, repositories.map(({ source }) => source)])).toEqual([
      ['tier0', ['payments/*', 'auth-*']],
    ]);
    expect(rules).toMatchObject([
      { id: 'any-change', require: { humanApprovals: 1, gates: ['tests'] } },
      {
        id: 'agent-made-and-risky',
        when: { class: ['ai', 'mixed', 'unknown'], band: ['high', 'critical'] },
        require: { humanApprovals: 2, attributionLevel: 3, gates: ['tests', 'sast'] },
      },
      {
        when: { paths: [{ source: '.github/workflows/**' }] },
        require: { approvalsFrom: ['platform-team'] },
      },
    ]);
    expect(gates).toEqual([
      { kind: 'report', name: 'sast', sarif: 'codeql', maxNew: { critical: 0, high: 0 } },
      { kind: 'check', name: 'tests', check: 'ci/test', app: 'github-actions' },
    ]);
    expect(emergency).toEqual({ label: 'hotfix', approvers: ['on-call'], reviewWithinHours: 48 });
  });

  test('keeps its digest under other comments, layout and order of keys, and under nothing else', () => {
    const { digest } = policyOf(example);
    const gates = example.slice(example.indexOf('gates:   '), example.indexOf('emergency'));
    const moved = `${gates}${example.replace(gates, '').replaceAll(/ +#.*/g, '').replace('tests, sast', '"tests" , sast')}`;

    expect(policyOf(moved).digest).toBe(digest);
    expect(policyOf(`\ufeff${example.replaceAll('\n', '\r\n')}`).digest).toBe(digest);
    for (const [before, after] of [
      ['humanApprovals: 2', 'humanApprovals: 3'],
      ['workflows/**', 'workflows/*'],
      ['app: github-actions', 'app: "15368"'],
      ['critical: 0', 'critical: 1'],
      ['payments/*', 'payment/*'],
      [', gates: [tests] }', ' }'],
    ] as const)
      expect(policyOf(example.replace(before, after)).digest).not.toBe(digest);
  });
});

test('the example of docs/policy.md holds', () => {
  const page = readFileSync(new URL('../../../docs/policy.md', import.meta.url), 'utf8');

  const [, block = ''] = /```yaml\n([^`]*)```/.exec(page) ?? [];

  expect(policyOf(block).rules.map(({ id }) => id)).toContain('crown-jewels');
});

describe('a mistake is told with its place', () => {
  const oneRule = (when: string, require = 'ticket: true') =>
    `version: 1\nrules:\n  - id: one\n    when: { ${when} }\n    require: { ${require} }\n`;

  test.each([
    ['an unknown key', oneRule('clas: [ai]'), '4:13', '`rules[0].when.clas` is not known here', 'class'],
    ['a key that the prototype has', oneRule('constructor: [ai]'), '4:13', 'is not known here', undefined],
    ['a word that is none', oneRule('band: [hihg]'), '4:20', '`hihg`, which is no band', 'high'],
    ['an unknown gate', oneRule('class: [ai]', 'gates: [tests]'), '5:24', 'no gate of `gates`', undefined],
    ['an unknown tier', oneRule('tier: [tier0]'), '4:20', 'no tier of `repositories`', undefined],
    ['a bad pattern', oneRule('paths: ["a[b]"]'), '4:21', 'is no pattern', undefined],
    ['an empty list', oneRule('class: []'), '4:20', 'an empty list says nothing', undefined],
    ['an empty `when`', oneRule(''), '4:11', '`rules[0].when` is empty', undefined],
    ['an empty `require`', oneRule('class: [ai]', ''), '5:14', '`rules[0].require` is empty', undefined],
    ['text for a list', oneRule('class: ai'), '4:20', 'is text, but has to be a list', undefined],
    ['a number for text', oneRule('labels: [1.0]'), '4:22', 'is a number, but has to be text', undefined],
    ['the same item twice', oneRule('class: [ai, ai]'), '4:25', 'says `ai` twice', undefined],
    [
      'the same key twice',
      oneRule('class: [ai], class: [human]'),
      '4:26',
      'stands here a second time',
      undefined,
    ],
    [
      'no approvals',
      oneRule('class: [ai]', 'humanApprovals: 0'),
      '5:32',
      'a whole number from 1 to 20',
      undefined,
    ],
    [
      'an octal',
      oneRule('class: [ai]', 'humanApprovals: 01'),
      '5:32',
      'a whole number from 1 to 20',
      undefined,
    ],
    ['ticket: false', oneRule('class: [ai]', 'ticket: false'), '5:24', 'can only be true', undefined],
    ['a team with an @', oneRule('class: [ai]', 'approvalsFrom: ["@acme/x"]'), '5:32', 'no team', undefined],
    ['another version', 'version: 2\nrules: []\n', '1:10', '`version` has to be 1', undefined],
    ['no rules', 'version: 1\nrules: []\n', '2:8', '`rules` is empty', undefined],
    ['a missing key', 'version: 1\n', '1:1', 'The file lacks the key `rules`', undefined],
    ['nothing at all', '# soon\n', '1:1', 'The file is empty', undefined],
    ['a list', '- a\n', '1:1', 'The file is a list', undefined],
    [
      'an id that comes twice',
      `${example}`.replace('any-change', 'who-may-touch-workflows'),
      '9:9',
      'another rule already',
      undefined,
    ],
    [
      'a check of no app',
      example.replace(', app: github-actions', ''),
      '13:10',
      'lacks the key `app`',
      undefined,
    ],
    [
      'a negative limit',
      example.replace('critical: 0', 'critical: -1'),
      '14:47',
      'from 0 to 1000000',
      undefined,
    ],
    [
      'an unknown severity',
      example.replace('critical: 0', 'criticl: 0'),
      '14:37',
      'is not known here',
      'critical',
    ],
  ])('%s', (_, text, place, message, suggestion) => {
    const [mistake] = mistakesOf(text);

    expect(`${mistake?.line}:${mistake?.column}`).toBe(place);
    expect(mistake?.message).toContain(message);
    expect(mistake?.suggestion).toBe(suggestion);
  });

  test('and all of them in one go', () => {
    const text = example
      .replace('require: { humanApprovals: 1', 'requires: { humanApprovals: 1')
      .replace('class: [ai', 'class: [ia')
      .replace('reviewWithinHours: 48', 'reviewWithinHours: soon');

    expect(mistakesOf(text).map(({ at }) => at)).toEqual([
      'rules[0]',
      'rules[0].requires',
      'rules[1].when.class[0]',
      'emergency.reviewWithinHours',
    ]);
  });

  test('of more than a hundred the rest is counted', () => {
    const parsed = parse(`version: 1\nrules:\n${'  - 1\n'.repeat(150)}`);

    expect(parsed).toMatchObject({ ok: false, mistakes: { length: 100 } });
    // One for each rule, and for each but the first that it comes twice.
    expect(parsed.ok ? 0 : parsed.omitted).toBe(199);
  });
});

describe('what could blow up, or say more than it shows, is refused', () => {
  test.each([
    ['an anchor', 'a: &x 1', 'the anchor `&x`'],
    ['an alias', 'a: &x 1\nb: *x', 'the alias `*x`'],
    ['an alias of nothing', 'b: *x', 'x'],
    ['a merge key', '<<: { version: 1 }', 'the merge key `<<`'],
    ['a tag', 'a: !foo 1', 'the tag `!foo`'],
    ['a known tag', 'a: !!str 1', 'the tag `tag:yaml.org,2002:str`'],
    ['a directive', '%YAML 1.1\n---\na: yes', 'the directive `%YAML`'],
    ['a second document', 'a: 1\n---\nb: 1', 'a second document begins'],
    ['a bracket that stays open', 'a: [1', 'not YAML that can be read'],
    ['a tab as indentation', 'a:\n\tb: 1', 'not YAML that can be read'],
  ])('%s', (_, text, message) => {
    expect(
      mistakesOf(text)
        .map((mistake) => mistake.message)
        .join('\n'),
    ).toContain(message);
  });

  test('a billion laughs stay nine lines', () => {
    const laughs = Array.from({ length: 9 }, (_, at) => `l${at}: &l${at} [${`*l${at - 1},`.repeat(9)}]`).join(
      '\n',
    );

    expect(mistakesOf(laughs).length).toBeGreaterThan(80);
  });

  test('a file over the limit is not read at all', () => {
    const text = `${example}#${' '.repeat(maxPolicyBytes)}`;

    expect(mistakesOf(text)).toEqual([
      { line: 1, column: 1, at: '', message: 'The file is larger than 256 KiB.' },
    ]);
  });

  test('bytes that are no UTF-8', () => {
    expect(parsePolicy(Uint8Array.of(0x61, 0xff))).toMatchObject({
      ok: false,
      mistakes: [{ message: 'The file is not UTF-8.' }],
    });
  });

  test.each([
    ['brackets', '['.repeat(50_000)],
    ['braces', '{a: '.repeat(15_000)],
    ['items', '- '.repeat(50_000)],
    ['keys', '? '.repeat(50_000)],
    ['closing brackets', ']'.repeat(50_000)],
    ['different keys', Array.from({ length: 15_000 }, (_, at) => `k${at}: 1`).join('\n')],
    ['equal keys', 'a: 1\n'.repeat(20_000)],
    ['anchors', '&a '.repeat(20_000)],
  ])('very many %s', (_, text) => {
    expect(mistakesOf(text).length).toBeGreaterThan(0);
  });

  test('no text makes the parser fail, or a policy out of nothing', () => {
    const pieces = fc.constantFrom(
      'version: 1\n',
      'rules:\n',
      '  - id: a\n',
      '    require: ',
      '{ ticket: true }\n',
      '[',
      ']',
      '&a ',
      '*a ',
      '!t ',
      '<<: ',
      '? ',
      ': ',
      '- ',
      '"',
      "'",
      '|\n',
      '#',
      '\t',
      '\n',
      '%YAML 1.1\n',
      '---\n',
      'gates: ',
      '__proto__: ',
      '\ud800',
      '\u0000',
    );
    const text = fc.oneof(
      fc.string(),
      fc.array(pieces, { maxLength: 40 }).map((parts) => parts.join('')),
      damaged(example),
    );
    fc.assert(
      fc.property(text, (written) => {
        const parsed = parse(written);

        if (parsed.ok) expect(parsed.policy.rules.length).toBeGreaterThan(0);
        else expect(parsed.mistakes.length).toBeGreaterThan(0);
        for (const { line, column } of parsed.ok ? [] : parsed.mistakes)
          expect(Math.min(line, column)).toBeGreaterThan(0);
      }),
      { numRuns: 1_000 },
    );
  });
});

/** The text with one stretch of it replaced. */
function damaged(text: string): fc.Arbitrary<string> {
  return fc
    .tuple(fc.nat(text.length), fc.nat(12), fc.string({ maxLength: 12 }))
    .map(([from, length, into]) => `${text.slice(0, from)}${into}${text.slice(from + length)}`);
}

function parse(text: string) {
  return parsePolicy(new TextEncoder().encode(text));
}

function mistakesOf(text: string) {
  const parsed = parse(text);
  return parsed.ok ? [] : parsed.mistakes;
}
