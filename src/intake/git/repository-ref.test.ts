import { expect, test } from 'vitest';
import { repositoryRef } from './repository-ref.ts';

test.each([
  'https://github.com/Octo/Repo.git',
  'https://ann:secret@github.com/Octo/Repo',
  'https://token@GitHub.com:443/Octo/Repo.git/',
  'git@github.com:Octo/Repo.git',
  'github.com:Octo/Repo',
  'ssh://git@github.com:22/Octo/Repo.git',
  'git://github.com/Octo/Repo.git',
  'https://github.com/Octo/Repo.git?token=secret#x',
])('%s is the same repository', (address) => {
  const ref = repositoryRef(address, 'folder');

  expect(ref.id).toBe('github.com/octo/repo');
  expect(ref.name).toBe('Repo');
  expect(ref.url).toMatch(/^(https|ssh|git):\/\/github\.com\/Octo\/Repo$/);
});

test('an address keeps every group of a GitLab project', () => {
  expect(repositoryRef('git@gitlab.com:a/b/c.git', 'x').id).toBe('gitlab.com/a/b/c');
});

test.each([undefined, '', '/srv/git/repo.git', '../repo', 'C:/work/repo', 'file:///srv/repo.git'])(
  'without a host the folder names it: %s',
  (address) => {
    expect(repositoryRef(address, 'folder')).toEqual({ id: 'local/folder', name: 'folder' });
  },
);
