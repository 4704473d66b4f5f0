import { finished } from 'node:stream/promises';
import copyStreams from 'pg-copy-streams';
import type { Connection } from './database.ts';

/** A row in PostgreSQL's binary COPY format: one field a column, null for NULL. */
export type CopyRow = readonly (Uint8Array | null)[];

/** Inserts the rows with COPY, which is the fastest durable way; `target` is `table (column, …)`, never from outside. */
export async function copyRows(
  { client }: Connection,
  target: string,
  rows: readonly CopyRow[],
): Promise<void> {
  const stream = client.query(copyStreams.from(`COPY ${target} FROM STDIN (FORMAT binary)`));
  stream.end(encodeRows(rows));
  await finished(stream);
}

export function int2(value: number): Uint8Array {
  const bytes = Buffer.allocUnsafe(2);
  bytes.writeInt16BE(value);
  return bytes;
}

export function int8(value: number): Uint8Array {
  const bytes = Buffer.allocUnsafe(8);
  bytes.writeBigInt64BE(BigInt(value));
  return bytes;
}

/** Signature, no flags, no header extension (PostgreSQL documentation, COPY, "Binary Format"). */
const header = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1');
const trailer = int2(-1);

/** Every integer in network byte order: per row its number of fields, per field its length or -1 for NULL, then the bytes. */
export function encodeRows(rows: readonly CopyRow[]): Buffer {
  const body = rows.reduce(
    (size, row) => row.reduce((sum, field) => sum + 4 + (field?.length ?? 0), size + 2),
    0,
  );
  const bytes = Buffer.allocUnsafe(header.length + body + trailer.length);
  bytes.set(header, 0);
  let at = header.length;
  for (const row of rows) {
    at = bytes.writeInt16BE(row.length, at);
    for (const field of row) {
      at = bytes.writeInt32BE(field?.length ?? -1, at);
      if (field) bytes.set(field, at);
      at += field?.length ?? 0;
    }
  }
  bytes.set(trailer, at);
  return bytes;
}
