import pg from 'pg';
import { databaseError, type ExplainLoss } from './database-error.ts';

export type Row = Readonly<Record<string, unknown>>;

/** What a query runs on: a connection of its own, or the one of a transaction. */
export interface Queryable {
  query<Result extends Row>(text: string, values?: readonly unknown[]): Promise<readonly Result[]>;
}

export interface DatabaseOptions {
  /** Connection settings of the role that the server works under. */
  readonly connection: pg.PoolConfig;
  /** Named to the reader when the disk is full. */
  readonly place: string;
  readonly explainLoss: ExplainLoss;
}

/** One PostgreSQL database, over a few connections. Failures come as `databaseError` says. */
export class Database implements Queryable {
  readonly #pool: pg.Pool;
  readonly #options: DatabaseOptions;
  readonly #statements = new StatementNames();

  constructor(options: DatabaseOptions) {
    this.#options = options;
    this.#pool = new pg.Pool({
      ...sessionSettings,
      max: 10,
      idleTimeoutMillis: 30_000,
      ...options.connection,
    });
    // A connection that breaks while nobody waits on it reports it as an event; the next query reports it to its caller.
    this.#pool.on('error', () => undefined);
    this.#pool.on('connect', (client) => {
      client.on('error', () => undefined);
    });
  }

  async query<Result extends Row>(text: string, values: readonly unknown[] = []): Promise<readonly Result[]> {
    try {
      return (await this.#pool.query<Result>(text, [...values])).rows;
    } catch (error) {
      throw await this.#explained(error);
    }
  }

  /** As `query`, for a statement whose best plan does not depend on the values: the connection makes it once. */
  async queryPrepared<Result extends Row>(
    text: string,
    values: readonly unknown[] = [],
  ): Promise<readonly Result[]> {
    try {
      const name = this.#statements.nameOf(text);
      return (await this.#pool.query<Result>({ ...(name && { name }), text, values: [...values] })).rows;
    } catch (error) {
      throw await this.#explained(error);
    }
  }

  /** As a library of somebody else's asks: the driver's own answer, of several statements where the text holds several. */
  async executeSql(text: string, values: readonly unknown[] = []): Promise<pg.QueryResult> {
    try {
      return await this.#pool.query(text, [...values]);
    } catch (error) {
      throw await this.#explained(error);
    }
  }

  /**
   * Runs `work` in one transaction: all of it is durable when this resolves, none of it is kept when it rejects. If the
   * connection breaks during the commit itself, nobody can tell which of the two happened; it rejects.
   */
  async transaction<Result>(work: (connection: Connection) => Promise<Result>): Promise<Result> {
    try {
      const client = await this.#pool.connect();
      return await inTransaction(client, work);
    } catch (error) {
      throw await this.#explained(error);
    }
  }

  /** Lends one connection, for what is more than a query; one that failed is not used again. */
  async onConnection<Result>(work: (client: pg.ClientBase) => Promise<Result>): Promise<Result> {
    try {
      const client = await this.#pool.connect();
      let broken = true;
      try {
        const result = await work(client);
        broken = false;
        return result;
      } finally {
        client.release(broken);
      }
    } catch (error) {
      throw await this.#explained(error);
    }
  }

  async close(): Promise<void> {
    await this.#pool.end();
  }

  #explained(error: unknown): Promise<unknown> {
    return databaseError(error, this.#options.place, this.#options.explainLoss);
  }
}

/** Callers choose what is asked for, and with it the texts: each connection keeps the plans of so many and no more. */
const keptStatements = 200;

class StatementNames {
  readonly #names = new Map<string, string>();

  /** Undefined once there are too many: such a statement is planned each time. */
  nameOf(text: string): string | undefined {
    const known = this.#names.get(text);
    if (known !== undefined || this.#names.size >= keptStatements) return known;
    const name = `kept_${this.#names.size}`;
    this.#names.set(text, name);
    return name;
  }
}

/** The connection of one transaction. */
export interface Connection extends Queryable {
  /** For COPY. */
  readonly client: pg.ClientBase;
}

async function inTransaction<Result>(
  client: pg.PoolClient,
  work: (connection: Connection) => Promise<Result>,
): Promise<Result> {
  let broken = false;
  try {
    await client.query('BEGIN');
    const result = await work(connectionOf(client));
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
}

function connectionOf(client: pg.ClientBase): Connection {
  return {
    client,
    query: async <Result extends Row>(text: string, values: readonly unknown[] = []) =>
      (await client.query<Result>(text, [...values])).rows,
  };
}

/** bigint as a number: sizes and indexes stay below 2^53, and one that does not must not be rounded silently. */
function safeInteger(text: string): number {
  const number = Number(text);
  if (!Number.isSafeInteger(number)) throw new RangeError(`${text} is too large for an index`);
  return number;
}

const types: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
    oid === pg.types.builtins.INT8 ? safeInteger : pg.types.getTypeParser(oid, format ?? 'text')) as never,
};

/** For every connection that we make. */
export const sessionSettings = {
  types,
  application_name: 'reentry',
  connectionTimeoutMillis: 15_000,
  keepAlive: true,
  statement_timeout: 120_000,
  lock_timeout: 60_000,
  idle_in_transaction_session_timeout: 600_000,
} as const satisfies pg.ClientConfig;
