import { randomUUID } from 'node:crypto';
import type { DeliveryRow, DeliveryStore } from '../app/delivery-ports.ts';
import { storedText } from '../core/evidence/stored-text.ts';
import type { Database } from './database.ts';
import { tenant } from './tenant.ts';

/** The bookkeeping of webhook deliveries in PostgreSQL. */
export function deliveryStore(database: Database): DeliveryStore {
  return {
    isStored: async (host, deliveryId) => {
      const rows = await database.query(
        `SELECT FROM reentry.delivery
         WHERE tenant_id = $1 AND host = $2 AND delivery_id = $3 AND outcome IN ('stored', 'duplicate') LIMIT 1`,
        [tenant, host, storedText(deliveryId)],
      );
      return rows.length > 0;
    },
    add: (row) => insertDelivery(database, row),
    newest: (host, limit) => selectDeliveries(database, '', [host, limit]),
    newestSigned: async (host) => {
      const [row] = await selectDeliveries(database, `AND outcome <> 'refused'`, [host, 1]);
      return row;
    },
  };
}

function selectDeliveries(
  database: Database,
  condition: string,
  [host, limit]: readonly [host: string, limit: number],
): Promise<readonly DeliveryRow[]> {
  return database.query<DeliveryRow & Record<string, unknown>>(
    `SELECT host, delivery_id AS "deliveryId", event, action, received_at AS "receivedAt", outcome, facts, bytes,
       digest, detail
     FROM reentry.delivery WHERE tenant_id = $1 AND host = $2 ${condition}
     ORDER BY received_at DESC, receipt_id LIMIT $3`,
    [tenant, host, limit],
  );
}

async function insertDelivery(database: Database, row: DeliveryRow): Promise<void> {
  const { host, deliveryId, event, action, receivedAt, outcome, facts, bytes, digest, detail } = row;
  const texts = [host, deliveryId, event, action, receivedAt, outcome].map(
    (text) => text && storedText(text),
  );
  await database.query(
    `INSERT INTO reentry.delivery (tenant_id, receipt_id, host, delivery_id, event, action, received_at, outcome,
       facts, bytes, digest, detail)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
    [tenant, randomUUID(), ...texts, facts, bytes, Buffer.from(digest), detail && storedText(detail)],
  );
}
