import { Link } from '@tanstack/react-router';
import { Num, percentText } from '../kit/num.tsx';
import { ClassBadge } from '../kit/signs.tsx';
import classes from './repositories.module.css';

const names = ['human', 'ai', 'mixed', 'unknown'] as const;
type Counts = Readonly<Record<(typeof names)[number], number>>;

/** How many changes of each class, as a bar and in numbers that lead to the rows. */
export function ClassShares({ repoId, byClass }: { readonly repoId: string; readonly byClass: Counts }) {
  const total = names.reduce((sum, name) => sum + byClass[name], 0);
  if (total === 0) return null;
  return (
    <div className={classes.shares}>
      <div className={classes.bar} aria-hidden>
        {names.map((name) => (
          <i key={name} data-class={name} style={{ flexGrow: byClass[name] }} />
        ))}
      </div>
      <ul>
        {names
          .filter((name) => byClass[name] > 0)
          .map((name) => (
            <li key={name}>
              <Link to="/changes" search={{ repo: [repoId], class: [name] }}>
                <ClassBadge value={name} plain /> <Num value={byClass[name]} />
              </Link>{' '}
              <span className="dimmed">{percentText(byClass[name] / total)}</span>
            </li>
          ))}
      </ul>
    </div>
  );
}
