const units = [
  ['year', 31_557_600_000],
  ['month', 2_629_800_000],
  ['week', 604_800_000],
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1_000],
] as const;

/** `3 days`, `1 hour`: the largest unit that fits a duration in milliseconds. */
export function relative(durationMs: number): string {
  const size = Math.abs(durationMs);
  const [unit, length] = units.find(([, ms]) => size >= ms) ?? ['second', 1_000];
  const count = Math.floor(size / length);
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}

/** `3 days ago`, `in 2 hours`, `just now`. */
export function fromNow(at: Date, now: number): string {
  const distance = at.getTime() - now;
  if (Math.abs(distance) < 5_000) return 'just now';
  return distance < 0 ? `${relative(distance)} ago` : `in ${relative(distance)}`;
}

/** `2026-03-04 17:05:09 UTC+1`: the reader's own zone, always named. */
export function exact(at: Date): string {
  const two = (value: number) => String(value).padStart(2, '0');
  const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  const clock = `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
  return `${day} ${clock} ${zoneOf(at)}`;
}

function zoneOf(at: Date): string {
  const minutes = -at.getTimezoneOffset();
  if (minutes === 0) return 'UTC';
  const size = Math.abs(minutes);
  const rest = size % 60 === 0 ? '' : `:${String(size % 60).padStart(2, '0')}`;
  return `UTC${minutes < 0 ? '−' : '+'}${Math.floor(size / 60)}${rest}`;
}
