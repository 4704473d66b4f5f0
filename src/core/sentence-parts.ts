/** `1234567` → `1,234,567`, the same in every locale. */
export function count(value: number | bigint): string {
  return String(value).replace(/\B(?=(\d{3})+(?!\d))/g, ',');
}

/** `1 change`, `2 changes`; the plural is given where it is not the noun and an s. */
export function plural(value: number, noun: string, many = `${noun}s`): string {
  return `${count(value)} ${value === 1 ? noun : many}`;
}

/** `2026-03-04 17:05 UTC` of a moment in RFC 3339; seconds are for tables. */
export function utcMinute(at: string): string {
  return `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
