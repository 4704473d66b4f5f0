import { Link } from '@tanstack/react-router';
import type { ChangeEvidence } from '../../../src/core/evidence/change-evidence.ts';
import { Panel, Section } from '../kit/page.tsx';
import { OutcomeSign } from '../kit/signs.tsx';
import styles from './change.module.css';

/** What people and checks decided. Where the record does not know, it says so, and what would answer. */
export function Decisions({ evidence }: { readonly evidence: ChangeEvidence }) {
  const rows = [
    ['Reviews', evidence.reviews],
    ['Gates', evidence.gates],
    ['Verdict', evidence.verdict],
    ['Controls', evidence.controlResults],
  ] as const;
  return (
    <Section
      title="Reviews and gates"
      id="decisions"
      actions={<Link to="/settings">What can be connected</Link>}
    >
      <Panel>
        {rows.map(([name, { result, because }]) => (
          <div key={name} className={styles.undecided}>
            <strong>{name}</strong>
            <span>
              <OutcomeSign value={result} plain />
            </span>
            <span>{because}</span>
          </div>
        ))}
      </Panel>
    </Section>
  );
}
