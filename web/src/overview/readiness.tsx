import type { Overview } from '../../../src/contract/overview.ts';
import { HrefLink } from '../kit/links.tsx';
import { Panel, Section } from '../kit/page.tsx';
import { type Outcome, OutcomeSign } from '../kit/signs.tsx';
import styles from './overview.module.css';

/** The worst of the answers; one that is missing is never taken for a good one. */
const worstFirst: readonly Outcome[] = ['violated', 'indeterminate', 'satisfied', 'not_applicable'];

export function Readiness({ readiness }: { readonly readiness: Overview['readiness'] }) {
  const { summary, checks } = readiness;
  const worst = worstFirst.find((value) => checks.some(({ result }) => result === value)) ?? 'indeterminate';
  return (
    <Section title="Readiness for an audit">
      <Panel>
        <div className={styles.summary}>
          <OutcomeSign value={worst} /> <span>{summary}</span>
        </div>
        <ul className={styles.checks}>
          {checks.map(({ id, question, result, because, href }) => (
            <li key={id}>
              <span>
                <OutcomeSign value={result} plain />
              </span>
              <div>
                <HrefLink href={href}>{question}</HrefLink>
                <p>{because}</p>
              </div>
            </li>
          ))}
        </ul>
      </Panel>
    </Section>
  );
}
