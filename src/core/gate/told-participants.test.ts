import { expect, test } from 'vitest';
import type { ObservedCommit } from '../change/observed-change.ts';
import type { HostAccount } from '../host/observation.ts';
import type { ToldPullRequest } from '../host/told.ts';
import { actorOf, toldParticipants } from './told-participants.ts';

const ben: HostAccount = { id: 'github.com#7', login: 'ben', kind: 'user' };
const ada: HostAccount = { id: 'github.com#8', login: 'ada', kind: 'user' };

function commit(sha: string, message = 'Work', email = 'ben@acme.test'): ObservedCommit {
  const person = { name: 'Ben', email };
  const at = '2026-03-02T09:00:00Z';
  return {
    sha,
    tree: 'd'.repeat(40),
    parents: [],
    author: person,
    committer: person,
    authoredAt: at,
    committedAt: at,
    message,
  };
}

function told(commits: ToldPullRequest['commits']): ToldPullRequest {
  const data = {
    author: ben,
    repository: {
      hostId: 'github.com#1',
      ref: { id: 'github.com/acme/shop', name: 'acme/shop' },
      defaultBranch: 'main',
    },
    head: { branch: 'x', sha: 'a'.repeat(40), repositoryHostId: null },
    mergeSha: 'f'.repeat(40),
  };
  return {
    pullRequest: { index: 0, receivedAt: '', capture: 'live', data },
    commits,
    reviews: [],
    access: [],
    pushes: [{ index: 2, receivedAt: '', capture: 'live', data: { actor: ada } }],
    gates: [],
    protection: null,
    deployments: [],
  } as unknown as ToldPullRequest;
}

function accounts(author: HostAccount | null): ToldPullRequest['commits'] {
  const commits = [{ sha: 'a'.repeat(40), tree: null, author, committer: author, verified: null }];
  return {
    index: 1,
    receivedAt: '',
    capture: 'live',
    data: { complete: true, commits },
  } as unknown as ToldPullRequest['commits'];
}

const nobody = { claims: [] };

test('authors and committers are the accounts that the host resolves them to', () => {
  const parts = toldParticipants({ commits: [commit('a'.repeat(40))] }, nobody, told(accounts(ben)));

  expect(parts.filter(({ account }) => account === ben.id).map(({ part }) => part)).toEqual([
    'pull-request-author',
    'commit-author',
    'committer',
  ]);
  expect(parts.at(-1)).toMatchObject({ part: 'last-pusher', account: ada.id });
});

test('whom the host does not resolve stays open', () => {
  const parts = toldParticipants({ commits: [commit('a'.repeat(40))] }, nobody, told(accounts(null)));

  expect(parts.find(({ part }) => part === 'commit-author')).toMatchObject({
    account: null,
    actor: 'unknown',
  });
});

test('what a squash made of the commits brings nobody in', () => {
  const landed = commit('f'.repeat(40), 'Work (#1)', 'web@host.test');
  const parts = toldParticipants({ commits: [commit('a'.repeat(40)), landed] }, nobody, told(accounts(ben)));

  expect(parts.map(({ name }) => name)).not.toContain('web@host.test');
});

test('a co-author under the address that the host gives out is that account; an agent is an agent', () => {
  const message =
    'Work\n\nCo-authored-by: Cleo <99+cleo@users.noreply.github.com>\nCo-authored-by: Claude <noreply@anthropic.com>\n';
  const parts = toldParticipants({ commits: [commit('a'.repeat(40), message)] }, nobody, told(accounts(ben)));

  expect(parts.filter(({ part }) => part === 'co-author')).toMatchObject([
    { account: 'github.com#99' },
    { account: null, actor: 'agent' },
  ]);
});

test('the address of another host’s accounts resolves to nobody', () => {
  const message = 'Work\n\nCo-authored-by: Cleo <99+cleo@users.noreply.example.com>\n';
  const parts = toldParticipants({ commits: [commit('a'.repeat(40), message)] }, nobody, told(accounts(ben)));

  expect(parts.find(({ part }) => part === 'co-author')?.account).toBeNull();
});

test.each([
  [{ id: 'github.com#7', login: 'ben', kind: 'user' }, 'human'],
  [{ id: 'github.com#9', login: 'ci[bot]', kind: 'bot' }, 'bot'],
  [{ id: 'github.com#198982749', login: 'Copilot', kind: 'user' }, 'agent'],
  [{ id: 'github.com#5', login: 'acme', kind: 'organization' }, 'unknown'],
  [null, 'unknown'],
] as const)('acts under %j: %s', (account, actor) => {
  expect(actorOf(account)).toBe(actor);
});
