import { Select } from '@mantine/core';
import { IconMail, IconUserCheck } from '@tabler/icons-react';
import type { ResponseOf } from '../../../src/contract/api.ts';
import { roles } from '../../../src/core/access/permissions.ts';
import { useApi, useApiMutation, useCan, useProfile } from '../api/queries.ts';
import { ConfirmButton } from '../kit/confirm-button.tsx';
import { type Column, DataTable } from '../kit/data-table.tsx';
import { HostileText } from '../kit/hostile-text.tsx';
import { Panel, Section } from '../kit/page.tsx';
import { roleWords } from '../kit/role-words.ts';
import { Sign } from '../kit/signs.tsx';
import { ErrorState, Loaded, LoadingRows } from '../kit/states.tsx';
import { Time } from '../kit/time.tsx';
import { InviteMember } from './invite-member.tsx';
import classes from './settings.module.css';

type Member = ResponseOf<'listMembers'>['items'][number];

export function Members() {
  const members = useApi('listMembers');
  const canInvite = useCan('create:member');
  return (
    <Section title="People and roles" id="people">
      <Panel>
        <Loaded query={members} loading={<LoadingRows rows={3} />}>
          {({ items }) => (
            <DataTable
              caption="People and their roles"
              columns={columns}
              rows={items}
              rowKey={({ id }) => id}
            />
          )}
        </Loaded>
        <ul className={classes.roles}>
          {roles.map((role) => (
            <li key={role}>
              <strong>{role}</strong> {roleWords[role]}
            </li>
          ))}
        </ul>
        {canInvite && <InviteMember />}
      </Panel>
    </Section>
  );
}

const columns: readonly Column<Member>[] = [
  {
    id: 'who',
    header: 'Who',
    rowHeader: true,
    cell: ({ name, email }) => (
      <>
        {name !== '' && (
          <>
            <strong>
              <HostileText text={name} limit={80} />
            </strong>
            <br />
          </>
        )}
        <span className="dimmed">
          <HostileText text={email} limit={100} />
        </span>
      </>
    ),
  },
  {
    id: 'state',
    header: 'State',
    width: '7.5rem',
    cell: ({ state }) =>
      state === 'active' ? (
        <Sign tone="green" icon={IconUserCheck}>
          Active
        </Sign>
      ) : (
        <Sign tone="blue" icon={IconMail}>
          Invited
        </Sign>
      ),
  },
  { id: 'role', header: 'Role', width: '9.5rem', cell: (member) => <RoleChoice member={member} /> },
  { id: 'seen', header: 'Last seen', width: '8.5rem', cell: ({ lastSeenAt }) => <Time at={lastSeenAt} /> },
  {
    id: 'remove',
    header: 'Remove',
    width: '6rem',
    align: 'end',
    cell: (member) => <Remove member={member} />,
  },
];

function RoleChoice({ member }: { readonly member: Member }) {
  const canChange = useCan('update:member');
  const change = useApiMutation('updateMember', ['listMembers', 'getProfile']);
  if (!canChange) return member.role;
  return (
    <>
      <Select
        size="xs"
        aria-label={`Role of ${member.name || member.email}`}
        title="A change is recorded in the events log under your name"
        data={[...roles]}
        value={change.isPending ? (change.variables?.body.role ?? member.role) : member.role}
        allowDeselect={false}
        comboboxProps={{ withinPortal: true }}
        onChange={(value) => {
          const role = roles.find((one) => one === value);
          if (role && role !== member.role) change.mutate({ query: { id: member.id }, body: { role } });
        }}
      />
      {change.error && <ErrorState error={change.error} compact />}
    </>
  );
}

function Remove({ member }: { readonly member: Member }) {
  const canRemove = useCan('delete:member');
  const { data: profile } = useProfile();
  const remove = useApiMutation('removeMember', ['listMembers', 'listSessions', 'listKeys']);
  if (!canRemove || member.id === profile?.id)
    return <span className="dimmed">{canRemove ? 'you' : ''}</span>;
  const who = member.name || member.email;
  return (
    <ConfirmButton
      label="Remove"
      ariaLabel={`Remove ${who}`}
      title="Remove this person?"
      confirm="Remove"
      records={`That you removed ${member.email}`}
      action={remove}
      onConfirm={(done) => remove.mutate({ query: { id: member.id } }, { onSuccess: done })}
    >
      <p>
        <HostileText text={who} limit={80} /> is signed out everywhere, and their API keys and unused links
        end at once. What they did here stays in the log.
      </p>
    </ConfirmButton>
  );
}
