import { count, plural } from '../../../src/core/sentence-parts.ts';
import type { ByClass, TimeBar } from './time-bars.ts';
import { totalOf } from './time-bars.ts';

const day = new Intl.DateTimeFormat('en', {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  timeZone: 'UTC',
});
const dayOfYear = new Intl.DateTimeFormat('en', { day: 'numeric', month: 'short', timeZone: 'UTC' });
const monthOfYear = new Intl.DateTimeFormat('en', { month: 'short', year: 'numeric', timeZone: 'UTC' });
/** From here on the day of a mark says less than its year. */
const longMs = 500 * 86_400_000;

/** `Jan 5 – 11, 2026`, as the days of a bar; one day by itself. */
export function daysText({ from, to }: Pick<TimeBar, 'from' | 'to'>): string {
  return from === to ? day.format(at(from)) : day.formatRange(at(from), at(to));
}

/** `12 changes: 5 AI, 7 human`. */
export function countsText(counts: ByClass): string {
  const total = totalOf(counts);
  const parts = (
    [
      ['ai', 'AI'],
      ['mixed', 'mixed'],
      ['human', 'human'],
      ['unknown', 'unknown'],
    ] as const
  )
    .filter(([name]) => counts[name] > 0)
    .map(([name, word]) => `${count(counts[name])} ${word}`);
  const changes = plural(total, 'change');
  return parts.length === 0 ? changes : `${changes}: ${parts.join(', ')}`;
}

export interface AxisMark {
  /** Number of the bar that it stands under. */
  readonly bar: number;
  readonly text: string;
}

/** At most `marks` beginnings of bars, evenly spread, none so near to the end that its words would stand out. */
export function axisMarks(bars: readonly Pick<TimeBar, 'from' | 'to'>[], marks: number): readonly AxisMark[] {
  const [first, last] = [bars[0], bars.at(-1)];
  if (!first || !last) return [];
  const format = at(last.to).getTime() - at(first.from).getTime() > longMs ? monthOfYear : dayOfYear;
  const step = Math.max(1, Math.ceil(bars.length / marks));
  return bars.flatMap(({ from }, bar) =>
    bar % step === 0 && bar <= bars.length - step / 2 ? [{ bar, text: format.format(at(from)) }] : [],
  );
}

function at(dayText: string): Date {
  return new Date(`${dayText}T00:00:00Z`);
}
