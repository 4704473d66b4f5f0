import type { ReactNode } from 'react';
import classes from './kit.module.css';

/** Links to pages that stand beside each other; the one that is shown has `aria-current`. */
export function Tabs({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    <nav className={`${classes.tabs} no-print`} aria-label={label}>
      {children}
    </nav>
  );
}
