import { Link } from '@tanstack/react-router';
import type { ChangeEvidence } from '../../../src/core/evidence/change-evidence.ts';
import { HostileText } from '../kit/hostile-text.tsx';
import { Panel, Section } from '../kit/page.tsx';
import { VerdictSign } from '../kit/signs.tsx';
import styles from './change.module.css';
import { GatesTable, RequirementsTable, ReviewsTable } from './decision-tables.tsx';
import { Enforced } from './enforced.tsx';

/** What people and checks decided. Where the record does not know, it says so, and what would answer. */
export function Decisions({ evidence }: { readonly evidence: ChangeEvidence }) {
  const { reviews, gates, verdict, controlResults, pullRequest } = evidence;
  const rows = [
    ['Verdict', verdict],
    ['Reviews', reviews],
    ['Gates', gates],
    ['Controls', controlResults],
  ] as const;
  return (
    <Section
      title="Reviews and gates"
      id="decisions"
      actions={pullRequest === undefined && <Link to="/settings">What can be connected</Link>}
    >
      <Panel>
        {rows.map(([name, { result, because }]) => (
          <div key={name} className={styles.undecided}>
            <strong>{name}</strong>
            <span>
              <VerdictSign
                verdict={result}
                pending={name === 'Verdict' && 'pending' in verdict && verdict.pending}
                plain
              />
            </span>
            <span>
              <HostileText text={because} limit={1_000} />
            </span>
          </div>
        ))}
      </Panel>
      {verdict.items.length > 0 && <RequirementsTable results={verdict.items} />}
      {reviews.items.length > 0 && <ReviewsTable reviews={reviews.items} />}
      {gates.items.length > 0 && <GatesTable gates={gates.items} />}
      {pullRequest && <Enforced pullRequest={pullRequest} verdict={verdict} />}
    </Section>
  );
}
