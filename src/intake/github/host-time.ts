/** Before there was a GitHub: what apps and old servers write where they have no time (`0001-01-01T00:00:00Z`). */
const earliestMs = Date.UTC(2000, 0, 1);
const latestMs = Date.UTC(9999, 11, 31);
const rfc3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:?\d\d)$/;

/**
 * A time of the host as RFC 3339 in UTC, seconds without a fraction where it is none: from RFC 3339 with any zone, or seconds since
 * 1970 (`pushed_at` of a push). Null for anything else.
 */
export function hostTime(given: string | number | null | undefined): string | null {
  const ms =
    typeof given === 'number'
      ? given * 1_000
      : typeof given === 'string' && rfc3339.test(given)
        ? Date.parse(given)
        : Number.NaN;
  if (!(ms >= earliestMs && ms <= latestMs)) return null;
  return new Date(ms).toISOString().replace('.000Z', 'Z');
}
