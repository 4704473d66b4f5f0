import { createHash, randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, expect, onTestFinished, test } from 'vitest';
import { openStore, type Store } from './open-store.ts';
import { collect, newEntry } from './testing/entries.ts';
import { startScript } from './testing/scripts.ts';
import { folderWithCluster, killServer, removeTemplate } from './testing/servers.ts';
import { resizeDisk, smallDisk } from './testing/temporary.ts';

afterAll(removeTemplate);

/** The log as the database has it: a number per entry, and the payloads' own numbers. */
async function storedPayloads(store: Store): Promise<readonly string[]> {
  const size = await store.ledger.size('events');
  const sealed = await collect(store.ledger.readSealed('events', 0, size));
  expect(sealed.map(({ seq }) => seq)).toEqual(Array.from({ length: size }, (_, index) => index));
  expect(await collect(store.ledger.readEntries('events', 0, size + 10))).toHaveLength(size);
  return sealed.map(({ payload }) => Buffer.from(payload ?? '').toString());
}

async function serverPid(dataFolder: string): Promise<number> {
  const text = await readFile(join(dataFolder, 'postgres', 'cluster', 'postmaster.pid'), 'utf8');
  return Number(text.split('\n')[0]);
}

function numbered(payload: string) {
  return newEntry({
    payload: Buffer.from(payload),
    idempotencyKey: createHash('sha256').update(payload).digest(),
  });
}

test('kill -9 of PostgreSQL in mid-append loses nothing acknowledged and adds nothing twice, round after round', async () => {
  const path = await folderWithCluster();
  const acknowledged = new Set<string>();
  let next = 0;
  for (let round = 0; round < 4; round += 1) {
    const store = await openStore({ dataFolder: path });
    const append = async (payloads: readonly string[]) => {
      await store.ledger.append('events', payloads.map(numbered));
      for (const payload of payloads) acknowledged.add(payload);
    };
    // What failed before is sent again, as a sender would: its keys decide whether it is new.
    await append(Array.from({ length: Math.min(next, 50) }, (_, index) => `${next - 1 - index}`));
    const target = acknowledged.size + 100 * (round + 1);
    const failures: unknown[] = [];
    let killed: Promise<void> | undefined;
    const sender = async () => {
      while (failures.length === 0) {
        const payloads = Array.from({ length: 1 + (next % 9) }, (_, index) => `${next + index}`);
        next += payloads.length;
        await append(payloads).catch((error: unknown) => failures.push(error));
        if (acknowledged.size > target) killed ??= serverPid(path).then(killServer);
      }
    };

    await Promise.all(Array.from({ length: 8 }, sender));
    await killed;
    await store.close();

    for (const failure of failures) expect(failure).toMatchObject({ code: 'POSTGRES_STOPPED' });
    const reopened = await openStore({ dataFolder: path });
    const stored = await storedPayloads(reopened);
    await reopened.close();
    expect(new Set(stored).size).toBe(stored.length);
    expect([...acknowledged].filter((payload) => !stored.includes(payload))).toEqual([]);
  }
});

test('kill -9 of our own process, then of PostgreSQL too, loses nothing acknowledged', async () => {
  const path = await folderWithCluster();
  const acknowledged: string[] = [];
  for (let round = 0; round < 4; round += 1) {
    const script = startScript(
      `const { openStore } = await import(store + 'open-store.ts');
       const { newEntry } = await import(store + 'testing/entries.ts');
       const opened = await openStore({ dataFolder: ${JSON.stringify(path)} });
       for (let n = 0; ; n += 1) {
         const payload = '${round}-' + n;
         await opened.ledger.append('events', [newEntry({ payload: Buffer.from(payload) })]);
         console.log(payload);
       }`,
    );
    for (let line = 0; line < 60; line += 1) acknowledged.push(await script.nextLine());
    script.child.kill('SIGKILL');
    if (round % 2 === 1) await killServer(await serverPid(path));
    await script.ended;
  }

  const store = await openStore({ dataFolder: path });
  onTestFinished(store.close);
  const stored = await storedPayloads(store);

  expect(acknowledged).toHaveLength(240);
  expect(new Set(stored).size).toBe(stored.length);
  expect(acknowledged.filter((payload) => !stored.includes(payload))).toEqual([]);
});

test('a disk that fills in mid-append is told as such, and with space again everything acknowledged is there', async ({
  skip,
}) => {
  const disk = await smallDisk(skip, 90_000_000);
  const path = join(disk, 'data');
  const store = await openStore({ dataFolder: path });
  const acknowledged: string[] = [];
  const fill = async () => {
    for (let round = 0; round < 100; round += 1) {
      const payload = randomBytes(1_500_000).toString('base64');
      await store.ledger.append('events', [newEntry({ payload: Buffer.from(payload) })]);
      acknowledged.push(payload);
    }
  };

  await expect(fill()).rejects.toMatchObject({
    code: 'DISK_FULL',
    details: { path: expect.stringContaining(disk) },
  });
  await store.close();
  resizeDisk(disk, 300_000_000);

  const reopened = await openStore({ dataFolder: path });
  onTestFinished(reopened.close);
  expect(acknowledged.length).toBeGreaterThan(0);
  expect(await storedPayloads(reopened)).toEqual(acknowledged);
  await reopened.ledger.append('events', [newEntry({})]);
});
