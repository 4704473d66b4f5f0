import { useQueries } from '@tanstack/react-query';
import { apiQuery, useCan, useProfile } from '../api/queries.ts';
import { PageHeader } from '../kit/page.tsx';
import { Loaded, LoadingRows, Settled } from '../kit/states.tsx';
import { EverybodysKeys, OwnKeys } from './api-keys.tsx';
import { Appearance } from './appearance.tsx';
import { CaptureList } from './capture-list.tsx';
import { ChangePassword } from './change-password.tsx';
import { Installation } from './installation.tsx';
import { Members } from './members.tsx';
import { EverybodysSessions, OwnSessions } from './sessions.tsx';
import classes from './settings.module.css';

/** How this installation is set up, who may come in, and the reader's own account. */
export function SettingsPage() {
  // What is shown depends on the role: nothing is drawn that would move when it is known.
  const profile = useProfile();
  return (
    <>
      <PageHeader title="Settings" />
      <Loaded query={profile} loading={<LoadingRows rows={12} />}>
        {() => <Parts />}
      </Loaded>
    </>
  );
}

const always = ['getSettings', 'listOwnSessions', 'listOwnKeys'] as const;

function Parts() {
  const canSeeMembers = useCan('read:member');
  const canSeeSessions = useCan('read:session');
  const canSeeKeys = useCan('read:api-key');
  const names = [
    ...always,
    ...(canSeeMembers ? (['listMembers'] as const) : []),
    ...(canSeeSessions ? (['listSessions'] as const) : []),
    ...(canSeeKeys ? (['listKeys'] as const) : []),
  ];
  const queries = useQueries({ queries: names.map((name) => apiQuery(name, {})) });
  const parts = [
    ['installation', 'Installation', true],
    ['capture', 'Capture', true],
    ['people', 'People and roles', canSeeMembers],
    ['sessions', 'Your sessions', true],
    ['keys', 'Your API keys', true],
    ['password', 'Password', true],
    ['appearance', 'Appearance', true],
    ['all-sessions', 'Everybody’s sessions', canSeeSessions],
    ['all-keys', 'Everybody’s API keys', canSeeKeys],
  ] as const;
  return (
    <div className={classes.page}>
      <nav className={`${classes.contents} no-print`} aria-label="Parts of the settings">
        <ul>
          {parts
            .filter(([, , isShown]) => isShown)
            .map(([id, words]) => (
              <li key={id}>
                <a href={`#${id}`}>{words}</a>
              </li>
            ))}
        </ul>
      </nav>
      <div className={classes.parts}>
        <Settled queries={queries} loading={<LoadingRows rows={12} />}>
          <Installation />
          <CaptureList />
          {canSeeMembers && <Members />}
          <OwnSessions />
          <OwnKeys />
          <ChangePassword />
          <Appearance />
          {canSeeSessions && <EverybodysSessions />}
          {canSeeKeys && <EverybodysKeys />}
        </Settled>
      </div>
    </div>
  );
}
