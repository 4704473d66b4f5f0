import copyStreams from 'pg-copy-streams';
import type { CopyRow } from './copy-rows.ts';
import type { Database } from './database.ts';
import { RowDecoder } from './row-decoder.ts';

/**
 * Reads rows with COPY in its binary format: bytes come as they are, where an ordinary query sends two hex digits for each.
 * The fields are views of the chunks in which they came. `select` takes no parameters and must hold nothing from outside.
 */
export function readCopy(database: Database, select: string): Promise<readonly CopyRow[]> {
  return database.onConnection(async (client) => {
    const decoder = new RowDecoder();
    const stream = client.query(copyStreams.to(`COPY (${select}) TO STDOUT (FORMAT binary)`));
    for await (const chunk of stream) decoder.push(chunk);
    return decoder.rows;
  });
}
