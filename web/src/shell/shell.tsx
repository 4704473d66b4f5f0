import { ActionIcon, Button } from '@mantine/core';
import { useDisclosure, useHotkeys } from '@mantine/hooks';
import {
  IconBinaryTree2,
  IconFileSearch,
  IconGitPullRequest,
  IconLayoutDashboard,
  IconLogout,
  IconMenu2,
  IconSearch,
  IconServer2,
  IconSettings,
  IconX,
} from '@tabler/icons-react';
import { Link, Outlet, useLocation } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import { useProfile } from '../api/queries.ts';
import { HostileText } from '../kit/hostile-text.tsx';
import { useTypedAhead } from '../palette/use-typed-ahead.ts';
import { SchemeButton } from './scheme-button.tsx';
import classes from './shell.module.css';
import { useSignOut } from './use-sign-out.ts';

const Palette = lazy(async () => ({ default: (await import('../palette/palette.tsx')).Palette }));

const pages = [
  { to: '/', words: 'Overview', icon: IconLayoutDashboard, exact: true },
  { to: '/changes', words: 'Changes', icon: IconGitPullRequest, exact: false },
  { to: '/repositories', words: 'Repositories', icon: IconServer2, exact: false },
  { to: '/log/{-$name}', words: 'Log', icon: IconBinaryTree2, exact: false },
  { to: '/verify', words: 'Verify', icon: IconFileSearch, exact: false },
  { to: '/settings', words: 'Settings', icon: IconSettings, exact: false },
] as const;

/** What stands around every page: navigation, search, who is signed in. */
export function Shell() {
  const [isOpen, menu] = useDisclosure(false);
  const palette = usePalette();
  const main = useRef<HTMLElement>(null);
  const announced = useNewPage(main, menu.close);
  return (
    <div className={classes.shell}>
      <a className={classes.skip} href="#main">
        Skip to the page
      </a>
      <header className={`${classes.side} no-print`}>
        <div className={classes.top}>
          <Link to="/" className={classes.brand}>
            <img src="/icon.svg" alt="" width={22} height={22} />
            Reentry
          </Link>
          <ActionIcon
            className={classes.searchIcon}
            variant="subtle"
            color="gray"
            aria-label="Search and commands"
            onClick={palette.open}
          >
            <IconSearch size={18} />
          </ActionIcon>
          <ActionIcon
            className={classes.burger}
            variant="subtle"
            color="gray"
            aria-label={isOpen ? 'Close the menu' : 'Open the menu'}
            aria-expanded={isOpen}
            aria-controls="menu"
            onClick={menu.toggle}
          >
            {isOpen ? <IconX size={20} /> : <IconMenu2 size={20} />}
          </ActionIcon>
        </div>
        <div id="menu" className={classes.menu} data-open={isOpen || undefined}>
          <Button
            className={classes.search}
            variant="default"
            size="xs"
            classNames={{ label: classes.searchWords }}
            leftSection={<IconSearch size={15} aria-hidden />}
            rightSection={<kbd className={classes.keys}>{commandKey} K</kbd>}
            onClick={palette.open}
          >
            Search
          </Button>
          <nav aria-label="Pages">
            <ul className={classes.nav}>
              {pages.map(({ to, words, icon: Icon, exact }) => (
                <li key={to}>
                  <Link
                    to={to}
                    className={classes.link}
                    activeOptions={{ exact, includeSearch: false }}
                    onClick={menu.close}
                  >
                    <Icon size={17} stroke={1.75} aria-hidden />
                    {words}
                  </Link>
                </li>
              ))}
            </ul>
          </nav>
          <Who />
        </div>
      </header>
      <main id="main" className={classes.main} ref={main} tabIndex={-1}>
        <Outlet />
      </main>
      <div className="visually-hidden" aria-live="polite">
        {announced}
      </div>
      {palette.isWanted && (
        <Suspense>
          <Palette takeTyped={palette.takeTyped} />
        </Suspense>
      )}
    </div>
  );
}

const commandKey = /Mac|iPhone|iPad/.test(navigator.userAgent) ? '⌘' : 'Ctrl';

/** The palette's code comes with its first use; from then on it listens for the key itself. */
function usePalette() {
  const [isWanted, setWanted] = useState(false);
  const { keepTyped, takeTyped } = useTypedAhead();
  function open() {
    if (isWanted) void import('../palette/palette.tsx').then(({ openPalette }) => openPalette());
    else keepTyped();
    setWanted(true);
  }
  useHotkeys(isWanted ? [] : [['mod+K', open]], []);
  return { isWanted, open, takeTyped };
}

/** After a move to another page: the focus starts there, and its title is said. */
function useNewPage(main: React.RefObject<HTMLElement | null>, onMove: () => void): string {
  const path = useLocation({ select: ({ pathname }) => pathname });
  const last = useRef(path);
  const [announced, setAnnounced] = useState('');
  useEffect(() => {
    if (last.current === path) return;
    last.current = path;
    onMove();
    main.current?.focus({ preventScroll: true });
    // The page names the window when it is drawn, which its code may still be on the way for.
    const timer = setTimeout(() => setAnnounced(document.title), 300);
    return () => clearTimeout(timer);
  }, [path, main, onMove]);
  return announced;
}

function Who() {
  const { data: profile } = useProfile();
  const signOut = useSignOut();
  return (
    <div className={classes.who}>
      <div className={classes.person}>
        {profile && (
          <>
            <span className={classes.name}>
              <HostileText text={profile.name} limit={60} expandable={false} />
            </span>
            <span className={classes.role}>{profile.role}</span>
          </>
        )}
      </div>
      <SchemeButton />
      <ActionIcon variant="subtle" color="gray" aria-label="Sign out" title="Sign out" onClick={signOut}>
        <IconLogout size={17} stroke={1.75} />
      </ActionIcon>
    </div>
  );
}
