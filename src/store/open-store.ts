import pg from 'pg';
import type { DeliveryStore } from '../app/delivery-ports.ts';
import type { HostProgress, PublishedChecks } from '../app/host-ports.ts';
import type { LedgerWriter, ProjectionStore } from '../app/ports.ts';
import type { ChangeReader, EntryReader } from '../app/serving-ports.ts';
import type { OwnerConnection, QueueDatabase, WorkStore } from '../app/work-ports.ts';
import { AppError } from '../core/errors.ts';
import { type DataFolder, openDataFolder } from './data-folder.ts';
import { Database, sessionSettings } from './database.ts';
import { databaseError, type ExplainLoss, sqlState, unreachable } from './database-error.ts';
import { deliveryStore } from './deliveries.ts';
import { describeDatabase, type StoreDescription } from './describe-database.ts';
import { type EmbeddedServer, startEmbeddedServer } from './embedded/embedded-server.ts';
import { databaseName, ownerName } from './embedded/settings.ts';
import { hostProgress } from './host-progress.ts';
import { ledgerStore } from './ledger-store.ts';
import { migrations } from './migrations/all.ts';
import { migrate } from './migrations/migrate.ts';
import { projectionStore } from './projection-store.ts';
import { publishedChecks } from './published-checks.ts';
import { changeReader } from './reading/change-reader.ts';
import { entryReader } from './reading/entry-reader.ts';
import { prepareServerRole, serverRoleName } from './server-role.ts';
import { workStore } from './work-store.ts';

export interface Store {
  readonly ledger: LedgerWriter;
  readonly projections: ProjectionStore;
  readonly changes: ChangeReader;
  readonly entries: EntryReader;
  readonly work: WorkStore;
  readonly deliveries: DeliveryStore;
  readonly checks: PublishedChecks;
  readonly hostProgress: HostProgress;
  readonly queue: QueueDatabase;
  /** How this server connects: plain data, for pools and threads beside this one. */
  readonly connection: pg.ClientConfig;
  describe(): Promise<StoreDescription>;
  /** Waits for what is under way, closes the connections, stops the embedded server. May be called twice. */
  close(): Promise<void>;
}

export interface OpenStoreOptions {
  /** A path is taken and released by the store itself. */
  readonly dataFolder: DataFolder | string;
  /** A PostgreSQL 15 or newer; none is started then. */
  readonly databaseUrl?: string;
  /** Creates what a library keeps in schemas of its own, once the migrations are done. */
  readonly prepare?: (owner: OwnerConnection) => Promise<void>;
}

/**
 * Opens the database, embedded in the data folder or named by address, and brings its schema up to date.
 * Errors: those of the data folder; POSTGRES_MISSING, POSTGRES_NOT_STARTING, DISK_FULL; DATABASE_UNREACHABLE,
 * DATABASE_NEWER, DATABASE_TAMPERED.
 */
export async function openStore({ dataFolder, databaseUrl, prepare }: OpenStoreOptions): Promise<Store> {
  const folder = typeof dataFolder === 'string' ? await openDataFolder(dataFolder) : dataFolder;
  const release = async () => {
    if (typeof dataFolder === 'string') await folder.release();
  };
  try {
    return databaseUrl === undefined
      ? await openEmbedded(folder, release, prepare)
      : await openExternal(databaseUrl, release, prepare);
  } catch (error) {
    await release();
    throw error;
  }
}

/** A database that can be reached, before it is looked into. */
interface Source {
  readonly kind: StoreDescription['kind'];
  readonly logFile?: string;
  /** Named to the reader when its disk is full. */
  readonly place: string;
  /** For migrations, and for everything where there is no server role. */
  readonly owner: pg.ClientConfig;
  readonly serverRole: pg.ClientConfig;
  /** The server role's own, where it can log in. */
  readonly password?: string;
  readonly explainLoss: ExplainLoss;
  readonly stop: () => Promise<void>;
  readonly prepare: OpenStoreOptions['prepare'];
}

async function openEmbedded(
  folder: DataFolder,
  release: () => Promise<void>,
  prepare: OpenStoreOptions['prepare'],
): Promise<Store> {
  const server = await startEmbeddedServer(folder);
  const address = embeddedAddress(server);
  return openSource({
    kind: 'embedded',
    logFile: server.logFile,
    place: folder.path,
    owner: { ...address, user: ownerName },
    serverRole: { ...address, user: serverRoleName },
    password: server.password,
    explainLoss: async (cause) =>
      sqlState(cause) === wrongPassword
        ? new AppError(
            'POSTGRES_NOT_STARTING',
            { detail: 'the password file is not the one of this database', log: server.logFile },
            { cause },
          )
        : server.whyLost(cause),
    stop: async () => {
      await server.stop();
      await release();
    },
    prepare,
  });
}

/** Complete, so that no variable of the environment (PGHOST, PGSSLMODE …) is looked at. */
function embeddedAddress(server: EmbeddedServer) {
  return {
    host: server.socketFolder,
    port: server.port,
    database: databaseName,
    password: server.password,
    ssl: false,
    options: sessionOptions,
  };
}

const wrongPassword = '28P01';
/** What is listed is in memory: an index costs little more than reading a table from end to end. */
const sessionOptions = '-c synchronous_commit=on -c random_page_cost=1.1';

async function openExternal(
  databaseUrl: string,
  release: () => Promise<void>,
  prepare: OpenStoreOptions['prepare'],
): Promise<Store> {
  return openSource({
    kind: 'external',
    place: 'the database server',
    owner: { connectionString: withOptions(databaseUrl, sessionOptions) },
    serverRole: { connectionString: withOptions(databaseUrl, `${sessionOptions} -c role=${serverRoleName}`) },
    explainLoss: async (cause) => unreachable(cause, databaseUrl),
    stop: release,
    prepare,
  });
}

/**
 * Session settings go into the address itself, since what stands there wins over what stands beside it. It is not taken
 * apart: node-postgres accepts forms that are no URLs (`postgres://user@/name?host=/folder`).
 */
function withOptions(databaseUrl: string, options: string): string {
  const given = /[?&]options=([^&]*)/.exec(databaseUrl)?.[1];
  const all = given === undefined ? encodeURIComponent(options) : `${given}%20${encodeURIComponent(options)}`;
  return `${databaseUrl}${databaseUrl.includes('?') ? '&' : '?'}options=${all}`;
}

async function openSource(source: Source): Promise<Store> {
  try {
    const hasRole = await prepareDatabase(source);
    const connection = hasRole ? source.serverRole : source.owner;
    const database = new Database({
      connection,
      place: source.place,
      explainLoss: source.explainLoss,
    });
    let closing: Promise<void> | undefined;
    return {
      ledger: ledgerStore(database),
      projections: projectionStore(database),
      changes: changeReader(database),
      entries: entryReader(database),
      work: workStore(database),
      deliveries: deliveryStore(database),
      checks: publishedChecks(database),
      hostProgress: hostProgress(database),
      queue: database,
      connection,
      describe: () => describeDatabase(database, source),
      close: () => {
        closing ??= closeBoth(database, source);
        return closing;
      },
    };
  } catch (error) {
    await source.stop();
    throw error;
  }
}

async function closeBoth(database: Database, source: Source): Promise<void> {
  try {
    await database.close();
  } finally {
    await source.stop();
  }
}

/** Schema and role, on a connection of the owner's that is closed again. True where the server role may be used. */
async function prepareDatabase({ owner, password, place, explainLoss, prepare }: Source): Promise<boolean> {
  const client = await connect(owner).catch(async (cause: unknown) => {
    throw await explainLoss(cause);
  });
  try {
    await checkServer(client);
    await migrate(client, migrations);
    const hasRole = await prepareServerRole(client, password);
    await prepare?.({
      executeSql: (text, values = []) => client.query(text, values),
      serverRole: hasRole ? serverRoleName : undefined,
    });
    return hasRole;
  } catch (error) {
    if (sqlState(error) !== insufficientPrivilege) throw await databaseError(error, place, explainLoss);
    const detail = `its user may not create the tables: ${error instanceof Error ? error.message : ''}`;
    throw new AppError('DATABASE_UNREACHABLE', { detail }, { cause: error });
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function connect(owner: pg.ClientConfig): Promise<pg.Client> {
  // Migrations take their time.
  const client = new pg.Client({ ...sessionSettings, lock_timeout: 0, statement_timeout: 0, ...owner });
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

const insufficientPrivilege = '42501';
const oldestVersion = 150_000;

async function checkServer(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{
    number: string;
    version: string;
    encoding: string;
    replica: boolean;
  }>(
    `SELECT current_setting('server_version_num') AS number, current_setting('server_version') AS version,
       current_setting('server_encoding') AS encoding, pg_is_in_recovery() AS replica`,
  );
  const server = rows[0];
  if (server === undefined) throw new Error('the server does not tell its version');
  const wrong =
    Number(server.number) < oldestVersion
      ? `it is PostgreSQL ${server.version}, and 15 or newer is needed`
      : server.encoding !== 'UTF8'
        ? `the database's encoding is ${server.encoding}; create it with ENCODING 'UTF8'`
        : server.replica
          ? 'it is a read-only replica'
          : undefined;
  if (wrong !== undefined) throw new AppError('DATABASE_UNREACHABLE', { detail: wrong });
}
