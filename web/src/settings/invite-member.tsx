import { Button, Select, TextInput } from '@mantine/core';
import type { FormEvent } from 'react';
import { roles } from '../../../src/core/access/permissions.ts';
import { useApiMutation } from '../api/queries.ts';
import { HostileText } from '../kit/hostile-text.tsx';
import { RecordedAs } from '../kit/recorded-as.tsx';
import { ShownOnce } from '../kit/shown-once.tsx';
import { ErrorState } from '../kit/states.tsx';
import { Time } from '../kit/time.tsx';
import classes from './settings.module.css';

/** Makes a one-time link; handing it over is left to the owner, since there is no mail here. */
export function InviteMember() {
  const invite = useApiMutation('inviteMember', ['listMembers']);
  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = event.currentTarget;
    const fields = new FormData(form);
    const role = roles.find((one) => one === fields.get('role'));
    if (!role) return;
    invite.mutate(
      { body: { email: String(fields.get('email')).trim(), role } },
      { onSuccess: () => form.reset() },
    );
  }
  return (
    <form className={classes.form} onSubmit={submit}>
      <h3>Invite somebody</h3>
      <div className={classes.row}>
        <TextInput
          name="email"
          type="email"
          label="E-mail"
          maxLength={254}
          autoComplete="off"
          required
          withAsterisk={false}
        />
        <Select name="role" label="Role" data={[...roles]} defaultValue="engineer" allowDeselect={false} />
        <Button type="submit" variant="default" loading={invite.isPending}>
          Make a link
        </Button>
      </div>
      <RecordedAs what="That you invited them, and as what," />
      {invite.error && <ErrorState error={invite.error} />}
      {invite.data && (
        <ShownOnce
          title={
            <>
              Link for <HostileText text={invite.data.email} limit={80} />, {invite.data.role}
            </>
          }
          secret={invite.data.link}
          onDone={invite.reset}
        >
          <p>
            It is shown this once. It works once, and ends <Time at={invite.data.expiresAt} />. Whoever has it
            comes in: hand it over on a way that only they read.
          </p>
        </ShownOnce>
      )}
    </form>
  );
}
