import { count } from '../../../src/core/sentence-parts.ts';

const sizes = ['bytes', 'kB', 'MB', 'GB', 'TB'] as const;

export function Num({ value }: { readonly value: number }) {
  return (
    <span className="nowrap" data-csv={value}>
      {count(value)}
    </span>
  );
}

/** A share of 0 to 1 in per cent; what is neither nothing nor all never rounds to it. */
export function Percent({ share }: { readonly share: number }) {
  return <span className="nowrap">{percentText(share)}</span>;
}

export function percentText(share: number): string {
  const percent = share * 100;
  if (percent > 0 && percent < 1) return '< 1 %';
  if (percent > 99 && percent < 100) return '> 99 %';
  return `${Math.round(percent)} %`;
}

export function bytesText(bytes: number): string {
  const step = Math.min(sizes.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  const value = bytes / 1_000 ** step;
  return `${value >= 100 || step === 0 ? Math.round(value) : value.toFixed(1)} ${sizes[step]}`;
}
