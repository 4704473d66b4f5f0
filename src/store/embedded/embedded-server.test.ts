import { chmod, chown, readdir, readFile, rm, stat, statfs, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, onTestFinished, test } from 'vitest';
import { openDataFolder } from '../data-folder.ts';
import {
  connectTo,
  folderWithCluster,
  killServer,
  processStatus,
  queryServer,
  removeTemplate,
  startServer,
  startServerElsewhere,
  startServerOn,
} from '../testing/servers.ts';
import { isRoot, resizeDisk, smallDisk, temporaryFolder } from '../testing/temporary.ts';
import { clusterPaths } from './cluster.ts';
import { until } from './postmaster-file.ts';
import { nobody } from './server-account.ts';

afterAll(removeTemplate);

const needsRoot = 'needs root, to become somebody else';

async function answers(server: Parameters<typeof queryServer>[0]): Promise<boolean> {
  return (await queryServer<{ one: number }>(server, 'SELECT 1 AS one'))[0]?.one === 1;
}

async function isAlive(pid: number): Promise<boolean> {
  return processStatus(pid).then(
    (status) => !status.get('State')?.startsWith('Z'),
    () => false,
  );
}

describe('whoever starts it', () => {
  test('root hands over to an account without rights, and nobody else may read the cluster', async ({
    skip,
  }) => {
    if (!isRoot) skip(needsRoot);
    const path = join(await temporaryFolder(), 'data');

    const server = await startServer(path);

    const status = await processStatus(server.pid);
    expect(status.get('Uid')).toBe('65534\t65534\t65534\t65534');
    expect(status.get('CapEff')).toBe('0000000000000000');
    const { mode, uid } = await stat(clusterPaths(path).cluster);
    expect({ mode: mode & 0o777, uid }).toEqual({ mode: 0o700, uid: nobody.uid });
    expect((await stat(clusterPaths(path).password)).mode & 0o777).toBe(0o600);
    expect(await answers(server)).toBe(true);
  });

  test('below a folder that only root may pass it keeps one capability: the one to pass, and to write only where no smaller one is held', async ({
    skip,
  }) => {
    if (!isRoot) skip(needsRoot);
    const closed = await temporaryFolder();
    await chmod(closed, 0o700);

    const server = await startServer(join(closed, 'data'));
    const status = await processStatus(server.pid);
    expect(status.get('Uid')).toBe('65534\t65534\t65534\t65534');
    expect(status.get('CapEff')).toBe('0000000000000004');
    expect(await answers(server)).toBe(true);
    await server.stop();
    await server.folder.release();

    const asInContainers = await startServerElsewhere(join(closed, 'data'), {
      prefix: ['setpriv', '--bounding-set=-dac_read_search'],
    });
    const pid = Number(asInContainers.said.split(' ')[0]);
    expect((await processStatus(pid)).get('CapEff')).toBe('0000000000000002');
    asInContainers.child.stdin?.end();
    expect(await asInContainers.ended).toBe('');
  });

  test('an ordinary user runs it as himself', async ({ skip }) => {
    if (!isRoot) skip(needsRoot);
    const home = await temporaryFolder();
    await chown(home, nobody.uid, nobody.gid);

    const script = await startServerElsewhere(join(home, 'data'), { uid: nobody.uid });

    expect((await processStatus(Number(script.said.split(' ')[0]))).get('Uid')).toBe(
      '65534\t65534\t65534\t65534',
    );
    script.child.stdin?.end();
    expect(await script.ended).toBe('');
  });

  test('a user id that the machine knows no name for is told so in one line', async ({ skip }) => {
    if (!isRoot) skip(needsRoot);
    const home = await temporaryFolder();
    await chown(home, 54_321, 54_321);

    const script = await startServerElsewhere(join(home, 'data'), { uid: 54_321 });

    expect(script.said).toMatch(/^POSTGRES_NOT_STARTING .*user ID 54321: user does not exist/);
    script.child.stdin?.end();
    await script.ended;
  });

  test('root goes on with the cluster of an ordinary user as that user', async ({ skip }) => {
    if (!isRoot) skip(needsRoot);
    const path = await folderWithCluster();
    const { cluster } = clusterPaths(path);
    for (const name of ['', ...(await readdir(cluster, { recursive: true }))])
      await chown(join(cluster, name), 1, 1);

    const server = await startServer(path);

    expect((await processStatus(server.pid)).get('Uid')).toBe('1\t1\t1\t1');
    expect(await answers(server)).toBe(true);
  });
});

describe('where it lies', () => {
  test.each([
    ['spaces, quotes, commas and other alphabets', `da, "ta" 'x' – данные 漢字`],
    ['more bytes than a socket address holds', `${'long '.repeat(25)}${'ü'.repeat(40)}`],
  ])('the path may have %s', async (_, name) => {
    const path = join(await temporaryFolder(), name);

    const server = await startServer(path);

    expect(await answers(server)).toBe(true);
    expect(Buffer.byteLength(server.socketFolder)).toBeLessThan(90);
    await server.stop();
    await expect(stat(server.socketFolder)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  test('nothing listens on the network, and the socket lets in nobody without the password', async () => {
    const server = await startServer(await folderWithCluster());

    const settings = await queryServer(
      server,
      `SELECT name, setting FROM pg_settings WHERE name IN
         ('listen_addresses', 'fsync', 'full_page_writes', 'synchronous_commit', 'data_checksums', 'server_encoding')`,
    );

    expect(Object.fromEntries(settings.map(({ name, setting }) => [name, setting]))).toEqual({
      listen_addresses: '',
      fsync: 'on',
      full_page_writes: 'on',
      synchronous_commit: 'on',
      data_checksums: 'on',
      server_encoding: 'UTF8',
    });
    await expect(connectTo(server, 'wrong')).rejects.toMatchObject({ code: '28P01' });
    expect((await stat(server.socketFolder)).mode & 0o777).toBe(0o700);
  });

  test('neither the configuration file nor ALTER SYSTEM can turn durability off', async () => {
    const path = await folderWithCluster();
    await writeFile(join(clusterPaths(path).cluster, 'postgresql.auto.conf'), 'fsync = off\n', { flag: 'a' });

    const server = await startServer(path);

    expect(await queryServer(server, 'SHOW fsync')).toEqual([{ fsync: 'on' }]);
  });
});

describe('a first start', () => {
  test('that was killed half-way is done again from the beginning', async () => {
    const path = join(await temporaryFolder(), 'data');
    const paths = clusterPaths(path);
    const killed = startServerElsewhere(path);
    const isHalfDone = async () =>
      (await readdir(paths.folder).catch(() => [])).some((name) => name.startsWith('unf'));
    expect(await until(isHalfDone, 30_000)).toBe(true);
    const pid = Number(await readFile(join(path, 'lock.pid'), 'utf8'));
    process.kill(pid, 'SIGKILL');
    await (await killed).ended;
    await expect(stat(paths.cluster)).rejects.toMatchObject({ code: 'ENOENT' });

    const server = await startServer(path);

    expect(await answers(server)).toBe(true);
  });

  test('leaves neither a password nor a half-made cluster lying about', async () => {
    const path = await folderWithCluster();

    expect((await readdir(clusterPaths(path).folder)).toSorted()).toEqual([
      'cluster',
      'password',
      'postgres.log',
    ]);
    const hba = await readFile(join(clusterPaths(path).cluster, 'pg_hba.conf'), 'utf8');
    expect(hba).not.toMatch(/^[^#]*\btrust\b/m);
  });
});

describe('a server left behind', () => {
  test('survives the kill of its process and Ctrl-C, and is stopped by the next start with all that was committed', async () => {
    const path = await folderWithCluster();
    const left = await startServerElsewhere(path);
    const [pid = '', socketFolder = ''] = left.said.split(' ');
    const password = (await readFile(clusterPaths(path).password, 'utf8')).trim();
    const before = { socketFolder, port: 5432, password };
    await queryServer(before, 'CREATE TABLE kept AS SELECT 42 AS answer');
    // The whole process group, as the terminal does it.
    process.kill(-(left.child.pid ?? 0), 'SIGINT');
    await left.ended;
    expect(await answers(before)).toBe(true);

    const server = await startServer(path);

    expect(server.pid).not.toBe(Number(pid));
    expect(await isAlive(Number(pid))).toBe(false);
    expect(await queryServer(server, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
  });

  test('that was killed, with all its processes, is no hindrance', async () => {
    const path = await folderWithCluster();
    const first = await startServer(path);
    await queryServer(first, 'CREATE TABLE kept AS SELECT 42 AS answer');
    await killServer(first.pid);
    await first.folder.release();

    const server = await startServer(path);

    expect(await queryServer(server, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
  });

  test('whose backends outlive it, and so still hold its memory, is waited for', async () => {
    const path = await folderWithCluster();
    const first = await startServer(path);
    const client = await connectTo(first, first.password);
    onTestFinished(() => client.end());
    const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    const backend = rows[0]?.pid ?? 0;
    process.kill(backend, 'SIGSTOP');
    process.kill(first.pid, 'SIGKILL');
    await first.folder.release();

    const starting = startServer(path);
    const isRefused = async () =>
      (await readFile(first.logFile, 'utf8')).includes('pre-existing shared memory block');
    expect(await until(isRefused, 30_000)).toBe(true);
    process.kill(backend, 'SIGCONT');

    expect(await answers(await starting)).toBe(true);
  });

  test('a lock file whose pid some other process of ours has now is passed over', async () => {
    const path = await folderWithCluster();
    const sleeper = await startServerElsewhere(join(await temporaryFolder(), 'other'));
    const otherPid = sleeper.said.split(' ')[0] ?? '';
    const { cluster } = clusterPaths(path);
    // The worst case: another PostgreSQL under the same account.
    await writeFile(join(cluster, 'postmaster.pid'), `${otherPid}\n${cluster}\n1\n5432\n/nowhere\n\n`);

    const server = await startServer(path);

    expect(await answers(server)).toBe(true);
    expect(await isAlive(Number(otherPid))).toBe(true);
    sleeper.child.stdin?.end();
    await sleeper.ended;
  });
});

describe('stopping', () => {
  test('ends sessions that are still open, and may be asked for twice', async () => {
    const server = await startServer(await folderWithCluster());
    const client = await connectTo(server, server.password);
    onTestFinished(() => client.end());
    await client.query('BEGIN');

    await Promise.all([server.stop(), server.stop()]);

    expect(await isAlive(server.pid)).toBe(false);
    expect(await readFile(server.logFile, 'utf8')).toContain('database system is shut down');
  });

  test('a server that was killed meanwhile counts as stopped', async () => {
    const server = await startServer(await folderWithCluster());
    await killServer(server.pid);

    await server.stop();

    expect(await server.whyLost(undefined)).toMatchObject({ code: 'POSTGRES_STOPPED' });
  });
});

describe('what keeps it from starting is told in one line', () => {
  test('another major version', async () => {
    const path = await folderWithCluster();
    await writeFile(join(clusterPaths(path).cluster, 'PG_VERSION'), '17\n');

    await expect(startServer(path)).rejects.toMatchObject({
      code: 'POSTGRES_NOT_STARTING',
      details: { detail: 'the database was made by PostgreSQL 17, this release brings 18' },
    });
  });

  test('an incomplete copy', async () => {
    const path = await folderWithCluster();
    await rm(join(clusterPaths(path).cluster, 'PG_VERSION'));

    await expect(startServer(path)).rejects.toThrow(/holds no complete database/);
  });

  test("a damaged cluster, in PostgreSQL's own words", async () => {
    const path = await folderWithCluster();
    await truncate(join(clusterPaths(path).cluster, 'global', 'pg_control'), 100);

    await expect(startServer(path)).rejects.toMatchObject({
      code: 'POSTGRES_NOT_STARTING',
      details: { detail: expect.stringMatching(/^(PANIC|FATAL):.*pg_control/), log: clusterPaths(path).log },
    });
  });

  test('a lost password file', async () => {
    const path = await folderWithCluster();
    await rm(clusterPaths(path).password);

    await expect(startServer(path)).rejects.toThrow(/password/);
  });

  test('a full disk, at the first start and at a later one', async ({ skip }) => {
    const mounted = await smallDisk(skip, 20_000_000);
    const folder = await openDataFolder(join(mounted, 'data'));
    onTestFinished(() => folder.release());
    await expect(startServerOn(folder)).rejects.toMatchObject({ code: 'DISK_FULL' });

    resizeDisk(mounted, 200_000_000);
    await (await startServerOn(folder)).stop();
    const { bavail, bsize } = await statfs(mounted);
    await writeFile(join(mounted, 'filler'), Buffer.alloc(bavail * bsize));

    await expect(startServerOn(folder)).rejects.toMatchObject({ code: 'DISK_FULL' });
  });
});
