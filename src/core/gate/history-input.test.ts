import { describe, expect, test } from 'vitest';
import { attributeChange } from '../attribution/attribute-change.ts';
import { change, commit, sha } from '../attribution/testing/observed.ts';
import type { ObservedChange } from '../change/observed-change.ts';
import { changeStatement } from '../evidence/change-evidence.ts';
import { priorModel } from '../risk/prior-model.ts';
import { assess } from '../risk/scorecard.ts';
import { evaluatePolicy } from './evaluate-policy.ts';
import { historyInput } from './history-input.ts';
import { requiring } from './testing/gate-inputs.ts';

function inputOf(observed: ObservedChange, kept: 'kept' | 'erased' = 'kept') {
  const { predicate } = changeStatement({
    change: observed,
    attribution: attributeChange(observed),
    risk: assess(observed.features, priorModel),
    receivedAt: '2026-01-03T00:00:00Z',
    capture: 'backfilled',
    reason: 'merged',
    supersedes: null,
    derivedFrom: { log: 'log', checkpoint: { size: 1, root: '' }, entries: [] },
  });
  return historyInput(predicate, kept === 'kept' ? observed : null);
}

const byAgent = commit(3, 'Add a cart\n\nCo-Authored-By: Claude Opus 4.5 <noreply@anthropic.com>');

describe('a history alone', () => {
  test('tells class, level, paths and tree, and nothing of what git does not hold', () => {
    expect(inputOf(change([byAgent], { number: 7 }))).toMatchObject({
      number: 7,
      headSha: sha(3),
      headTree: byAgent.tree,
      class: 'ai',
      attributionLevel: 1,
      paths: ['src/a.ts'],
      pathsComplete: true,
      labels: null,
      reviews: null,
      outcomes: null,
      tickets: null,
      mergedAt: byAgent.committedAt,
    });
    expect(inputOf(change([commit(3, 'Add a cart')])).attributionLevel).toBeNull();
  });

  test('leaves every rule that asks for more indeterminate', () => {
    const asked = requiring('humanApprovals: 1, approvalsFrom: [x], gates: [tests, sast], ticket: true');

    const { outcome, pending, results } = evaluatePolicy(inputOf(change([byAgent])), asked);

    expect({ outcome, pending }).toEqual({ outcome: 'indeterminate', pending: false });
    expect(new Set(results.map((result) => result.outcome))).toEqual(new Set(['indeterminate']));
  });
});

describe('the paths', () => {
  test('of a renamed file are both of its names', () => {
    const renamed = { path: 'docs/ci.yml', oldPath: '.github/workflows/ci.yml', status: 'renamed' } as const;
    const files = [{ ...renamed, role: 'other', additions: 0, deletions: 0 } as const];

    expect(inputOf(change([byAgent], { files })).paths).toEqual(['docs/ci.yml', '.github/workflows/ci.yml']);
  });

  test('are incomplete where files were left out, could not be compared, or the fact is erased', () => {
    const size = { files: 9, additions: 10, deletions: 0 };
    const gaps = [{ code: 'unreadable-object', detail: 'x' } as const];

    expect(inputOf(change([byAgent], { size })).pathsComplete).toBe(false);
    expect(inputOf(change([byAgent], { gaps })).pathsComplete).toBe(false);
    expect(inputOf(change([byAgent]), 'erased')).toMatchObject({
      paths: [],
      pathsComplete: false,
      headTree: null,
    });
  });
});
