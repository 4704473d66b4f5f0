/** One measured figure against its limit. */
export interface Ratio {
  readonly name: string;
  readonly value: number;
  readonly limit: number;
  readonly unit: '×' | 'MB' | 'kB' | 'CLS';
  /** Both sides, in words. */
  readonly detail: string;
}

export function ratioLine({ name, value, limit, unit, detail }: Ratio): string {
  const sign = value <= limit ? 'ok  ' : 'OVER';
  return `${sign} ${name.padEnd(34)} ${value.toFixed(unit === 'MB' ? 0 : 2).padStart(6)} ${unit} (limit ${limit}) ${detail}`;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

export function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(2)} s`;
}
