import type { Overview } from '../../../src/contract/overview.ts';
import { HostileText } from '../kit/hostile-text.tsx';
import { HrefLink } from '../kit/links.tsx';
import { Num } from '../kit/num.tsx';
import { Panel, Section } from '../kit/page.tsx';
import { SeveritySign } from '../kit/signs.tsx';
import styles from './overview.module.css';

export function Attention({ items }: { readonly items: Overview['attention'] }) {
  return (
    <Section title="What needs attention" meta="worst first">
      <Panel flush={items.length > 0}>
        {items.length === 0 ? (
          <span className="dimmed">
            Nothing right now: no gaps, no contradictions, no critical change, and the logs were verified.
          </span>
        ) : (
          <ul className={styles.list}>
            {items.map(({ code, severity, title, detail, count, action }) => (
              <li key={code}>
                <span>
                  <SeveritySign value={severity} />
                </span>
                <div>
                  <span className={styles.title}>{title}</span>
                  {count !== null && (
                    <>
                      {': '}
                      <span className={styles.count}>
                        <Num value={count} />
                      </span>
                    </>
                  )}
                  <p>
                    <HostileText text={detail} />
                  </p>
                </div>
                <span className={styles.action}>
                  <HrefLink href={action.href}>{action.label}</HrefLink>
                </span>
              </li>
            ))}
          </ul>
        )}
      </Panel>
    </Section>
  );
}
