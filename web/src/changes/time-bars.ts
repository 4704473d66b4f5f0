import type { Timeline } from '../../../src/contract/changes.ts';

type Bucket = Timeline['buckets'][number];
export type ByClass = Omit<Bucket, 'start'>;

/** One bar over whole days, both included; the days of neighbouring bars touch. */
export interface TimeBar {
  readonly from: string;
  readonly to: string;
  readonly counts: ByClass;
}

/** How many buckets a bar may join: calendar-like steps, so that a bar's days are told easily. */
const joins = { day: [1, 7, 28, 91, 364], week: [1, 2, 4, 13, 26, 52], month: [1, 3, 6, 12, 24] } as const;
const dayMs = 86_400_000;

/**
 * A timeline as bars without holes, from the first bucket to the last: as many buckets are joined as keep them within `maxBars`. No
 * bucket is ever split, so a link with a bar's days leads to exactly the changes that it counts.
 */
export function timeBars({ by, buckets }: Timeline, maxBars: number): readonly TimeBar[] {
  const steps = buckets.map(({ start }) => stepOf(by, start));
  const first = Math.min(...steps);
  const last = Math.max(...steps);
  if (steps.length === 0) return [];
  const join = joins[by].find((size) => span(first, last, size) <= maxBars) ?? joins[by].at(-1) ?? 1;
  const bars = Array.from({ length: span(first, last, join) }, (_, at) => {
    const step = (Math.floor(first / join) + at) * join;
    return { from: dayOf(by, step), to: dayBefore(dayOf(by, step + join)), counts: { ...noChanges } };
  });
  buckets.forEach((bucket, at) => {
    const bar = bars[Math.floor((steps[at] ?? 0) / join) - Math.floor(first / join)];
    if (!bar) return;
    for (const name of classes) bar.counts[name] += bucket[name];
  });
  return bars;
}

export const classes = ['ai', 'mixed', 'human', 'unknown'] as const satisfies readonly (keyof ByClass)[];

export const noChanges: ByClass = { human: 0, ai: 0, mixed: 0, unknown: 0 };

export function totalOf(counts: ByClass): number {
  return classes.reduce((sum, name) => sum + counts[name], 0);
}

function span(first: number, last: number, join: number): number {
  return Math.floor(last / join) - Math.floor(first / join) + 1;
}

/** Days, weeks (from Monday, 5 January 1970) or months since the beginning of 1970. */
function stepOf(by: Timeline['by'], day: string): number {
  if (by === 'month') return (Number(day.slice(0, 4)) - 1970) * 12 + Number(day.slice(5, 7)) - 1;
  const days = Math.floor(Date.parse(`${day}T00:00:00Z`) / dayMs);
  return by === 'day' ? days : Math.floor((days - 4) / 7);
}

function dayOf(by: Timeline['by'], step: number): string {
  const ms = by === 'month' ? Date.UTC(1970, step, 1) : (by === 'day' ? step : step * 7 + 4) * dayMs;
  return new Date(ms).toISOString().slice(0, 10);
}

function dayBefore(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) - dayMs).toISOString().slice(0, 10);
}
