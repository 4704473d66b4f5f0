import type { ReactNode } from 'react';
import classes from './outside.module.css';

/** The frame of the pages that need nobody to be signed in. */
export function Outside({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <main className={classes.outside}>
      <div className={classes.card}>
        <div className={classes.brand}>
          <img src="/icon.svg" alt="" width={28} height={28} />
          Reentry
        </div>
        <h1>{title}</h1>
        {children}
      </div>
    </main>
  );
}
