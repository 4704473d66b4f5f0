import type { Queryable } from './database.ts';
import { sealedTables } from './server-role.ts';

/** What `doctor` tells of the database. */
export interface StoreDescription {
  readonly kind: 'embedded' | 'external';
  readonly version: string;
  /** PostgreSQL settings as the server states them: `on` or another value. */
  readonly fsync: string;
  readonly fullPageWrites: string;
  readonly synchronousCommit: string;
  readonly dataChecksums: string;
  readonly serverRole: {
    readonly name: string;
    /** True where it may UPDATE, DELETE or TRUNCATE tables of the ledger: the user of an external server that may not create roles. */
    readonly canChangeLedger: boolean;
  };
  readonly databaseBytes: number;
  readonly ledgerBytes: number;
  readonly projectionBytes: number;
  /** Of the embedded server. */
  readonly logFile?: string;
}

interface DescriptionRow {
  readonly version: string;
  readonly fsync: string;
  readonly fullPageWrites: string;
  readonly synchronousCommit: string;
  readonly dataChecksums: string;
  readonly role: string;
  readonly canChangeLedger: boolean;
  readonly databaseBytes: number;
  readonly ledgerBytes: number;
  readonly projectionBytes: number;
}

export async function describeDatabase(
  database: Queryable,
  { kind, logFile }: Pick<StoreDescription, 'kind' | 'logFile'>,
): Promise<StoreDescription> {
  const [row] = await database.query<DescriptionRow & Record<string, unknown>>(
    `WITH ledger AS (
       SELECT ('reentry.' || name)::regclass AS id, name <> 'log_head' AS sealed
       FROM unnest($1::text[] || 'log_head'::text) AS name
     )
     SELECT current_setting('server_version') AS version,
       current_setting('fsync') AS fsync,
       current_setting('full_page_writes') AS "fullPageWrites",
       current_setting('synchronous_commit') AS "synchronousCommit",
       current_setting('data_checksums') AS "dataChecksums",
       current_user AS role,
       (SELECT bool_or(
          has_any_column_privilege(id, 'UPDATE') OR has_table_privilege(id, 'DELETE') OR has_table_privilege(id, 'TRUNCATE')
        ) FROM ledger WHERE sealed) AS "canChangeLedger",
       pg_database_size(current_database()) AS "databaseBytes",
       (SELECT sum(pg_total_relation_size(id))::bigint FROM ledger) AS "ledgerBytes",
       (SELECT coalesce(sum(pg_total_relation_size(oid)), 0)::bigint FROM pg_class
        WHERE relnamespace = 'reentry'::regnamespace AND relkind = 'r' AND oid NOT IN (SELECT id FROM ledger)
       ) AS "projectionBytes"`,
    [sealedTables],
  );
  if (row === undefined) throw new Error('the server does not describe itself');
  const { role, canChangeLedger, ...rest } = row;
  return {
    kind,
    ...rest,
    serverRole: { name: role, canChangeLedger },
    ...(logFile === undefined ? {} : { logFile }),
  };
}
