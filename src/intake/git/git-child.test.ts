import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { GitChild, type GitContext, runGit } from './git-child.ts';
import { openRepository } from './open-repository.ts';
import { makeFolder, makeRepository, removeTestFolders } from './testing/make-repository.ts';

afterAll(removeTestFolders);

/** A context in which `git` is this shell script. */
function contextWith(script: string): GitContext {
  const folder = makeFolder();
  writeFileSync(join(folder, 'git'), `#!/bin/sh\n${script}\n`);
  chmodSync(join(folder, 'git'), 0o755);
  return { environment: { PATH: folder }, workingFolder: folder };
}

function open(searchPath: string) {
  const { path } = makeRepository([{ name: 'one' }]);
  return openRepository(path, { replay: undefined, mentionsAgent: () => false, searchPath });
}

test('a machine without git is told so', async () => {
  await expect(open(makeFolder())).rejects.toMatchObject({ code: 'GIT_NOT_FOUND' });
});

test('a git that is too old is refused with its version', async () => {
  const { environment } = contextWith('echo "git version 2.29.3 (Apple Git-1)"');

  await expect(open(environment.PATH ?? '')).rejects.toMatchObject({
    code: 'GIT_TOO_OLD',
    details: { version: '2.29.3' },
  });
});

test('a git that falls silent is ended', async () => {
  const context = { ...contextWith('echo begun; exec /bin/sleep 60'), silenceLimitMs: 100 };
  const child = new GitChild(context, { args: [], doing: 'testing' });

  expect((await child.next())?.toString()).toBe('begun\n');
  await expect(child.next()).rejects.toMatchObject({ code: 'GIT_TIMEOUT', details: { doing: 'testing' } });
  await child.kill();
});

test('an aborted signal ends git, whether or not anybody waits for it', async () => {
  const controller = new AbortController();
  const context = { ...contextWith('exec /bin/sleep 60'), signal: controller.signal };
  const child = new GitChild(context, { args: [], doing: 'testing' });

  const waiting = child.next();
  controller.abort(new Error('enough'));

  await expect(waiting).rejects.toThrow('enough');
  await child.kill();
  expect(() => new GitChild(context, { args: [], doing: 'testing' })).toThrow('enough');
});

test('of complaints only the last lines are kept, without control characters', async () => {
  const context = contextWith(
    'i=0; while [ $i -lt 3000 ]; do echo "noise $i" >&2; i=$((i+1)); done; printf "fatal: \\033[31mred\\n" >&2; exit 3',
  );

  const { status, complaint } = await runGit(context, { args: [], doing: 'testing' });

  expect(status).toBe(3);
  expect(complaint).toBe('fatal:  [31mred');
});

test('output is passed on whole, and a slow reader slows git down', async () => {
  const context = contextWith('exec /usr/bin/head -c 20000000 /dev/zero');
  const child = new GitChild(context, { args: [], doing: 'testing' });

  let size = 0;
  for (let chunk = await child.next(); chunk !== undefined; chunk = await child.next()) size += chunk.length;

  expect(size).toBe(20_000_000);
  expect((await child.exit()).status).toBe(0);
});
