import { Button, Skeleton } from '@mantine/core';
import { IconAlertTriangle, IconRefresh } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { asProblem } from '../api/problem.ts';
import { HostileText } from './hostile-text.tsx';
import { Id } from './id.tsx';
import classes from './kit.module.css';

/** An empty page teaches: what appears here, why it is empty, the one action that fills it. */
export function EmptyState({
  title,
  children,
  action,
}: {
  readonly title: string;
  readonly children: ReactNode;
  readonly action?: ReactNode;
}) {
  return (
    <div className={classes.empty}>
      <h2>{title}</h2>
      <div className={classes.emptyWords}>{children}</div>
      {action}
    </div>
  );
}

/** What failed, which, what to do, with the code of the error table. `compact` for a part of a page. */
export function ErrorState({
  error,
  onRetry,
  compact = false,
}: {
  readonly error: unknown;
  readonly onRetry?: () => void;
  readonly compact?: boolean;
}) {
  const { title, detail, action, code, requestId, mistakes } = asProblem(error);
  return (
    <div className={classes.problem} data-compact={compact || undefined} role="alert">
      <IconAlertTriangle size={18} aria-hidden />
      <div>
        <strong>
          <HostileText text={detail || title} />
        </strong>
        {mistakes && (
          <ul>
            {mistakes.map(({ at, because }) => (
              <li key={`${at} ${because}`}>
                <HostileText text={`${at}: ${because}`} />
              </li>
            ))}
          </ul>
        )}
        <p>{action}</p>
        <p className={classes.problemFoot}>
          <span className="mono">{code}</span>
          {requestId !== '' && (
            <span>
              request <Id value={requestId} what="request id" />
            </span>
          )}
          {onRetry && (
            <Button
              size="compact-xs"
              variant="default"
              leftSection={<IconRefresh size={14} />}
              onClick={onRetry}
            >
              Try again
            </Button>
          )}
        </p>
      </div>
    </div>
  );
}

/** Grey lines where `rows` rows will stand, each `height` pixels high, so that nothing moves when they come. */
export function LoadingRows({ rows = 8, height = 36 }: { readonly rows?: number; readonly height?: number }) {
  return (
    <div role="status" aria-label="Loading">
      {Array.from({ length: rows }, (_, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: placeholders have no identity
        <div key={at} className={classes.loadingRow} style={{ height }}>
          <Skeleton height={12} width={`${92 - ((at * 37) % 40)}%`} radius="sm" />
        </div>
      ))}
    </div>
  );
}

/** A frame of a known height that will be filled. */
export function LoadingBlock({ height }: { readonly height: number | string }) {
  return (
    <div role="status" aria-label="Loading" className={classes.loadingBlock} style={{ height }}>
      <Skeleton height={12} width="42%" radius="sm" />
      <Skeleton height={12} width="68%" radius="sm" />
      <Skeleton height={12} width="55%" radius="sm" />
    </div>
  );
}

/** Waits for the first answer (or failure) of several queries, so that parts which stand below each other appear at once. */
export function Settled({
  queries,
  loading,
  children,
}: {
  readonly queries: readonly { readonly isPending: boolean }[];
  readonly loading: ReactNode;
  readonly children: ReactNode;
}) {
  return queries.some(({ isPending }) => isPending) ? loading : children;
}

interface Answer<Value> {
  readonly data: Value | undefined;
  readonly error: unknown;
  readonly refetch: () => unknown;
}

/** The three states of a query in one place; an answer that is there stays on the page while a newer one is asked for. */
export function Loaded<Value>({
  query,
  loading,
  children,
}: {
  readonly query: Answer<Value>;
  readonly loading: ReactNode;
  readonly children: (value: Value) => ReactNode;
}) {
  if (query.data !== undefined) return children(query.data);
  if (query.error) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
  return loading;
}
