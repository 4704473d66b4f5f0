import { type ByClass, classes } from './time-bars.ts';

/** A part of a bar in pixels from the top of the plot. */
export interface BarPart {
  readonly name: keyof ByClass;
  readonly y: number;
  readonly height: number;
}

/** Marks of a scale that begins at zero: at most `marks` steps of 1, 2 or 5 times a power of ten, the last at or above `max`. */
export function scaleMarks(max: number, marks: number): readonly number[] {
  if (!(max > 0)) return [0, 1];
  const least = max / Math.max(1, marks);
  const power = 10 ** Math.floor(Math.log10(least));
  // Changes are counted in whole numbers.
  const step = Math.max(
    1,
    [1, 2, 5, 10].map((times) => times * power).find((size) => size >= least) ?? 10 * power,
  );
  return Array.from({ length: Math.ceil(max / step) + 1 }, (_, at) => at * step);
}

/**
 * A bar's parts, stacked from the bottom in the order of `classes`. What is not zero is at least one pixel high and so seen, and no
 * part lies outside of the plot.
 */
export function barParts(counts: ByClass, top: number, height: number): readonly BarPart[] {
  const shown = classes.filter((name) => counts[name] > 0);
  const raw = shown.map((name) => Math.max(1, (counts[name] / top) * height));
  const whole = raw.reduce((sum, part) => sum + part, 0);
  const shrink = whole > height ? height / whole : 1;
  let bottom = height;
  return shown.map((name, at) => {
    const part = (raw[at] ?? 0) * shrink;
    bottom -= part;
    return { name, y: bottom, height: part };
  });
}

/** The outlines of all bars' parts, class by class: each bar is one wide, and `height` is that of the plot. */
export function classOutlines(
  bars: readonly ByClass[],
  top: number,
  height: number,
): Readonly<Record<keyof ByClass, string>> {
  const outlines = { ai: '', mixed: '', human: '', unknown: '' };
  for (const [at, counts] of bars.entries()) {
    for (const part of barParts(counts, top, height)) {
      outlines[part.name] += `M${at + 0.08} ${part.y.toFixed(2)}h.84v${part.height.toFixed(2)}h-.84z`;
    }
  }
  return outlines;
}
