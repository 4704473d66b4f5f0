import type { ResponseOf } from '../../../src/contract/api.ts';
import { useApi, useApiMutation } from '../api/queries.ts';
import { ConfirmButton } from '../kit/confirm-button.tsx';
import { type Column, DataTable } from '../kit/data-table.tsx';
import { HostileText } from '../kit/hostile-text.tsx';
import { Panel, Section } from '../kit/page.tsx';
import { Loaded, LoadingRows } from '../kit/states.tsx';
import { Time } from '../kit/time.tsx';
import { addressWords, browserWords } from './browser-words.ts';

type Session = ResponseOf<'listSessions'>['items'][number];

const where: Column<Session> = {
  id: 'where',
  header: 'Where',
  rowHeader: true,
  cell: ({ userAgent, address, current }) => (
    <>
      <span title={userAgent?.slice(0, 300)}>{browserWords(userAgent)}</span>
      {current && <strong> (this one)</strong>}
      <br />
      <span className="dimmed">
        <HostileText text={addressWords(address)} limit={80} />
      </span>
    </>
  ),
};
const who: Column<Session> = {
  id: 'who',
  header: 'Who',
  width: '14rem',
  cell: ({ userName, userEmail }) => (
    <>
      <HostileText text={userName} limit={80} />
      <br />
      <span className="dimmed">
        <HostileText text={userEmail} limit={100} />
      </span>
    </>
  ),
};
const times: readonly Column<Session>[] = [
  {
    id: 'since',
    header: 'Signed in',
    width: '8.5rem',
    wideOnly: true,
    cell: ({ createdAt }) => <Time at={createdAt} />,
  },
  { id: 'seen', header: 'Last seen', width: '8.5rem', cell: ({ lastSeenAt }) => <Time at={lastSeenAt} /> },
  { id: 'until', header: 'Ends', width: '7rem', cell: ({ expiresAt }) => <Time at={expiresAt} /> },
];
const own: readonly Column<Session>[] = [
  where,
  ...times,
  { id: 'end', header: 'End', width: '5rem', align: 'end', cell: (session) => <EndOwn session={session} /> },
];
const everybodys: readonly Column<Session>[] = [
  where,
  who,
  ...times,
  { id: 'end', header: 'End', width: '5rem', align: 'end', cell: (session) => <EndAny session={session} /> },
];

export function OwnSessions() {
  const sessions = useApi('listOwnSessions');
  return (
    <Section
      title="Your sessions"
      meta="Where you are signed in; end those that you do not know"
      id="sessions"
    >
      <Panel>
        <Loaded query={sessions} loading={<LoadingRows rows={2} height={52} />}>
          {({ items }) => (
            <DataTable caption="Your sessions" columns={own} rows={items} rowKey={({ id }) => id} />
          )}
        </Loaded>
      </Panel>
    </Section>
  );
}

export function EverybodysSessions() {
  const sessions = useApi('listSessions');
  return (
    <Section title="Everybody’s sessions" id="all-sessions">
      <Panel>
        <Loaded query={sessions} loading={<LoadingRows rows={3} height={52} />}>
          {({ items }) => (
            <DataTable
              caption="Sessions of everybody"
              columns={everybodys}
              rows={items}
              rowKey={({ id }) => id}
            />
          )}
        </Loaded>
      </Panel>
    </Section>
  );
}

function EndOwn({ session }: { readonly session: Session }) {
  const end = useApiMutation('revokeOwnSession', ['listOwnSessions', 'listSessions', 'getProfile']);
  return (
    <End
      session={session}
      action={end}
      end={(done) => end.mutate({ query: { id: session.id } }, { onSuccess: done })}
    />
  );
}

function EndAny({ session }: { readonly session: Session }) {
  const end = useApiMutation('revokeSession', ['listOwnSessions', 'listSessions', 'getProfile']);
  return (
    <End
      session={session}
      action={end}
      end={(done) => end.mutate({ query: { id: session.id } }, { onSuccess: done })}
    />
  );
}

function End({
  session,
  action,
  end,
}: {
  readonly session: Session;
  readonly action: { readonly isPending: boolean; readonly error: unknown; readonly reset: () => void };
  readonly end: (done: () => void) => void;
}) {
  const browser = browserWords(session.userAgent);
  return (
    <ConfirmButton
      label="End"
      ariaLabel={`End the session of ${session.userName} in ${browser}`}
      title="End this session?"
      confirm="End the session"
      records="That you ended it"
      action={action}
      onConfirm={end}
    >
      <p>
        {session.current
          ? 'This is the session that you are using: you will have to sign in again.'
          : `Whoever uses ${browser} there has to sign in again.`}
      </p>
    </ConfirmButton>
  );
}
