import { type PointerEvent, useId, useState } from 'react';
import { count } from '../../../src/core/sentence-parts.ts';
import { HrefLink } from '../kit/links.tsx';
import { type AxisMark, countsText } from './bar-words.ts';
import styles from './class-bars.module.css';
import { classOutlines, scaleMarks } from './stacked-bars.ts';
import { type ByClass, classes, totalOf } from './time-bars.ts';

export interface ClassBar {
  /** What it counts, in words. */
  readonly label: string;
  readonly counts: ByClass;
  /** The rows behind it. */
  readonly href: string;
}

const names: Readonly<Record<keyof ByClass, string>> = {
  ai: 'AI',
  mixed: 'Mixed',
  human: 'Human',
  unknown: 'Unknown',
};

/**
 * Stacked bars by class. Mixed is striped and unknown is hollow, so that colour is not all that tells them apart; the table below
 * says the same for whoever cannot see the picture.
 */
export function ClassBars({
  bars,
  marks,
  height,
  unit,
}: {
  readonly bars: readonly ClassBar[];
  readonly marks: readonly AxisMark[];
  readonly height: number;
  /** Head of the table's first column. */
  readonly unit: string;
}) {
  const [pointedAt, setPointedAt] = useState(-1);
  const pointed = bars[pointedAt];
  const stripes = useId();
  const scale = scaleMarks(Math.max(...bars.map(({ counts }) => totalOf(counts))), 4);
  const top = scale.at(-1) ?? 1;
  const step = 100 / bars.length;
  function point({ currentTarget, clientX }: PointerEvent<SVGSVGElement>) {
    const { left, width } = currentTarget.getBoundingClientRect();
    setPointedAt(Math.floor(((clientX - left) / width) * bars.length));
  }
  return (
    <figure className={styles.figure}>
      <figcaption className={styles.reading}>
        <span>{pointed ? `${pointed.label}: ${countsText(pointed.counts)}` : countsText(sumOf(bars))}</span>
        <Legend stripes={stripes} />
      </figcaption>
      <div className={styles.plot}>
        <div className={styles.scale} aria-hidden>
          {scale.map((mark) => (
            <span key={mark} style={{ bottom: `${(mark / top) * 100}%` }}>
              {count(mark)}
            </span>
          ))}
        </div>
        {/* The bar under the pointer is a link; as many as there are bars would be most of the page. */}
        <svg
          className={styles.bars}
          height={height}
          aria-hidden
          onPointerMove={point}
          onPointerDown={point}
          onPointerLeave={() => setPointedAt(-1)}
        >
          <title>Changes by class; the table below has the numbers</title>
          <Stripes id={stripes} />
          {scale.map((mark) => (
            <line
              key={mark}
              className={styles.grid}
              x1="0"
              x2="100%"
              y1={height - (mark / top) * height}
              y2={height - (mark / top) * height}
            />
          ))}
          <Parts bars={bars} top={top} height={height} stripes={stripes} />
          {pointed && (
            <HrefLink href={pointed.href} className={styles.bar} tabIndex={-1}>
              <rect x={`${pointedAt * step}%`} width={`${step}%`} height={height} />
            </HrefLink>
          )}
        </svg>
        <div className={styles.axis} aria-hidden>
          {marks.map(({ bar, text }) => (
            <span key={bar} style={{ left: `${bar * step}%` }}>
              {text}
            </span>
          ))}
        </div>
      </div>
      <NumbersTable bars={bars} unit={unit} />
    </figure>
  );
}

function Parts({
  bars,
  top,
  height,
  stripes,
}: {
  readonly bars: readonly ClassBar[];
  readonly top: number;
  readonly height: number;
  readonly stripes: string;
}) {
  const clip = useId();
  const counts = bars.map((bar) => bar.counts);
  const { mixed, ...plain } = classOutlines(counts, top, height);
  return (
    <g pointerEvents="none">
      <svg viewBox={`0 0 ${bars.length} ${height}`} height={height} preserveAspectRatio="none">
        <title>Bars</title>
        <path className={styles.ai} d={plain.ai} />
        <path className={styles.human} d={plain.human} />
        <path className={styles.unknown} d={plain.unknown} />
      </svg>
      {/* Cut out of stripes, which would be stretched with the outline. */}
      <clipPath id={clip} clipPathUnits="objectBoundingBox">
        <path d={mixed} transform={`scale(${1 / bars.length} ${1 / height})`} />
      </clipPath>
      <rect width="100%" height={height} fill={`url(#${stripes})`} clipPath={`url(#${clip})`} />
    </g>
  );
}

function Stripes({ id }: { readonly id: string }) {
  return (
    <defs>
      <pattern id={id} width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
        <rect className={styles.mixedGround} width="6" height="6" />
        <line className={styles.mixedLine} y2="6" />
      </pattern>
    </defs>
  );
}

function Legend({ stripes }: { readonly stripes: string }) {
  return (
    <ul className={styles.legend}>
      {classes.map((name) => (
        <li key={name}>
          <svg width="10" height="10" aria-hidden>
            <title>{names[name]}</title>
            <rect
              className={styles[name]}
              fill={name === 'mixed' ? `url(#${stripes})` : undefined}
              width="10"
              height="10"
            />
          </svg>
          {names[name]}
        </li>
      ))}
    </ul>
  );
}

function NumbersTable({ bars, unit }: { readonly bars: readonly ClassBar[]; readonly unit: string }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <details className={styles.table} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>The same as a table</summary>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: whoever scrolls by keyboard has to get into it */}
      <section className={styles.scroll} tabIndex={0} aria-label="Numbers of the chart">
        {isOpen && (
          <table>
            <thead>
              <tr>
                <th scope="col">{unit}</th>
                {classes.map((name) => (
                  <th key={name} scope="col">
                    {names[name]}
                  </th>
                ))}
                <th scope="col">All</th>
              </tr>
            </thead>
            <tbody>
              {bars
                .filter(({ counts }) => totalOf(counts) > 0)
                .map(({ label, counts, href }) => (
                  <tr key={label}>
                    <th scope="row">
                      <HrefLink href={href}>{label}</HrefLink>
                    </th>
                    {classes.map((name) => (
                      <td key={name}>{count(counts[name])}</td>
                    ))}
                    <td>{count(totalOf(counts))}</td>
                  </tr>
                ))}
            </tbody>
          </table>
        )}
      </section>
    </details>
  );
}

function sumOf(bars: readonly ClassBar[]): ByClass {
  const sum = { human: 0, ai: 0, mixed: 0, unknown: 0 };
  for (const { counts } of bars) for (const name of classes) sum[name] += counts[name];
  return sum;
}
