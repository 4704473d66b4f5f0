import type { ChangeDetail } from '../../../src/contract/changes.ts';
import type { ChangeStatement } from '../../../src/core/evidence/change-evidence.ts';
import { Section } from '../kit/page.tsx';
import { CaptureSign } from '../kit/signs.tsx';
import { Time } from '../kit/time.tsx';
import styles from './change.module.css';
import { momentsOf } from './moments.ts';

export function TimeLine({
  detail,
  statement,
}: {
  readonly detail: ChangeDetail;
  readonly statement: ChangeStatement;
}) {
  const lag = statement.predicate.capture.change.lagSeconds;
  return (
    <Section
      title="Time line"
      id="time-line"
      meta={<CaptureSign value={detail.item.capture} {...(lag === null ? {} : { lag: lag * 1_000 })} plain />}
    >
      <ol className={styles.timeline}>
        {momentsOf(detail, statement).map(({ id, at, what, by, note }) => (
          <li key={id} data-by={by}>
            <span className={styles.when}>
              <Time at={at} always="exact" />
            </span>
            <span>
              {what}
              {by === 'git' && <span className="dimmed">, says git</span>}
              {note !== undefined && <span className="dimmed"> ({note})</span>}
            </span>
          </li>
        ))}
      </ol>
    </Section>
  );
}
