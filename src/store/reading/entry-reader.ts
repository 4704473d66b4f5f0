import type { LinkedCheckpoint, SealedEntry, StoredCheckpoint } from '../../app/ports.ts';
import type { EntryReader } from '../../app/serving-ports.ts';
import type { Queryable, Row } from '../database.ts';
import { tenant } from '../tenant.ts';

export function entryReader(database: Queryable): EntryReader {
  return {
    sealed: async (log, index) => {
      const [found] = await database.query<SealedEntry & Row>(
        `SELECT entry.seq, entry.entry, payload.salt, payload.payload FROM reentry.log_entry AS entry
         LEFT JOIN reentry.log_payload AS payload USING (tenant_id, log, seq)
         WHERE entry.tenant_id = $1 AND entry.log = $2 AND entry.seq = $3`,
        [tenant, log, index],
      );
      return found;
    },
    checkpointsBefore: (log, before, limit) =>
      database.query<LinkedCheckpoint & Row>(
        `SELECT size, root, note, previous_size AS "previousSize" FROM reentry.log_checkpoint
         WHERE tenant_id = $1 AND log = $2 AND size < coalesce($3::bigint, 9223372036854775807)
         ORDER BY size DESC LIMIT $4`,
        [tenant, log, before, limit],
      ),
    firstCovering: async (log, index) => {
      const [found] = await database.query<StoredCheckpoint & Row>(
        `SELECT size, root, note FROM reentry.log_checkpoint
         WHERE tenant_id = $1 AND log = $2 AND size > $3 ORDER BY size LIMIT 1`,
        [tenant, log, index],
      );
      return found;
    },
  };
}
