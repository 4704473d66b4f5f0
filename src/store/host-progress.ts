import type { HostProgress } from '../app/host-ports.ts';
import { storedText } from '../core/evidence/stored-text.ts';
import type { Database } from './database.ts';
import { tenant } from './tenant.ts';

export function hostProgress(database: Database): HostProgress {
  return {
    cursor: async (repositoryHostId) => {
      const [row] = await database.query<{ cursor: string }>(
        'SELECT cursor FROM reentry.host_progress WHERE tenant_id = $1 AND repository_host_id = $2',
        [tenant, storedText(repositoryHostId)],
      );
      return row?.cursor ?? null;
    },
    setCursor: async (repositoryHostId, cursor) => {
      await database.query(
        `INSERT INTO reentry.host_progress (tenant_id, repository_host_id, cursor) VALUES ($1, $2, $3)
         ON CONFLICT (tenant_id, repository_host_id) DO UPDATE SET cursor = excluded.cursor`,
        [tenant, storedText(repositoryHostId), storedText(cursor)],
      );
    },
  };
}
