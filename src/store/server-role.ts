import type pg from 'pg';
import { sqlState } from './database-error.ts';
import { retryRaces } from './migrations/migrate.ts';

/** The role that the server works under. It can add to the ledger's tables and never change or remove what they hold. */
export const serverRoleName = 'reentry_app';

/**
 * Nothing that was hashed is ever changed, and the database is what enforces it: no UPDATE, DELETE or TRUNCATE on the
 * tables of the ledger, but for a log's size.
 */
const ledgerAndProjections: readonly (readonly [table: string, privileges: string])[] = [
  ['log_head', 'SELECT, UPDATE (size)'],
  ['log_entry', 'SELECT, INSERT'],
  ['log_payload', 'SELECT, INSERT'],
  ['log_checkpoint', 'SELECT, INSERT'],
  ['migration', 'SELECT'],
  ['repository', 'SELECT, INSERT, UPDATE, DELETE'],
  ['change', 'SELECT, INSERT, UPDATE, DELETE'],
  ['change_cell', 'SELECT, INSERT, UPDATE, DELETE'],
  ['change_score', 'SELECT, INSERT, UPDATE, DELETE'],
  ['change_day', 'SELECT, INSERT, UPDATE, DELETE'],
  ['claim', 'SELECT, INSERT, UPDATE, DELETE'],
  ['evidence_record', 'SELECT, INSERT, UPDATE, DELETE'],
  ['host_item', 'SELECT, INSERT, UPDATE, DELETE'],
  ['host_repository', 'SELECT, INSERT, UPDATE, DELETE'],
  ['pull_request', 'SELECT, INSERT, UPDATE, DELETE'],
  ['host_progress', 'SELECT, INSERT, UPDATE, DELETE'],
  ['published_check', 'SELECT, INSERT, UPDATE, DELETE'],
  ['projection_cursor', 'SELECT, INSERT, UPDATE, DELETE'],
  ['repository_source', 'SELECT, INSERT, UPDATE, DELETE'],
  ['job_progress', 'SELECT, INSERT, UPDATE, DELETE'],
  ['verification', 'SELECT, INSERT, UPDATE, DELETE'],
  ['delivery', 'SELECT, INSERT'],
];

/** Of `reentry_door`: who gets in is the server's to change. */
const doorTables = ['person', 'session', 'account', 'verification', 'member', 'invitation', 'api_key'];

const grants = [
  ...ledgerAndProjections.map(([table, privileges]) => ({ table: `reentry.${table}`, privileges })),
  ...doorTables.map((table) => ({
    table: `reentry_door.${table}`,
    privileges: 'SELECT, INSERT, UPDATE, DELETE',
  })),
];

/** Tables that the server role must not be able to change. */
export const sealedTables = ['log_entry', 'log_payload', 'log_checkpoint'] as const;

/**
 * Makes sure that the server role exists and has these rights, on a connection of the owner. With a password it may
 * log in by itself (embedded server); else the owner must be able to become it. False where the owner may not do that.
 */
export async function prepareServerRole(client: pg.ClientBase, password?: string): Promise<boolean> {
  try {
    await retryRaces(() => createRole(client, password));
    await retryRaces(() => grantRights(client));
    return true;
  } catch (error) {
    // insufficient_privilege: a user without CREATEROLE, or a role of that name that belongs to somebody else.
    if (sqlState(error) === '42501') return false;
    throw error;
  }
}

async function createRole(client: pg.ClientBase, password: string | undefined): Promise<void> {
  const { rows } = await client.query('SELECT FROM pg_roles WHERE rolname = $1', [serverRoleName]);
  // Our own random base64url text: nothing in it needs escaping.
  const login = password === undefined ? 'NOLOGIN' : `LOGIN PASSWORD '${password}'`;
  if (rows.length === 0) await client.query(`CREATE ROLE ${serverRoleName} ${login}`);
  if (password !== undefined || (await canBecome(client))) return;
  await client.query(`GRANT ${serverRoleName} TO CURRENT_USER`);
}

/** Asked by doing it: since PostgreSQL 16 a member of a role need not be allowed to become it. */
async function canBecome(client: pg.ClientBase): Promise<boolean> {
  try {
    await client.query(`SET ROLE ${serverRoleName}`);
    await client.query('RESET ROLE');
    return true;
  } catch (error) {
    if (sqlState(error) === '42501') return false;
    throw error;
  }
}

async function grantRights(client: pg.ClientBase): Promise<void> {
  const { rows } = await client.query<{ done: boolean }>(
    `SELECT bool_and(has_table_privilege($1, name, 'SELECT')) AS done FROM unnest($2::text[]) AS name`,
    [serverRoleName, grants.map(({ table }) => table)],
  );
  if (rows[0]?.done) return;
  try {
    await client.query('BEGIN');
    await client.query(`GRANT USAGE ON SCHEMA reentry, reentry_door TO ${serverRoleName}`);
    for (const { table, privileges } of grants) {
      await client.query(`GRANT ${privileges} ON ${table} TO ${serverRoleName}`);
    }
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}
