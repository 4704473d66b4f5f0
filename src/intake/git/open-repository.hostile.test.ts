import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import {
  makeFolder,
  makeRepository,
  removeTestFolders,
  type TestRepository,
  testGit,
} from './testing/make-repository.ts';
import { readRepository } from './testing/read-repository.ts';

afterAll(removeTestFolders);

const commits = [
  { name: 'one', files: { '.gitattributes': '* diff=evil filter=evil merge=evil\n', 'a.ts': 'a\n' } },
  { name: 'two', files: { 'a.ts': 'b\n' } },
];

/** Everything in a folder: path, size and content. */
function snapshot(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted()
    .map((path) => `${path} ${readFileSync(path).toString('base64')}`);
}

/** A program that leaves a trace when it is run. */
function trap(repository: TestRepository): { readonly program: string; readonly trace: string } {
  const folder = makeFolder();
  const program = join(folder, 'evil');
  const trace = join(folder, 'was-here');
  writeFileSync(program, `#!/bin/sh\necho "$0 $*" >> ${trace}\ncat 2>/dev/null\n`);
  chmodSync(program, 0o755);
  for (const hook of ['post-checkout', 'reference-transaction', 'post-index-change', 'pre-auto-gc']) {
    mkdirSync(join(repository.path, '.git', 'hooks'), { recursive: true });
    writeFileSync(join(repository.path, '.git', 'hooks', hook), readFileSync(program), { mode: 0o755 });
  }
  return { program, trace };
}

test('no setting, hook, filter, driver or remote of the repository is ever run, and nothing is written there', async () => {
  const repository = makeRepository(commits);
  const { program, trace } = trap(repository);
  writeFileSync(
    join(repository.path, '.git', 'config'),
    `[core]
	repositoryFormatVersion = 1
	bare = false
	fsmonitor = ${program}
	hooksPath = ${join(repository.path, '.git', 'hooks')}
	pager = ${program}
	sshCommand = ${program}
	editor = ${program}
	alternateRefsCommand = ${program}
	gitProxy = ${program}
[include]
	path = ${program}
[diff]
	external = ${program}
[diff "evil"]
	command = ${program}
	textconv = ${program}
[filter "evil"]
	clean = ${program}
	smudge = ${program}
	process = ${program}
[pager]
	log = ${program}
	diff-tree = ${program}
[alias]
	rev-list = !${program}
	cat-file = !${program}
[uploadpack]
	packObjectsHook = ${program}
[protocol]
	allow = always
[remote "origin"]
	url = ext::${program}
	promisor = true
	partialclonefilter = blob:none
	uploadpack = ${program}
[extensions]
	partialClone = origin
[gpg]
	program = ${program}
[log]
	showSignature = true
[credential]
	helper = !${program}
`,
  );
  const before = snapshot(repository.path);

  const { changes } = await readRepository(repository.path);

  expect(changes[1]?.size).toEqual({ files: 1, additions: 1, deletions: 1 });
  expect(existsSync(trace)).toBe(false);
  expect(snapshot(repository.path)).toEqual(before);
});

test('a missing object of a promisor remote is not fetched', async () => {
  const origin = makeRepository(commits);
  origin.git('config', 'uploadpack.allowFilter', 'true');
  const clone = makeFolder();
  testGit(clone, ['clone', '-q', '--bare', '--filter=blob:none', `file://${origin.path}`, '.']);
  const before = snapshot(clone);

  const { changes } = await readRepository(clone);

  expect(changes[1]?.files).toMatchObject([{ unreadable: true }]);
  expect(snapshot(clone)).toEqual(before);
});

test('a config file that git cannot parse costs the name, not the history', async () => {
  const repository = makeRepository(commits);
  writeFileSync(join(repository.path, '.git', 'config'), '[core\n\0garbage');

  const { state, changes } = await readRepository(repository.path);

  expect(state.ref.id).toMatch(/^local\//);
  expect(changes).toHaveLength(2);
});

test('a .git file that leads in circles or out of bounds is no repository', async () => {
  const folder = makeFolder();
  writeFileSync(join(folder, '.git'), 'gitdir: .git\n');

  await expect(readRepository(folder)).rejects.toMatchObject({ code: 'NOT_A_REPOSITORY' });
});

test('references in a format that is not known are refused by name', async () => {
  const repository = makeRepository(commits);
  repository.git('config', 'extensions.refStorage', 'reftable');

  await expect(readRepository(repository.path)).rejects.toMatchObject({ code: 'REPOSITORY_UNREADABLE' });
});

test('the origin names the repository, without its credentials', async () => {
  const repository = makeRepository(commits);
  repository.git('config', 'remote.origin.url', 'https://ann:s3cret@github.com/Octo/Repo.git');

  const { state, changes } = await readRepository(repository.path);

  expect(state.ref).toEqual({
    id: 'github.com/octo/repo',
    name: 'Repo',
    url: 'https://github.com/Octo/Repo',
  });
  expect(JSON.stringify(changes)).not.toContain('s3cret');
});
