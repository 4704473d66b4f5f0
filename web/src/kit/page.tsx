import { useDocumentTitle } from '@mantine/hooks';
import type { ReactNode } from 'react';
import classes from './kit.module.css';

/** The head of a page: names the window, holds the one `h1`, and what can be done here. */
export function PageHeader({
  title,
  heading,
  meta,
  actions,
}: {
  /** Plain words, for the window's title. */
  readonly title: string;
  /** Replaces the title in the page, where it has signs or hostile text in it. */
  readonly heading?: ReactNode;
  readonly meta?: ReactNode;
  readonly actions?: ReactNode;
}) {
  useDocumentTitle(`${title} · Reentry`);
  return (
    <header className={classes.pageHeader}>
      <div className={classes.pageWords}>
        <h1 tabIndex={-1}>{heading ?? title}</h1>
        {meta !== undefined && <div className={classes.pageMeta}>{meta}</div>}
      </div>
      {actions !== undefined && <div className={`${classes.actions} no-print`}>{actions}</div>}
    </header>
  );
}

/** A titled part of a page. */
export function Section({
  title,
  meta,
  actions,
  id,
  children,
}: {
  readonly title: string;
  readonly meta?: ReactNode;
  readonly actions?: ReactNode;
  /** For links to it. */
  readonly id?: string;
  readonly children: ReactNode;
}) {
  return (
    <section className={classes.section} id={id} aria-label={title}>
      <div className={classes.sectionHead}>
        <h2>{title}</h2>
        {meta !== undefined && <div className={classes.sectionMeta}>{meta}</div>}
        {actions !== undefined && <div className={`${classes.actions} no-print`}>{actions}</div>}
      </div>
      {children}
    </section>
  );
}

/** A framed surface. */
export function Panel({
  children,
  flush = false,
}: {
  readonly children: ReactNode;
  readonly flush?: boolean;
}) {
  return <div className={flush ? `${classes.panel} ${classes.flush}` : classes.panel}>{children}</div>;
}

/** Names and values in two columns; one below the other where it is narrow. */
export function KeyValue({
  items,
}: {
  readonly items: readonly (readonly [name: string, value: ReactNode])[];
}) {
  return (
    <dl className={classes.keyValue}>
      {items.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
