import type { ChangeDetail } from '../../../src/contract/changes.ts';
import type { ChangeStatement } from '../../../src/core/evidence/change-evidence.ts';
import { HostileText } from '../kit/hostile-text.tsx';
import { Section } from '../kit/page.tsx';
import { CaptureSign } from '../kit/signs.tsx';
import { Time } from '../kit/time.tsx';
import styles from './change.module.css';
import { momentsOf } from './moments.ts';

const sources = { git: 'git', host: 'the code host' } as const;

export function TimeLine({
  detail,
  statement,
}: {
  readonly detail: ChangeDetail;
  readonly statement: ChangeStatement;
}) {
  const lag = statement.predicate.capture.change.lagSeconds;
  const { capture } = detail.item;
  return (
    <Section
      title="Time line"
      id="time-line"
      meta={
        capture !== null && (
          <CaptureSign value={capture} {...(lag === null ? {} : { lag: lag * 1_000 })} plain />
        )
      }
    >
      <ol className={styles.timeline}>
        {momentsOf(detail, statement).map(({ id, at, what, who, by, note }) => (
          <li key={id} data-by={by}>
            <span className={styles.when}>
              <Time at={at} always="exact" />
            </span>
            <span>
              {what}
              {who !== undefined && (
                <>
                  {' '}
                  by <HostileText text={who} limit={60} />
                </>
              )}
              {by !== 'record' && <span className="dimmed">, says {sources[by]}</span>}
              {note !== undefined && <span className="dimmed"> ({note})</span>}
            </span>
          </li>
        ))}
      </ol>
    </Section>
  );
}
