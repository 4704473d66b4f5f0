const lastSecond = 253_402_300_799;

/** Unix seconds as RFC 3339 in UTC; times that it cannot write are moved to its ends (years 1970 and 9999). */
export function rfc3339(seconds: number): string {
  const held = Math.min(lastSecond, Math.max(0, seconds));
  return `${new Date(held * 1_000).toISOString().slice(0, 19)}Z`;
}
