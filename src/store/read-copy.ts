import copyStreams from 'pg-copy-streams';
import type { CopyRow } from './copy-rows.ts';
import type { Database } from './database.ts';

/**
 * Reads rows with COPY in its binary format: bytes come as they are, where an ordinary query sends two hex digits for each.
 * The fields are views of one buffer. `select` takes no parameters and must hold nothing from outside.
 */
export function readCopy(database: Database, select: string): Promise<readonly CopyRow[]> {
  return database.onConnection(async (client) => {
    const chunks: Buffer[] = [];
    const stream = client.query(copyStreams.to(`COPY (${select}) TO STDOUT (FORMAT binary)`));
    for await (const chunk of stream) chunks.push(chunk);
    return decodeRows(Buffer.concat(chunks));
  });
}

/** Signature and flags, then the length of an extension that no version of PostgreSQL sends. */
const headerBytes = 19;

/** The counterpart of `encodeRows` (PostgreSQL documentation, COPY, "Binary Format"). */
function decodeRows(bytes: Buffer): readonly CopyRow[] {
  const rows: CopyRow[] = [];
  let at = headerBytes;
  for (;;) {
    const fields = bytes.readInt16BE(at);
    at += 2;
    if (fields < 0) return rows;
    const row: (Uint8Array | null)[] = [];
    for (let field = 0; field < fields; field += 1) {
      const length = bytes.readInt32BE(at);
      at += 4;
      row.push(length < 0 ? null : bytes.subarray(at, at + length));
      at += Math.max(0, length);
    }
    rows.push(row);
  }
}
