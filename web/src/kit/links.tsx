import { Button } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useRouter } from '@tanstack/react-router';
import type { MouseEvent, ReactNode } from 'react';

/** A link to an address that the server gave (`/changes?class=ai`), followed without loading the page anew. */
export function HrefLink({
  href,
  className,
  tabIndex,
  children,
}: {
  readonly href: string;
  readonly className?: string;
  /** -1 where the same link stands elsewhere for the keyboard, as in a chart with a table. */
  readonly tabIndex?: number;
  readonly children: ReactNode;
}) {
  const router = useRouter();
  // Anything but a path of ours is shown as words: an address from outside is never a link to elsewhere by accident.
  if (!/^\/(?!\/)/.test(href)) return <span className={className}>{children}</span>;
  function follow(event: MouseEvent) {
    if (event.defaultPrevented || event.button !== 0) return;
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    router.history.push(href);
  }
  return (
    <a href={href} className={className} tabIndex={tabIndex} onClick={follow}>
      {children}
    </a>
  );
}

/** A link to a page elsewhere (a forge); anything but http and https is words only. */
export function OutsideLink({ href, children }: { readonly href: string; readonly children: ReactNode }) {
  if (!/^https?:\/\//i.test(href)) return <span>{children}</span>;
  return (
    <a href={href} target="_blank" rel="noopener noreferrer nofollow">
      {children}
    </a>
  );
}

/** Downloads a file of the server. */
export function DownloadButton({
  href,
  children,
  filename,
}: {
  readonly href: string;
  readonly children: ReactNode;
  /** Only for files made here; the server names its own. */
  readonly filename?: string;
}) {
  return (
    <Button
      component="a"
      href={href}
      download={filename ?? ''}
      size="xs"
      variant="default"
      leftSection={<IconDownload size={15} aria-hidden />}
    >
      {children}
    </Button>
  );
}

/** `href` from `fileHref('exportChanges', …)`. */
export function CsvButton({ href, label = 'CSV' }: { readonly href: string; readonly label?: string }) {
  return <DownloadButton href={href}>{label}</DownloadButton>;
}
