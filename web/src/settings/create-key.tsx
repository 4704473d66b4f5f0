import { Button, NativeSelect, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { grantableScopes, type Scope } from '../../../src/core/access/permissions.ts';
import { useApiMutation, useProfile } from '../api/queries.ts';
import { RecordedAs } from '../kit/recorded-as.tsx';
import { ShownOnce } from '../kit/shown-once.tsx';
import { ErrorState } from '../kit/states.tsx';
import { ScopeChoice } from './scope-choice.tsx';
import classes from './settings.module.css';

const lives = [
  { value: '7', label: '7 days' },
  { value: '30', label: '30 days' },
  { value: '90', label: '90 days' },
  { value: '365', label: '1 year' },
];

export function CreateKey() {
  const { data: profile } = useProfile();
  const create = useApiMutation('createOwnKey', ['listOwnKeys', 'listKeys']);
  const [scopes, setScopes] = useState<readonly Scope[]>([]);
  if (!profile) return null;
  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = event.currentTarget;
    const fields = new FormData(form);
    const name = String(fields.get('name')).trim();
    const expiresInDays = Number(fields.get('life'));
    create.mutate(
      { body: { name, scopes: [...scopes], expiresInDays } },
      {
        onSuccess: () => {
          form.reset();
          setScopes([]);
        },
      },
    );
  }
  return (
    <form className={classes.form} onSubmit={submit}>
      <h3>Make a key</h3>
      <div className={classes.row}>
        <TextInput
          name="name"
          label="What it is for"
          placeholder="CI of payments"
          maxLength={100}
          autoComplete="off"
          required
          withAsterisk={false}
        />
        <NativeSelect name="life" label="Ends after" data={lives} defaultValue="90" />
        <Button type="submit" variant="default" loading={create.isPending} disabled={scopes.length === 0}>
          Make the key
        </Button>
      </div>
      <ScopeChoice offered={grantableScopes(profile.role)} chosen={scopes} onChange={setScopes} />
      <RecordedAs what="That you made it, with its name and scopes," />
      {create.error && <ErrorState error={create.error} />}
      {create.data && (
        <ShownOnce title="Your new key" secret={create.data.secret} onDone={create.reset}>
          <p>
            It is shown this once; only its hash is kept here. Send it as{' '}
            <span className="mono">Authorization: Bearer …</span>, and keep it out of files that others read.
          </p>
        </ShownOnce>
      )}
    </form>
  );
}
