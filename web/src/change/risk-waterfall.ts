/** A factor on the way from the model's base to the log-odds; places are shares of the plot's width, from 0 to 1. */
export interface WaterfallStep<Factor> {
  readonly factor: Factor;
  readonly from: number;
  readonly to: number;
  /** Thousandths of a logit after this factor. */
  readonly sum: number;
}

export interface Waterfall<Factor> {
  readonly base: number;
  readonly end: number;
  readonly steps: readonly WaterfallStep<Factor>[];
  /** Base plus every contribution. */
  readonly sum: number;
}

/** Where each factor's bar begins and ends, in the given order; the plot spans all that the sum passes. */
export function waterfall<Factor extends { readonly contribution: number }>(
  base: number,
  factors: readonly Factor[],
): Waterfall<Factor> {
  let sum = base;
  const sums = factors.map(({ contribution }) => {
    sum += contribution;
    return sum;
  });
  const least = Math.min(base, ...sums);
  const width = Math.max(base, ...sums) - least || 1;
  const place = (value: number) => (value - least) / width;
  return {
    base: place(base),
    end: place(sum),
    steps: factors.map((factor, at) => {
      const after = sums[at] ?? base;
      return { factor, from: place(after - factor.contribution), to: place(after), sum: after };
    }),
    sum,
  };
}

/** A whole number of thousandths with its sign: `+412`, `−1,031`, `0`. */
export function signed(thousandths: number): string {
  const digits = String(Math.abs(thousandths)).replace(/\B(?=(\d{3})+$)/g, ',');
  if (thousandths === 0) return '0';
  return `${thousandths < 0 ? '−' : '+'}${digits}`;
}
