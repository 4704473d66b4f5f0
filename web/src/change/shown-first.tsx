import { type ReactNode, useState } from 'react';
import { plural } from '../../../src/core/sentence-parts.ts';
import styles from './change.module.css';

/** The first of many, and a button for the rest. */
export function ShownFirst<Item>({
  items,
  count,
  noun,
  render,
}: {
  readonly items: readonly Item[];
  readonly count: number;
  readonly noun: string;
  readonly render: (item: Item, at: number) => ReactNode;
}) {
  const [isAll, setAll] = useState(false);
  const shown = isAll ? items : items.slice(0, count);
  return (
    <>
      {shown.map(render)}
      {shown.length < items.length && (
        <button type="button" className={styles.showAll} onClick={() => setAll(true)}>
          Show {plural(items.length - shown.length, `more ${noun}`)}
        </button>
      )}
    </>
  );
}
