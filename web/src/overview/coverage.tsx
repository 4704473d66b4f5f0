import type { Overview } from '../../../src/contract/overview.ts';
import { changesHref } from '../changes/change-search.ts';
import { HrefLink } from '../kit/links.tsx';
import { Num, Percent } from '../kit/num.tsx';
import { Panel, Section } from '../kit/page.tsx';
import { LevelLadder } from '../kit/signs.tsx';
import styles from './overview.module.css';

const levels = [5, 4, 3, 2, 1, 0, null] as const;

/** How well it is known who made the changes; levels without a change are shown too, for they are what is missing. */
export function Coverage({ changes }: { readonly changes: Overview['changes'] }) {
  const { total, byLevel, withModel, withSession } = changes;
  return (
    <Section title="Coverage of attribution" meta="how sure it is who or what made a change">
      <Panel>
        <div className={styles.levels}>
          {levels.map((level) => {
            const count = byLevel.find((item) => item.level === level)?.changes ?? 0;
            return (
              <div key={String(level)} className={styles.level}>
                <LevelLadder level={level} />
                <div className={styles.track} aria-hidden>
                  {count > 0 && (
                    <div
                      className={styles.fill}
                      data-none={level === null || undefined}
                      style={{ width: `${(count / total) * 100}%` }}
                    />
                  )}
                </div>
                {count === 0 ? <span className="dimmed">0</span> : <CountLink level={level} count={count} />}
              </div>
            );
          })}
        </div>
        <p className={styles.note}>
          A model is named for <Num value={withModel} /> of <Num value={total} /> changes (
          <Percent share={withModel / total} />
          ), a session for <Num value={withSession} /> (<Percent share={withSession / total} />
          ).
        </p>
      </Panel>
    </Section>
  );
}

function CountLink({ level, count }: { readonly level: (typeof levels)[number]; readonly count: number }) {
  const value = level === null ? 'none' : (`${level}` as const);
  return (
    <HrefLink href={changesHref({ level: [value] })}>
      <Num value={count} />
    </HrefLink>
  );
}
