import { exact, fromNow } from './time-words.ts';

/** A moment: relative, with the exact time and zone on hover and in print. `always="exact"` shows the exact one. */
export function Time({
  at,
  always = 'relative',
}: {
  readonly at: string | null;
  readonly always?: 'relative' | 'exact';
}) {
  if (at === null) return <span className="dimmed">never</span>;
  const moment = new Date(at);
  if (Number.isNaN(moment.getTime())) return <span>{at}</span>;
  const precise = exact(moment);
  return always === 'exact' ? (
    <time className="nowrap" dateTime={at} data-csv={at} title={fromNow(moment, Date.now())}>
      {precise}
    </time>
  ) : (
    <time className="nowrap" dateTime={at} data-csv={at} title={precise} data-exact={precise}>
      {fromNow(moment, Date.now())}
    </time>
  );
}
