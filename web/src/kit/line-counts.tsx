import classes from './kit.module.css';
import { Num } from './num.tsx';

/** Lines added and deleted: `+12 −3`, one green, one red. */
export function LineCounts({
  additions,
  deletions,
}: {
  readonly additions: number;
  readonly deletions: number;
}) {
  return (
    <>
      <span className={classes.plus}>
        +<Num value={additions} />
      </span>{' '}
      <span className={classes.minus}>
        −<Num value={deletions} />
      </span>
    </>
  );
}
