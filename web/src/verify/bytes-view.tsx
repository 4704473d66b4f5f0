import { useState } from 'react';
import type { BundleStep, NamedBytes } from '../../../src/core/evidence/bundle-step.ts';
import { bytesText } from '../kit/num.tsx';
import { hexOf, hexRows, shortHex } from './hex-dump.ts';
import styles from './verify.module.css';

const shownBytes = 24;
const firstRows = 32;
/** More than this is for a tool that reads the downloaded file. */
const mostRows = 4_096;

/** Everything that a step looked at, and what it computed from it. */
export function StepBytes({ step }: { readonly step: BundleStep }) {
  const isWrong = step.result === 'violated' && step.expected !== null;
  return (
    <>
      {step.inputs.map((input, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: two signatures have one label, and inputs never move
        <Bytes key={at} input={input} />
      ))}
      {step.levels.length > 0 && (
        <ol className={styles.levels} aria-label="Hashes from the leaf to the root">
          {step.levels.map(({ side, sibling, hash }, at) => (
            <li key={hexOf(hash)}>
              <span>level {at + 1}</span>
              <span className="dimmed">{side === 'left' ? 'hash before' : 'hash after'}</span>
              <span className="mono">{hexOf(sibling)}</span>
              <span className={`mono ${styles.result}`}>→ {hexOf(hash)}</span>
            </li>
          ))}
        </ol>
      )}
      <dl className={styles.values}>
        {step.computed && (
          <>
            <dt>computed here</dt>
            <dd className="mono" data-wrong={isWrong || undefined}>
              {hexOf(step.computed)}
            </dd>
          </>
        )}
        {step.expected && (
          <>
            <dt>has to be</dt>
            <dd className="mono">{hexOf(step.expected)}</dd>
          </>
        )}
      </dl>
    </>
  );
}

function Bytes({ input: { label, bytes } }: { readonly input: NamedBytes }) {
  const [isOpen, setOpen] = useState(false);
  const [rows, setRows] = useState(firstRows);
  const isMore = isOpen && rows * 16 < bytes.length && rows < mostRows;
  return (
    <>
      <dl className={styles.values}>
        <dt>{label}</dt>
        <dd>
          <span className="mono">{shortHex(bytes, shownBytes)}</span>{' '}
          <span className="dimmed">{bytesText(bytes.length)}</span>
        </dd>
      </dl>
      {bytes.length > shownBytes && (
        <details className={styles.bytes} onToggle={(event) => setOpen(event.currentTarget.open)}>
          <summary>bytes of the {label}</summary>
          {isOpen && (
            // biome-ignore lint/a11y/noNoninteractiveTabindex: whoever scrolls by keyboard has to get into it
            <pre className={`mono ${styles.dump}`} tabIndex={0}>
              {hexRows(bytes, rows).map(({ offset, hex, text }) => (
                <div key={offset}>
                  <span>{offset} </span>
                  {hex.padEnd(47)} <span>{text}</span>
                </div>
              ))}
            </pre>
          )}
          {isMore && (
            <button type="button" onClick={() => setRows(Math.min(mostRows, rows * 8))}>
              Show more of {bytesText(bytes.length)}
            </button>
          )}
        </details>
      )}
    </>
  );
}
