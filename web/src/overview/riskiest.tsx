import { Link } from '@tanstack/react-router';
import type { Overview } from '../../../src/contract/overview.ts';
import { changesHref } from '../changes/change-search.ts';
import { HostileText } from '../kit/hostile-text.tsx';
import { HrefLink } from '../kit/links.tsx';
import { Panel, Section } from '../kit/page.tsx';
import { type ActorClass, type Band, BandBadge, ClassBadge } from '../kit/signs.tsx';
import { Time } from '../kit/time.tsx';
import styles from './overview.module.css';

export function Riskiest({ items }: { readonly items: Overview['riskiest'] }) {
  return (
    <Section
      title="Riskiest changes that agents made"
      meta="newest ninety days with any"
      actions={<HrefLink href={changesHref({ class: ['ai', 'mixed'], sort: 'risk' })}>All by risk</HrefLink>}
    >
      <Panel flush={items.length > 0}>
        {items.length === 0 ? (
          <span className="dimmed">No change is known to be made by an agent.</span>
        ) : (
          <ul className={styles.list}>
            {items.map((item) => (
              <li key={`${item.repoId} ${item.changeId}`}>
                <span>
                  <BandBadge band={item.riskBand as Band} score={item.riskScore} />
                </span>
                <div>
                  <Link
                    to="/change"
                    search={{ repo: item.repoId, id: item.changeId }}
                    className={styles.title}
                  >
                    {item.number !== null && `#${item.number} `}
                    <HostileText text={item.title} limit={120} expandable={false} />
                  </Link>
                  {item.because !== null && (
                    <p>
                      <HostileText text={item.because} />
                    </p>
                  )}
                  <span className={styles.signs}>
                    <ClassBadge value={item.class as ActorClass} plain />
                    {item.agents.length > 0 && <HostileText text={item.agents.join(', ')} limit={80} />}
                    <HostileText text={item.repoId} limit={60} />
                  </span>
                </div>
                <span className="dimmed">
                  <Time at={item.mergedAt} />
                </span>
              </li>
            ))}
          </ul>
        )}
      </Panel>
    </Section>
  );
}
