import type { HostAccount } from '../../host/observation.ts';
import type { GateInput, GateOutcome, GateReview, Override, Participant } from '../gate-input.ts';
import { parsePolicy } from '../parse-policy.ts';
import type { Policy } from '../policy.ts';

export const head = 'a'.repeat(40);
export const headTree = 'b'.repeat(40);
/** A commit that was the head before. */
export const earlier = 'c'.repeat(40);
export const earlierTree = 'd'.repeat(40);

export function account(login: string, kind: HostAccount['kind'] = 'user'): HostAccount {
  return { id: `github.com#${login}`, login, kind };
}

export function participant(
  part: Participant['part'],
  name: string,
  more: Partial<Participant> = {},
): Participant {
  return { part, name, account: `github.com#${name}`, actor: 'human', ...more };
}

/** Alice wrote, committed and pushed it, and opened the pull request. */
export const byAlice: readonly Participant[] = [
  participant('pull-request-author', 'alice'),
  participant('commit-author', 'alice'),
  participant('committer', 'alice'),
  participant('last-pusher', 'alice'),
];

/** An open pull request of Alice's, of a person's work, with nothing said about it yet. */
export function input(more: Partial<GateInput> = {}): GateInput {
  return {
    repo: 'github.com/acme/shop',
    number: 7,
    targetBranch: 'main',
    headSha: head,
    headTree,
    labels: [],
    paths: ['src/cart.ts'],
    pathsComplete: true,
    class: 'human',
    attributionLevel: 3,
    band: 'low',
    score: 12,
    participants: byAlice,
    reviews: [],
    outcomes: [],
    tickets: ['SHOP-1'],
    overrides: [],
    mergedAt: null,
    at: '2026-03-01T12:00:00Z',
    ...more,
  };
}

/** Bob approves the head, may write, is a person and in no team; unless told otherwise. */
export function review(login: string, more: Partial<GateReview> = {}): GateReview {
  return {
    hostId: `review of ${login}`,
    reviewer: account(login),
    actor: 'human',
    state: 'approved',
    commitSha: head,
    tree: headTree,
    submittedAt: '2026-03-01T10:00:00Z',
    permission: 'write',
    teams: [],
    ...more,
  };
}

/** `ci/test` succeeded on the head, reported by GitHub Actions. */
export function run(more: Partial<GateOutcome> = {}): GateOutcome {
  return {
    name: 'ci/test',
    kind: 'check-run',
    headSha: head,
    conclusion: 'success',
    source: { app: 'github-actions', appId: '15368' },
    completedAt: '2026-03-01T11:00:00Z',
    ...more,
  };
}

export function override(more: Partial<Override> = {}): Override {
  return {
    id: 'override-1',
    rule: 'any-change',
    requestedBy: 'carol',
    approvedBy: 'dave',
    reason: 'The payment provider changed its address today.',
    approvedAt: '2026-03-01T11:30:00Z',
    expiresAt: '2026-03-02T11:30:00Z',
    ...more,
  };
}

/** The policy that a text without mistakes says. */
export function policyOf(text: string): Policy {
  const parsed = parsePolicy(new TextEncoder().encode(text));
  if (parsed.ok) return parsed.policy;
  throw new Error(
    parsed.mistakes.map(({ line, column, message }) => `${line}:${column} ${message}`).join('\n'),
  );
}

/** One rule that fits every change, with that in its `require`. */
export function requiring(requirement: string): Policy {
  return policyOf(`version: 1
rules:
  - id: any-change
    require: { ${requirement} }
gates:
  tests: { check: ci/test, app: github-actions }
  sast: { sarif: codeql, maxNew: { critical: 0, high: 0 } }
`);
}
