import { IconCheck, IconCopy } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { copyText } from './copy.ts';
import classes from './kit.module.css';

/** An identifier in mono, shortened to `chars`; a click copies the whole of it. `what` names it for screen readers. */
export function Id({
  value,
  chars = 10,
  what = 'identifier',
}: {
  readonly value: string;
  readonly chars?: number;
  readonly what?: string;
}) {
  const [isCopied, copy] = useCopy();
  const short = value.length > chars + 1 ? `${value.slice(0, chars)}…` : value;
  return (
    <button
      type="button"
      className={classes.id}
      title={`${value}: click to copy`}
      aria-label={`Copy ${what} ${short}`}
      data-csv={value}
      onClick={() => copy(value)}
    >
      <bdi>{short}</bdi>
      <span className={classes.idMark} data-on={isCopied || undefined} aria-hidden>
        {isCopied ? <IconCheck size={12} /> : <IconCopy size={12} />}
      </span>
      <span className="visually-hidden" role="status">
        {isCopied ? 'copied' : ''}
      </span>
    </button>
  );
}

/** `[isCopied, copy]`; `isCopied` falls back after two seconds. */
export function useCopy(): readonly [isCopied: boolean, copy: (text: string) => void] {
  const [isCopied, setCopied] = useState(false);
  useEffect(() => {
    if (!isCopied) return;
    const timer = setTimeout(() => setCopied(false), 2_000);
    return () => clearTimeout(timer);
  }, [isCopied]);
  return [isCopied, (text) => void copyText(text).then(setCopied)];
}
