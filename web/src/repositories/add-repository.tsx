import { Button, TextInput } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import type { FormEvent } from 'react';
import { useApiMutation } from '../api/queries.ts';
import { RecordedAs } from '../kit/recorded-as.tsx';
import { ErrorState } from '../kit/states.tsx';
import classes from './repositories.module.css';

export function AddRepository() {
  const add = useApiMutation('addRepository', ['listRepositories', 'listJobs']);
  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = event.currentTarget;
    const path = String(new FormData(form).get('path')).trim();
    if (path !== '') add.mutate({ body: { path } }, { onSuccess: () => form.reset() });
  }
  return (
    <form className={classes.add} onSubmit={submit}>
      <TextInput
        name="path"
        label="Add a repository"
        description="Path of a git repository on the server’s machine. Its whole history is imported, then new commits are followed."
        placeholder="/srv/git/payments.git"
        maxLength={4096}
        autoComplete="off"
        spellCheck={false}
        required
        withAsterisk={false}
      />
      <Button type="submit" loading={add.isPending} leftSection={<IconPlus size={16} aria-hidden />}>
        Add and import
      </Button>
      <RecordedAs what="That you added it" />
      {add.error && <ErrorState error={add.error} />}
    </form>
  );
}
