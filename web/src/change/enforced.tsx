import type { ChangeEvidence, EvidencePullRequest } from '../../../src/core/evidence/change-evidence.ts';
import { plural } from '../../../src/core/sentence-parts.ts';
import { HostileText } from '../kit/hostile-text.tsx';
import { Panel } from '../kit/page.tsx';
import styles from './change.module.css';

const contents = {
  'same-tree': 'What landed has the tree of the head that was judged.',
  'clean-merge': 'What landed is exactly what git makes of the head and the branch by itself.',
  different:
    'What landed differs from what git makes of the head and the branch: it holds something that was not judged there.',
  unknown: 'Whether what landed is what was judged could not be worked out.',
} as const;

/** Under which rules it was merged: the host's own, and the policy. */
export function Enforced({
  pullRequest: { protection, merged },
  verdict,
}: {
  readonly pullRequest: EvidencePullRequest;
  readonly verdict: ChangeEvidence['verdict'];
}) {
  const rows = [
    ...(merged === null ? [] : [['Content', contents[merged.is]] as const]),
    [
      'Branch rules',
      protection === null ? 'The host did not tell which rules hold for the branch.' : rulesText(protection),
    ] as const,
    ['Bypass', bypassText(protection)] as const,
    ['Policy', policyText(verdict)] as const,
  ];
  return (
    <>
      <h3 className={styles.sub}>Under which rules</h3>
      <Panel>
        {rows.map(([name, text]) => (
          <div key={name} className={styles.undecided}>
            <strong>{name}</strong>
            <span className={styles.wide}>
              <HostileText text={text} limit={1_000} />
            </span>
          </div>
        ))}
      </Panel>
    </>
  );
}

function rulesText({ rules, enforcement }: NonNullable<EvidencePullRequest['protection']>): string {
  const parts = [
    rules.requiresPullRequest === true && 'a pull request',
    rules.approvals !== null && rules.approvals > 0 && plural(rules.approvals, 'approval'),
    rules.dismissesStale === true && 'stale approvals are dismissed',
    rules.codeOwners === true && 'code owners',
    ...(rules.requiredGates ?? []).map(
      ({ name, appId }) => `check ${name}${appId === null ? ' (from anybody)' : ''}`,
    ),
    rules.blocksForcePush === true && 'no force pushes',
  ].filter((part) => part !== false);
  if (parts.length === 0) return 'The host demands nothing of this branch.';
  return `The host demands: ${parts.join(', ')}${enforcement === 'active' ? '' : ` (${enforcement ?? 'not enforced'})`}.`;
}

function bypassText(protection: EvidencePullRequest['protection']): string {
  const bypass = protection?.bypass ?? null;
  if (bypass === null) return 'Who may pass by the rules was not told.';
  if (bypass.length === 0) return 'Nobody may pass by the rules.';
  return `May pass by the rules: ${bypass.map(({ kind, id }) => `${kind}${id === null ? '' : ` ${id}`}`).join(', ')}.`;
}

function policyText(verdict: ChangeEvidence['verdict']): string {
  if (!('policy' in verdict)) return 'None.';
  const { policy, policyDigest } = verdict;
  if (policyDigest === null) return policy.because ?? 'It could not be read.';
  return `${policy.path} at ${policy.commit?.slice(0, 12) ?? 'an unknown commit'}, digest ${policyDigest.slice(0, 16)}…`;
}
