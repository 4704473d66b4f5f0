import { Button, TextInput } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useRouter } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { ask } from '../api/call.ts';
import { NewPassword } from '../kit/new-password.tsx';
import { roleWords } from '../kit/role-words.ts';
import { ErrorState, LoadingBlock } from '../kit/states.tsx';
import classes from './outside.module.css';
import { Outside } from './outside.tsx';
import { takeToken } from './take-token.ts';

interface Invitation {
  readonly role: 'owner' | 'engineer' | 'auditor';
  readonly email: string | null;
}

/** Where a one-time link leads: who it is for, then name, e-mail and password. */
export function WelcomePage() {
  useDocumentTitle('Welcome · Reentry');
  const [token] = useState(takeToken);
  const invitation = useQuery({
    queryKey: ['welcome', token],
    queryFn: async ({ signal }) =>
      (await ask(
        'GET',
        `/api/welcome?token=${encodeURIComponent(token ?? '')}`,
        undefined,
        signal,
      )) as Invitation,
    enabled: token !== undefined,
    retry: false,
    refetchOnWindowFocus: false,
  });
  return (
    <Outside title="Welcome">
      {token === undefined && <NoToken />}
      {token !== undefined && invitation.isPending && <LoadingBlock height={260} />}
      {invitation.error && (
        <>
          <ErrorState error={invitation.error} />
          <p style={{ margin: '0.75rem 0 0' }}>
            Already have an account? <Link to="/sign-in">Sign in</Link>
          </p>
        </>
      )}
      {token !== undefined && invitation.data && <Join token={token} invitation={invitation.data} />}
    </Outside>
  );
}

function NoToken() {
  return (
    <>
      <p>
        This page needs a one-time link, and this address holds none. Open the link exactly as you got it; it
        works once.
      </p>
      <p style={{ margin: 0 }}>
        Used it already? <Link to="/sign-in">Sign in</Link>
      </p>
    </>
  );
}

function Join({ token, invitation }: { readonly token: string; readonly invitation: Invitation }) {
  const router = useRouter();
  const client = useQueryClient();
  const [mistake, setMistake] = useState<string>();
  const join = useMutation({
    mutationFn: (welcome: object) => ask('POST', '/api/welcome', welcome),
    onSuccess: () => {
      client.clear();
      router.history.replace('/');
    },
  });
  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const fields = new FormData(event.currentTarget);
    const password = String(fields.get('password'));
    if (password !== String(fields.get('again'))) return setMistake('The two passwords differ.');
    setMistake(undefined);
    join.mutate({
      token,
      name: String(fields.get('name')).trim(),
      email: invitation.email ?? String(fields.get('email')).trim(),
      password,
    });
  }
  return (
    <>
      <p>
        You will be <strong>{invitation.role}</strong> of this installation: {roleWords[invitation.role]} That
        you joined, and as whom, is recorded in the events log.
      </p>
      <form className={classes.form} onSubmit={submit}>
        <TextInput
          name="name"
          label="Name"
          description="As it will stand in the log beside what you do here"
          autoComplete="name"
          maxLength={100}
          required
          withAsterisk={false}
          autoFocus
        />
        <TextInput
          name="email"
          type="email"
          label="E-mail"
          autoComplete="username"
          maxLength={254}
          required
          withAsterisk={false}
          {...(invitation.email === null ? {} : { value: invitation.email, readOnly: true })}
        />
        <NewPassword name="password" label="Password" shown="password" mistake={mistake} />
        {join.error && <ErrorState error={join.error} />}
        <Button type="submit" loading={join.isPending} fullWidth>
          Join
        </Button>
      </form>
    </>
  );
}
