import { Button, PasswordInput, TextInput } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, useRouter } from '@tanstack/react-router';
import type { FormEvent } from 'react';
import { ask } from '../api/call.ts';
import { ErrorState } from '../kit/states.tsx';
import classes from './outside.module.css';
import { Outside } from './outside.tsx';

const route = getRouteApi('/sign-in');

export function SignInPage() {
  useDocumentTitle('Sign in · Reentry');
  const search = route.useSearch();
  const router = useRouter();
  const client = useQueryClient();
  const signIn = useMutation({
    mutationFn: (credentials: { readonly email: string; readonly password: string }) =>
      ask('POST', '/api/auth/sign-in/email', credentials),
    onSuccess: () => {
      client.clear();
      router.history.replace(search.return ?? '/');
    },
  });
  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const fields = new FormData(event.currentTarget);
    signIn.mutate({ email: String(fields.get('email')).trim(), password: String(fields.get('password')) });
  }
  return (
    <Outside title="Sign in">
      <p>
        {search.return === undefined ? 'To see the changes and their evidence.' : 'To go on where you were.'}
      </p>
      <form className={classes.form} onSubmit={submit}>
        <TextInput
          name="email"
          type="email"
          label="E-mail"
          autoComplete="username"
          required
          withAsterisk={false}
          autoFocus
        />
        <PasswordInput
          name="password"
          label="Password"
          autoComplete="current-password"
          required
          withAsterisk={false}
          visibilityToggleButtonProps={{ 'aria-label': 'Show or hide the password' }}
        />
        {signIn.error && <ErrorState error={signIn.error} />}
        <Button type="submit" loading={signIn.isPending} fullWidth>
          Sign in
        </Button>
      </form>
      <p style={{ margin: '1.1rem 0 0' }}>
        No account? An owner of this installation can make a one-time link for you. The very first link is
        printed where the server was started.
      </p>
    </Outside>
  );
}
