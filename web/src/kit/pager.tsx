import { Button } from '@mantine/core';
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react';
import classes from './kit.module.css';
import { Num } from './num.tsx';

/** `51 to 100 of 12,345`, and the way to both sides; a missing way is a disabled button, so that nothing moves. */
export function Pager({
  offset,
  shown,
  total,
  onPrevious,
  onNext,
}: {
  readonly offset?: number;
  readonly shown: number;
  readonly total?: number;
  readonly onPrevious?: () => void;
  readonly onNext?: () => void;
}) {
  return (
    <nav className={`${classes.pager} no-print`} aria-label="Pages of this list">
      <span className="dimmed">
        {offset !== undefined && shown > 0 && (
          <>
            <Num value={offset + 1} /> to <Num value={offset + shown} />
          </>
        )}
        {total !== undefined && (
          <>
            {' '}
            of <Num value={total} />
          </>
        )}
      </span>
      <Button.Group>
        <Button
          size="xs"
          variant="default"
          disabled={!onPrevious}
          onClick={onPrevious}
          leftSection={<IconChevronLeft size={15} aria-hidden />}
        >
          Previous
        </Button>
        <Button
          size="xs"
          variant="default"
          disabled={!onNext}
          onClick={onNext}
          rightSection={<IconChevronRight size={15} aria-hidden />}
        >
          Next
        </Button>
      </Button.Group>
    </nav>
  );
}
