import type { Overview } from '../../../src/contract/overview.ts';
import { axisMarks, daysText } from '../changes/bar-words.ts';
import { changesHref } from '../changes/change-search.ts';
import { ClassBars } from '../changes/class-bars.tsx';
import { timeBars } from '../changes/time-bars.ts';
import { HrefLink } from '../kit/links.tsx';
import { Num } from '../kit/num.tsx';
import { Panel, Section } from '../kit/page.tsx';
import { type Band, BandBadge } from '../kit/signs.tsx';
import styles from './overview.module.css';

const maxBars = 80;
const bands = ['low', 'medium', 'high', 'critical'] as const;
/** Scores from which on a band counts (docs/risk-model.md). */
const bandStarts: Readonly<Record<Band, number>> = { low: 0, medium: 50, high: 80, critical: 95 };

export function ChangesOverTime({ timeline }: { readonly timeline: Overview['timeline'] }) {
  const spans = timeBars(timeline, maxBars);
  const bars = spans.map((span) => ({
    label: daysText(span),
    counts: span.counts,
    href: changesHref({ from: span.from, to: span.to }),
  }));
  return (
    <Section title="Changes over time" meta="by who made them; each bar leads to its changes">
      <Panel>
        <ClassBars bars={bars} marks={axisMarks(spans, 7)} height={150} unit="Days" />
      </Panel>
    </Section>
  );
}

export function RiskDistribution({
  distribution,
  byBand,
}: {
  readonly distribution: Overview['distribution'];
  readonly byBand: Overview['changes']['byBand'];
}) {
  const bars = distribution.buckets.map(({ from, to, ...counts }) => ({
    label: `Score ${from} to ${to} (${bandOf(from)})`,
    counts,
    href: changesHref({ band: [bandOf(from)], sort: 'risk' }),
  }));
  const marks = bands.map((band) => ({
    bar: distribution.buckets.findIndex(({ from }) => bandOf(from) === band),
    text: band === 'critical' ? '' : `${bandStarts[band]} ${band}`,
  }));
  return (
    <Section title="Risk" meta="score: a rank, not a probability">
      <Panel>
        <ul className={styles.bands}>
          {bands.map((band) => (
            <li key={band}>
              <BandBadge band={band} plain />
              <HrefLink href={changesHref({ band: [band], sort: 'risk' })}>
                <Num value={byBand[band]} />
              </HrefLink>
            </li>
          ))}
        </ul>
        <ClassBars bars={bars} marks={marks.filter(({ bar }) => bar >= 0)} height={120} unit="Score" />
      </Panel>
    </Section>
  );
}

function bandOf(score: number): Band {
  return bands.findLast((band) => score >= bandStarts[band]) ?? 'low';
}
