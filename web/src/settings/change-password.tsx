import { Button, Checkbox, PasswordInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { ask } from '../api/call.ts';
import { invalidate } from '../api/queries.ts';
import { NewPassword } from '../kit/new-password.tsx';
import { Panel, Section } from '../kit/page.tsx';
import { ErrorState } from '../kit/states.tsx';
import classes from './settings.module.css';

export function ChangePassword() {
  const client = useQueryClient();
  const [mistake, setMistake] = useState<string>();
  const change = useMutation({
    mutationFn: (passwords: object) => ask('POST', '/api/auth/change-password', passwords),
    onSuccess: () => invalidate(client, ['listOwnSessions', 'listSessions']),
  });
  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = event.currentTarget;
    const fields = new FormData(form);
    const newPassword = String(fields.get('new'));
    if (newPassword !== String(fields.get('again'))) return setMistake('The two new passwords differ.');
    setMistake(undefined);
    change.mutate(
      {
        currentPassword: String(fields.get('current')),
        newPassword,
        revokeOtherSessions: fields.get('others') === 'on',
      },
      { onSuccess: () => form.reset() },
    );
  }
  return (
    <Section title="Password" id="password">
      <Panel>
        <form className={classes.narrow} onSubmit={submit}>
          <PasswordInput
            name="current"
            label="Current password"
            autoComplete="current-password"
            required
            withAsterisk={false}
            visibilityToggleButtonProps={{ 'aria-label': 'Show or hide the current password' }}
          />
          <NewPassword name="new" label="New password" shown="new password" mistake={mistake} />
          <Checkbox name="others" size="xs" defaultChecked label="End my other sessions" />
          {change.error && <ErrorState error={change.error} />}
          <Button type="submit" variant="default" loading={change.isPending}>
            Change the password
          </Button>
          {change.isSuccess && <span role="status">The password is changed.</span>}
        </form>
      </Panel>
    </Section>
  );
}
