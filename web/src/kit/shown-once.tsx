import { Button } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useCopy } from './id.tsx';
import classes from './kit.module.css';

/** A secret that the server gives once and keeps no copy of. */
export function ShownOnce({
  title,
  secret,
  children,
  onDone,
}: {
  readonly title: ReactNode;
  readonly secret: string;
  readonly children: ReactNode;
  readonly onDone: () => void;
}) {
  const [isCopied, copy] = useCopy();
  return (
    <div className={classes.onceBox} role="status">
      <strong>{title}</strong>
      <div className={classes.onceValue}>
        <code>{secret}</code>
        <Button
          size="xs"
          onClick={() => copy(secret)}
          leftSection={isCopied ? <IconCheck size={15} aria-hidden /> : <IconCopy size={15} aria-hidden />}
        >
          {isCopied ? 'Copied' : 'Copy'}
        </Button>
        <Button size="xs" variant="default" onClick={onDone}>
          Done
        </Button>
      </div>
      <div>{children}</div>
    </div>
  );
}
