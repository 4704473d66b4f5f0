import pg from 'pg';

export type Row = Readonly<Record<string, unknown>>;

export interface Queryable {
  query<Result extends Row>(text: string, values?: readonly unknown[]): Promise<readonly Result[]>;
}

/** A few connections of the door's own, under the role of the server. */
export interface DoorDatabase extends Queryable {
  /** For the sign-in library; its tables are found without naming their schema. */
  readonly pool: pg.Pool;
  /** All of it is durable when this resolves, none of it is kept when it rejects. */
  transaction<Result>(work: (connection: Queryable) => Promise<Result>): Promise<Result>;
  close(): Promise<void>;
}

export function openDoorDatabase(connection: pg.ClientConfig): DoorDatabase {
  const pool = new pg.Pool({
    application_name: 'reentry door',
    connectionTimeoutMillis: 15_000,
    keepAlive: true,
    statement_timeout: 30_000,
    lock_timeout: 15_000,
    idle_in_transaction_session_timeout: 60_000,
    ...connection,
    max: 5,
    // Not in the address: what stands there wins over what stands beside it.
    // The pool waits for it, whatever its types say.
    onConnect: useDoorSchema as (client: pg.ClientBase) => void,
  });
  // A connection that breaks while nobody waits on it reports it as an event; the next query reports it to its caller.
  pool.on('error', () => undefined);
  // The pool's own ear is gone while it ends a connection; without another one that would end the process.
  pool.on('connect', (client) => {
    client.on('error', () => undefined);
  });
  return {
    pool,
    query: queryOn(pool),
    transaction: async (work) => {
      const client = await pool.connect();
      let broken = false;
      try {
        await client.query('BEGIN');
        const result = await work({ query: queryOn(client) });
        // In a transaction that has failed, COMMIT answers ROLLBACK and no error.
        const { command } = await client.query('COMMIT');
        if (command !== 'COMMIT') throw new Error('the transaction had failed before its commit');
        return result;
      } catch (error) {
        await client.query('ROLLBACK').catch(() => {
          broken = true;
        });
        throw error;
      } finally {
        client.release(broken);
      }
    },
    close: () => pool.end(),
  };
}

async function useDoorSchema(client: pg.ClientBase): Promise<void> {
  await client.query('SET search_path = reentry_door');
}

function queryOn(client: Pick<pg.Pool | pg.ClientBase, 'query'>): Queryable['query'] {
  return async <Result extends Row>(text: string, values: readonly unknown[] = []) =>
    (await (client as pg.Pool).query<Result>({ name: nameOf(text), text, values: [...values] })).rows;
}

/**
 * A name has a connection plan the statement once: every request asks who asks, and planning that takes longer than answering
 * it. The door's statements are few, and each has one text.
 */
function nameOf(text: string): string {
  const name = names.get(text) ?? `door_${names.size}`;
  names.set(text, name);
  return name;
}

const names = new Map<string, string>();

export function isUniqueViolation(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === '23505';
}
