import { storedText } from '../core/evidence/stored-text.ts';

/** One text per row or column as the database holds it, whatever order the columns came in. */
export function canonical(value: unknown): string {
  if (!isRow(value)) return JSON.stringify(stored(value)) ?? 'undefined';
  const names = Object.keys(value).sort();
  return JSON.stringify(names.map((name) => [name, stored(value[name])]));
}

/** Names of the columns in which `found` is not what `right` says, in words. */
export function differingColumns<Fields extends object>(right: Fields, found: Fields): string {
  const names = Object.keys(right) as (keyof Fields & string)[];
  return names.filter((name) => canonical(right[name]) !== canonical(found[name])).join(', ');
}

function isRow(value: unknown): value is Readonly<Record<string, unknown>> {
  return (
    typeof value === 'object' && value !== null && !(value instanceof Uint8Array) && !Array.isArray(value)
  );
}

function stored(value: unknown): unknown {
  if (typeof value === 'string') return storedText(value);
  if (Array.isArray(value)) return value.map(stored);
  return value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value;
}
