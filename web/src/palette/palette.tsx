import { useMantineColorScheme } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { createSpotlight, Spotlight, type SpotlightActionGroupData } from '@mantine/spotlight';
import {
  IconBinaryTree2,
  IconFileSearch,
  IconGitPullRequest,
  IconLayoutDashboard,
  IconLogout,
  IconSearch,
  IconServer2,
  IconSettings,
  IconShield,
  IconSunMoon,
} from '@tabler/icons-react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import type { ChangeListItem } from '../../../src/contract/changes.ts';
import type { RepositoryState } from '../../../src/contract/work.ts';
import { plural } from '../../../src/core/sentence-parts.ts';
import { apiQuery, useApi, useApiMutation, useCan } from '../api/queries.ts';
import { HostileText } from '../kit/hostile-text.tsx';
import { useSignOut } from '../shell/use-sign-out.ts';
import '@mantine/spotlight/styles.layer.css';
import styles from './palette.module.css';

const [store, spotlight] = createSpotlight();

export const openPalette: () => void = spotlight.open;

/** Mantine marks the first line when the text changes; what the server found comes later, above it. */
function selectFirst() {
  const list = document.getElementById(store.getState().listId);
  list?.querySelector('[data-selected]')?.removeAttribute('data-selected');
  list?.querySelector('[data-action]')?.setAttribute('data-selected', 'true');
  store.updateState((state) => ({ ...state, selected: 0 }));
}

const called = 'Search and commands';
const iconProps = { size: 18, stroke: 1.75, 'aria-hidden': true } as const;

/** One box for pages, changes (by words, `#number` or commit id), repositories, and what can be done. Opens when it is first drawn. */
export function Palette({
  takeTyped,
}: {
  /** What was typed before there was a box to type in. */
  readonly takeTyped: () => string;
}) {
  const [text, setText] = useState('');
  const [settled] = useDebouncedValue(text.trim(), 150);
  const found = useQuery({
    ...apiQuery('listChanges', { query: { q: settled, limit: 8 } }),
    enabled: settled.length > 1,
    placeholderData: keepPreviousData,
  });
  const repositories = useApi('listRepositories');
  const groups = useGroups(
    text,
    settled.length > 1 ? (found.data?.items ?? []) : [],
    repositories.data?.items ?? [],
  );
  useEffect(openPalette, []);
  useEffect(() => {
    if (found.data) selectFirst();
  }, [found.data]);
  return (
    <Spotlight
      store={store}
      actions={groups}
      query={text}
      onQueryChange={setText}
      // What is in the groups fits already: the server has searched, and pages are filtered below.
      filter={(_, actions) => actions}
      nothingFound={
        found.isFetching ? 'Searching…' : 'Nothing fits. Try a word of the title, #number, or a commit id.'
      }
      shortcut="mod + K"
      scrollable
      maxHeight={420}
      removeScrollProps={{ removeScrollBar: false }}
      attributes={{ content: { 'aria-label': called } }}
      searchProps={{
        leftSection: <IconSearch {...iconProps} />,
        placeholder: 'Page, change, #number, commit id, repository, action…',
        'aria-label': called,
        onFocus: () => setText((before) => before + takeTyped()),
      }}
    />
  );
}

function useGroups(
  text: string,
  changes: readonly ChangeListItem[],
  repositories: readonly RepositoryState[],
): SpotlightActionGroupData[] {
  const router = useRouter();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const signOut = useSignOut();
  const canVerify = useCan('create:verification');
  const verify = useApiMutation('startVerification', ['listJobs', 'listVerifications', 'listLogs']);
  const to = (href: string) => () => router.history.push(href);
  function startVerification() {
    verify.mutate({});
    router.history.push('/log');
  }
  const fits = (words: string) => words.toLowerCase().includes(text.trim().toLowerCase());
  const scheme = colorScheme === 'dark' ? 'light' : 'dark';
  const words = text.trim();
  return [
    {
      group: 'Changes',
      actions: [
        ...changes.map((change) => ({
          id: `change ${change.repoId} ${change.changeId}`,
          label: `${change.number === null ? change.mergeSha.slice(0, 10) : `#${change.number}`} ${change.title}`,
          children: <ChangeLine change={change} />,
          onClick: to(addressOf('/change', { repo: change.repoId, id: change.changeId })),
        })),
        ...(words === ''
          ? []
          : [
              {
                id: 'all changes',
                label: `All changes with “${words.slice(0, 60)}”`,
                leftSection: <IconSearch {...iconProps} />,
                onClick: to(addressOf('/changes', { q: words })),
              },
            ]),
      ],
    },
    {
      group: 'Pages',
      actions: [
        {
          id: 'overview',
          label: 'Overview',
          leftSection: <IconLayoutDashboard {...iconProps} />,
          onClick: to('/'),
        },
        {
          id: 'changes',
          label: 'Changes',
          leftSection: <IconGitPullRequest {...iconProps} />,
          onClick: to('/changes'),
        },
        {
          id: 'pull requests',
          label: 'Pull requests',
          leftSection: <IconGitPullRequest {...iconProps} />,
          onClick: to('/changes/pull-requests'),
        },
        {
          id: 'agent-made',
          label: 'Riskiest agent-made changes',
          leftSection: <IconGitPullRequest {...iconProps} />,
          onClick: to('/changes?class=ai&class=mixed&sort=risk'),
        },
        {
          id: 'repositories',
          label: 'Repositories',
          leftSection: <IconServer2 {...iconProps} />,
          onClick: to('/repositories'),
        },
        { id: 'log', label: 'Log', leftSection: <IconBinaryTree2 {...iconProps} />, onClick: to('/log') },
        {
          id: 'verify',
          label: 'Verify a file',
          leftSection: <IconFileSearch {...iconProps} />,
          onClick: to('/verify'),
        },
        {
          id: 'settings',
          label: 'Settings',
          leftSection: <IconSettings {...iconProps} />,
          onClick: to('/settings'),
        },
      ].filter(({ label }) => fits(label)),
    },
    {
      group: 'Repositories',
      actions: repositories
        .filter(({ name, repoId }) => fits(`${name} ${repoId}`))
        .slice(0, 6)
        .map(({ repoId, name, changes: count }) => ({
          id: `repository ${repoId}`,
          label: name,
          children: (
            <span>
              <HostileText text={name} limit={80} expandable={false} />{' '}
              <span className={styles.aside}>{plural(count, 'change')}</span>
            </span>
          ),
          onClick: to(addressOf('/changes', { repo: repoId })),
        })),
    },
    {
      group: 'Actions',
      actions: [
        ...(canVerify
          ? [
              {
                id: 'start verification',
                label: 'Verify both logs now',
                leftSection: <IconShield {...iconProps} />,
                onClick: startVerification,
              },
            ]
          : []),
        {
          id: 'scheme',
          label: `Appearance: ${scheme}`,
          leftSection: <IconSunMoon {...iconProps} />,
          onClick: () => setColorScheme(scheme),
        },
        { id: 'sign out', label: 'Sign out', leftSection: <IconLogout {...iconProps} />, onClick: signOut },
      ].filter(({ label }) => fits(label)),
    },
  ].filter(({ actions }) => actions.length > 0);
}

function ChangeLine({ change }: { readonly change: ChangeListItem }) {
  return (
    <span>
      <span className={`mono ${styles.aside}`}>
        {change.number === null ? change.mergeSha.slice(0, 10) : `#${change.number}`}
      </span>{' '}
      <HostileText text={change.title} limit={90} expandable={false} />
    </span>
  );
}

function addressOf(path: string, search: Readonly<Record<string, string>>): string {
  return `${path}?${new URLSearchParams(search).toString()}`;
}
