import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { databaseName, ownerName } from '../../../src/store/embedded/settings.ts';

/** Flips one bit of every payload of a log, as the owner of the database, while its server runs. */
export async function editStoredPayload(dataFolder: string, log: string): Promise<void> {
  const postmaster = (
    await readFile(join(dataFolder, 'postgres', 'cluster', 'postmaster.pid'), 'utf8')
  ).split('\n');
  const client = new pg.Client({
    host: postmaster[4] ?? '',
    port: Number(postmaster[3]),
    database: databaseName,
    user: ownerName,
    password: (await readFile(join(dataFolder, 'postgres', 'password'), 'utf8')).trim(),
  });
  await client.connect();
  try {
    await client.query(
      `UPDATE reentry.log_payload SET payload = set_bit(payload, length(payload) * 4, 1 - get_bit(payload, length(payload) * 4)) WHERE log = $1`,
      [log],
    );
  } finally {
    await client.end();
  }
}
