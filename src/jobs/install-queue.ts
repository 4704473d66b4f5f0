import { getConstructionPlans, getMigrationPlans } from 'pg-boss';
import library from 'pg-boss/package.json' with { type: 'json' };
import { type OwnerConnection, queueSchema } from '../app/work-ports.ts';
import { AppError } from '../core/errors.ts';

const newest = library.pgboss.schema;

/**
 * Creates the tables of the job queue or brings them up to date, and lets the server use them: it may change rows, no
 * definitions. Error: DATABASE_NEWER.
 */
export async function installQueue(owner: OwnerConnection): Promise<void> {
  const version = await installedVersion(owner);
  if (version === undefined) await createQueue(owner);
  else if (version > newest) throw new AppError('DATABASE_NEWER', { migration: `job queue ${version}` });
  else if (version < newest) await upgradeQueue(owner, version);
  await grantRights(owner);
}

async function installedVersion(owner: OwnerConnection): Promise<number | undefined> {
  const found = await owner.executeSql('SELECT to_regclass($1) AS name', [`${queueSchema}.version`]);
  if (found.rows[0]?.name === null) return undefined;
  const { rows } = await owner.executeSql(`SELECT version FROM ${queueSchema}.version`);
  return Number(rows[0]?.version);
}

/** The schema only where it is missing: a user who may not create schemas can be given one. */
async function createQueue(owner: OwnerConnection): Promise<void> {
  const { rows } = await owner.executeSql('SELECT to_regnamespace($1)::text AS name', [queueSchema]);
  if (rows[0]?.name === null) await owner.executeSql(`CREATE SCHEMA ${queueSchema}`);
  await owner.executeSql(getConstructionPlans(queueSchema, { createSchema: false }));
}

/** Indexes are built at once: nobody else is at work here yet, and several statements sent together are a transaction. */
async function upgradeQueue(owner: OwnerConnection, version: number): Promise<void> {
  const plans = getMigrationPlans(queueSchema, version);
  await owner.executeSql(plans.replaceAll(/\b(INDEX) CONCURRENTLY\b/g, '$1'));
}

async function grantRights({ executeSql, serverRole }: OwnerConnection): Promise<void> {
  if (serverRole === undefined) return;
  await executeSql(`
    GRANT USAGE ON SCHEMA ${queueSchema} TO ${serverRole};
    GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA ${queueSchema} TO ${serverRole};
    GRANT USAGE ON ALL SEQUENCES IN SCHEMA ${queueSchema} TO ${serverRole};
  `);
}
