import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { apiQuery } from '../api/queries.ts';
import { ErrorState, LoadingBlock } from '../kit/states.tsx';
import type { ChangesSearch } from '../route-search.ts';
import { axisMarks, daysText } from './bar-words.ts';
import { changesHref, filterQuery, withSearch } from './change-search.ts';
import styles from './changes.module.css';
import { ClassBars } from './class-bars.tsx';
import { timeBars } from './time-bars.ts';

const maxBars = 90;
/** Up to here a range is drawn by days. */
const shortMs = 92 * 86_400_000;
const height = 56;

/** The selection over time; a bar narrows the dates to its own. */
export function ChangesTimeline({ search }: { readonly search: ChangesSearch }) {
  const query = { ...filterQuery(search), by: isShort(search) ? ('day' as const) : ('week' as const) };
  const timeline = useQuery({ ...apiQuery('getTimeline', { query }), placeholderData: keepPreviousData });
  if (timeline.error) return <ErrorState error={timeline.error} compact />;
  if (!timeline.data) return <LoadingBlock height={height + 86} />;
  const spans = timeBars(timeline.data, maxBars);
  if (spans.length === 0) return null;
  const bars = spans.map((span) => ({
    label: daysText(span),
    counts: span.counts,
    href: changesHref(withSearch(search, { from: span.from, to: span.to })),
  }));
  return (
    <div className={`${styles.strip} no-print`}>
      <ClassBars bars={bars} marks={axisMarks(spans, 7)} height={height} unit="Days" />
    </div>
  );
}

function isShort({ from, to }: ChangesSearch): boolean {
  return from !== undefined && to !== undefined && Date.parse(to) - Date.parse(from) <= shortMs;
}
