import { Button, type ButtonProps, Modal } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import type { ReactNode } from 'react';
import classes from './kit.module.css';
import { RecordedAs } from './recorded-as.tsx';
import { ErrorState } from './states.tsx';

interface Action {
  readonly isPending: boolean;
  readonly error: unknown;
  readonly reset: () => void;
}

/** A button whose action ends something: first says what, and what will be recorded under whose name. */
export function ConfirmButton({
  label,
  ariaLabel,
  title,
  children,
  confirm,
  records,
  action,
  onConfirm,
  button,
}: {
  readonly label: ReactNode;
  /** Where several such buttons stand below each other: which one. */
  readonly ariaLabel?: string;
  readonly title: string;
  /** What it will do. */
  readonly children: ReactNode;
  /** The button's words inside, a verb: `Revoke the key`. */
  readonly confirm: string;
  /** `That you revoked it`. */
  readonly records: string;
  /** The mutation behind it. */
  readonly action: Action;
  readonly onConfirm: (done: () => void) => void;
  readonly button?: ButtonProps;
}) {
  const [isOpen, dialog] = useDisclosure(false, { onOpen: action.reset });
  return (
    <>
      <Button size="compact-xs" variant="default" aria-label={ariaLabel} onClick={dialog.open} {...button}>
        {label}
      </Button>
      <Modal
        opened={isOpen}
        onClose={dialog.close}
        title={<strong>{title}</strong>}
        closeButtonProps={{ 'aria-label': 'Close' }}
      >
        <div className={classes.confirmBody}>
          <div>{children}</div>
          <RecordedAs what={records} />
          {action.error ? <ErrorState error={action.error} /> : null}
          <div className={classes.confirmFoot}>
            <Button variant="default" onClick={dialog.close} data-autofocus>
              Cancel
            </Button>
            <Button color="red" loading={action.isPending} onClick={() => onConfirm(dialog.close)}>
              {confirm}
            </Button>
          </div>
        </div>
      </Modal>
    </>
  );
}
