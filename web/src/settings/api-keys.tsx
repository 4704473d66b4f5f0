import { IconBan, IconCheck, IconClock } from '@tabler/icons-react';
import type { ResponseOf } from '../../../src/contract/api.ts';
import { useApi, useApiMutation } from '../api/queries.ts';
import { ConfirmButton } from '../kit/confirm-button.tsx';
import { type Column, DataTable } from '../kit/data-table.tsx';
import { HostileText } from '../kit/hostile-text.tsx';
import { Panel, Section } from '../kit/page.tsx';
import { Sign } from '../kit/signs.tsx';
import { EmptyState, Loaded, LoadingRows } from '../kit/states.tsx';
import { Time } from '../kit/time.tsx';
import { CreateKey } from './create-key.tsx';

type Key = ResponseOf<'listKeys'>['items'][number];

const named: Column<Key> = {
  id: 'name',
  header: 'Key',
  rowHeader: true,
  cell: ({ name, start, scopes }) => (
    <>
      <strong>
        <HostileText text={name} limit={80} />
      </strong>{' '}
      <span className="mono dimmed">
        <HostileText text={`${start}…`} />
      </span>
      <br />
      <span className="dimmed">
        <HostileText text={scopes.join(', ')} limit={120} />
      </span>
    </>
  ),
};
const who: Column<Key> = {
  id: 'who',
  header: 'Whose',
  width: '12rem',
  cell: ({ userName, userEmail }) => <HostileText text={userName || userEmail} limit={80} />,
};
const states: readonly Column<Key>[] = [
  { id: 'state', header: 'State', width: '7rem', cell: (key) => <KeySign item={key} /> },
  { id: 'used', header: 'Last used', width: '8rem', cell: ({ lastUsedAt }) => <Time at={lastUsedAt} /> },
  { id: 'until', header: 'Ends', width: '8rem', cell: ({ expiresAt }) => <Time at={expiresAt} /> },
];
const own: readonly Column<Key>[] = [
  named,
  ...states,
  { id: 'revoke', header: 'Revoke', width: '6rem', align: 'end', cell: (key) => <RevokeOwn item={key} /> },
];
const everybodys: readonly Column<Key>[] = [
  named,
  who,
  ...states,
  { id: 'revoke', header: 'Revoke', width: '6rem', align: 'end', cell: (key) => <RevokeAny item={key} /> },
];

export function OwnKeys() {
  const keys = useApi('listOwnKeys');
  return (
    <Section
      title="Your API keys"
      meta="For the command line and for machines; a key never does more than your role"
      id="keys"
    >
      <Panel>
        <Loaded query={keys} loading={<LoadingRows rows={2} height={52} />}>
          {({ items }) =>
            items.length === 0 ? (
              <EmptyState title="No key yet">
                <p>
                  A key lets a machine or the command line do, in your name, exactly what its scopes say until
                  it ends.
                </p>
              </EmptyState>
            ) : (
              <Table items={items} columns={own} caption="Your API keys" />
            )
          }
        </Loaded>
        <CreateKey />
      </Panel>
    </Section>
  );
}

export function EverybodysKeys() {
  const keys = useApi('listKeys');
  return (
    <Section title="Everybody’s API keys" id="all-keys">
      <Panel>
        <Loaded query={keys} loading={<LoadingRows rows={3} height={52} />}>
          {({ items }) =>
            items.length === 0 ? (
              <EmptyState title="No key yet">
                <p>
                  Keys of everybody appear here with their last use, so that forgotten ones can be revoked.
                </p>
              </EmptyState>
            ) : (
              <Table items={items} columns={everybodys} caption="API keys of everybody" />
            )
          }
        </Loaded>
      </Panel>
    </Section>
  );
}

function Table({
  items,
  columns,
  caption,
}: {
  readonly items: readonly Key[];
  readonly columns: readonly Column<Key>[];
  readonly caption: string;
}) {
  return (
    <DataTable
      caption={caption}
      columns={columns}
      rows={items}
      rowKey={({ id }) => id}
      rowTone={(key) => (isOver(key) ? 'dimmed' : undefined)}
    />
  );
}

function isOver({ revokedAt, expiresAt }: Key): boolean {
  return revokedAt !== null || Date.parse(expiresAt) <= Date.now();
}

function KeySign({ item }: { readonly item: Key }) {
  if (item.revokedAt !== null) {
    return (
      <Sign tone="grey" icon={IconBan} title={`Revoked at ${item.revokedAt}`}>
        Revoked
      </Sign>
    );
  }
  return isOver(item) ? (
    <Sign tone="grey" icon={IconClock}>
      Expired
    </Sign>
  ) : (
    <Sign tone="green" icon={IconCheck}>
      Active
    </Sign>
  );
}

function RevokeOwn({ item }: { readonly item: Key }) {
  const revoke = useApiMutation('revokeOwnKey', ['listOwnKeys', 'listKeys']);
  return (
    <Revoke
      item={item}
      action={revoke}
      revoke={(done) => revoke.mutate({ query: { id: item.id } }, { onSuccess: done })}
    />
  );
}

function RevokeAny({ item }: { readonly item: Key }) {
  const revoke = useApiMutation('revokeKey', ['listOwnKeys', 'listKeys']);
  return (
    <Revoke
      item={item}
      action={revoke}
      revoke={(done) => revoke.mutate({ query: { id: item.id } }, { onSuccess: done })}
    />
  );
}

function Revoke({
  item,
  action,
  revoke,
}: {
  readonly item: Key;
  readonly action: { readonly isPending: boolean; readonly error: unknown; readonly reset: () => void };
  readonly revoke: (done: () => void) => void;
}) {
  if (isOver(item)) return null;
  return (
    <ConfirmButton
      label="Revoke"
      ariaLabel={`Revoke the key ${item.name}`}
      title="Revoke this key?"
      confirm="Revoke the key"
      records={`That you revoked ${item.start}…`}
      action={action}
      onConfirm={revoke}
    >
      <p>
        Whatever uses <HostileText text={item.name} limit={80} /> is refused from its next request on. A
        revoked key cannot be brought back; it stays in this list.
      </p>
    </ConfirmButton>
  );
}
