import type { KeptCheck, PublishedChecks } from '../app/host-ports.ts';
import { storedText } from '../core/evidence/stored-text.ts';
import type { Database } from './database.ts';
import { tenant } from './tenant.ts';

export function publishedChecks(database: Database): PublishedChecks {
  return {
    find: async (repositoryHostId, headSha) => {
      const [row] = await database.query<KeptCheck & Record<string, unknown>>(
        `SELECT check_id AS "checkId", digest FROM reentry.published_check
         WHERE tenant_id = $1 AND repository_host_id = $2 AND head_sha = $3`,
        [tenant, storedText(repositoryHostId), storedText(headSha)],
      );
      return row;
    },
    put: async (repositoryHostId, headSha, { checkId, digest }) => {
      await database.query(
        `INSERT INTO reentry.published_check (tenant_id, repository_host_id, head_sha, check_id, digest)
         VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (tenant_id, repository_host_id, head_sha) DO UPDATE
         SET check_id = excluded.check_id, digest = excluded.digest`,
        [tenant, storedText(repositoryHostId), storedText(headSha), storedText(checkId), digest],
      );
    },
  };
}
