import { useState } from 'react';
import { plural } from '../../../src/core/sentence-parts.ts';
import { HostileText } from '../kit/hostile-text.tsx';
import styles from './change.module.css';

const shownEntries = 100;

/** Any JSON value, opened level by level; nothing of a closed branch is in the page. */
export function JsonTree({ value }: { readonly value: object }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: whoever scrolls by keyboard has to get into it
    <section className={styles.tree} tabIndex={0} aria-label="The record, readable">
      <Entries value={value} depth={0} />
    </section>
  );
}

function Entries({ value, depth }: { readonly value: object; readonly depth: number }) {
  const [count, setCount] = useState(shownEntries);
  const entries = Object.entries(value);
  return (
    <ul>
      {entries.slice(0, count).map(([name, child]: [string, unknown]) => (
        <li key={name}>
          {typeof child === 'object' && child !== null ? (
            <Branch name={name} value={child} depth={depth} />
          ) : (
            <>
              <Name name={name} />: <HostileText text={String(child)} mono limit={300} />
            </>
          )}
        </li>
      ))}
      {entries.length > count && (
        <li>
          <button type="button" className={styles.showAll} onClick={() => setCount(count * 4)}>
            Show more of {plural(entries.length, 'entry', 'entries')}
          </button>
        </li>
      )}
    </ul>
  );
}

function Branch({
  name,
  value,
  depth,
}: {
  readonly name: string;
  readonly value: object;
  readonly depth: number;
}) {
  const [isOpen, setOpen] = useState(depth < 1);
  const size = Object.keys(value).length;
  return (
    <details open={isOpen} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        <Name name={name} />{' '}
        <span className="dimmed">{Array.isArray(value) ? plural(size, 'item') : plural(size, 'field')}</span>
      </summary>
      {isOpen && <Entries value={value} depth={depth + 1} />}
    </details>
  );
}

function Name({ name }: { readonly name: string }) {
  return (
    <span className={styles.key}>
      <HostileText text={name} limit={60} expandable={false} />
    </span>
  );
}
