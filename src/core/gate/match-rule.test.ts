import { describe, expect, test } from 'vitest';
import type { GateInput } from './gate-input.ts';
import { matchRule } from './match-rule.ts';
import { input, policyOf } from './testing/gate-inputs.ts';

function match(when: string, more: Partial<GateInput> = {}) {
  const { rules, tiers } = policyOf(`version: 1
repositories: { tier0: [payments/*, auth-*], tier1: [github.com/acme/shop] }
rules:
  - id: one
    when: { ${when} }
    require: { ticket: true }
`);
  const [rule] = rules;
  if (rule === undefined) throw new Error('no rule');
  return matchRule(rule, input(more), tiers);
}

describe('a rule fits', () => {
  test.each([
    ['class: [human, ai]', { class: 'human' }, true],
    ['class: [ai]', { class: 'mixed' }, false],
    ['class: [ai]', { class: 'human' }, false],
    ['band: [high, critical]', { band: 'critical' }, true],
    ['band: [high, critical]', { band: 'medium' }, false],
    ['paths: [".github/workflows/**", "*.tf"]', { paths: ['README.md', 'infra/main.tf'] }, true],
    ['paths: ["*.tf"]', { paths: ['README.md'] }, false],
    ['paths: ["*.tf"]', { paths: [] }, false],
    ['repositories: [acme/*]', {}, true],
    ['repositories: [shop]', {}, true],
    ['repositories: [github.com/acme/shop]', {}, true],
    ['repositories: [acme]', {}, false],
    ['repositories: [hop]', {}, false],
    ['tier: [tier0, tier1]', {}, true],
    ['tier: [tier0]', {}, false],
    ['tier: [tier0]', { repo: 'gitlab.com/group/payments/api' }, true],
    ['tier: [tier0]', { repo: 'local/auth-service' }, true],
    ['branches: [main, "release/*"]', { targetBranch: 'release/1' }, true],
    ['branches: [main]', { targetBranch: 'feature/main' }, false],
    ['labels: [Hotfix]', { labels: ['hotfix'] }, true],
    ['labels: [hotfix]', { labels: [] }, false],
    ['class: [human], band: [high]', { class: 'human', band: 'high' }, true],
    ['class: [human], band: [high]', { class: 'human', band: 'low' }, false],
  ] as const)('%s with %j: %s', (when, more, applies) => {
    expect(match(when, more as Partial<GateInput>)).toEqual({ applies, because: [] });
  });
});

describe('what is not known fits', () => {
  test.each([
    ['band: [low]', { band: null }, 'the risk of the change is not known'],
    ['paths: ["*.tf"]', { pathsComplete: false }, 'not all paths'],
    ['labels: [hotfix]', { labels: null }, 'the labels'],
    ['class: [ai]', { class: 'unknown' }, 'whether an agent made the change'],
    ['class: [mixed]', { class: 'unknown' }, 'whether an agent made the change'],
  ] as const)('%s with %j', (when, more, because) => {
    expect(match(when, more as Partial<GateInput>)).toEqual({
      applies: true,
      because: [expect.stringContaining(because)],
    });
  });

  test('but what is known and does not fit decides', () => {
    expect(match('band: [low], class: [ai]', { band: null, class: 'human' }).applies).toBe(false);
    expect(match('class: [human]', { class: 'unknown' }).applies).toBe(false);
  });

  test('and a listed `unknown` needs no excuse', () => {
    expect(match('class: [unknown]', { class: 'unknown' })).toEqual({ applies: true, because: [] });
  });
});

test('a file name of odd bytes does not hide a file from its folder’s rule', () => {
  const paths = ['".github/workflows/\\377.yml"'];

  expect(match('paths: [".github/workflows/**"]', { paths }).applies).toBe(true);
  expect(match('paths: ["*.yml"]', { paths }).applies).toBe(true);
  expect(match('paths: ["*.yaml"]', { paths }).applies).toBe(false);
});
