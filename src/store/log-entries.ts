import type { AppendOutcome, LogName, NewEntry, SealedEntry } from '../app/ports.ts';
import { AppError } from '../core/errors.ts';
import { commitmentTo, encodeEntry } from '../core/tlog/entry.ts';
import { hmacSha256 } from '../core/tlog/node-primitives.ts';
import { type CopyRow, copyRows, int2, int8 } from './copy-rows.ts';
import type { Connection, Database, Queryable } from './database.ts';
import { readAhead } from './read-ahead.ts';
import { readCopy } from './read-copy.ts';
import { tenant } from './tenant.ts';

export const maxAppendEntries = 1_024;
const maxPayloadBytes = 64 * 1024 * 1024;

/** An entry as it is stored: checked and sealed, so that what can be wrong with it is known before it waits with others. */
export interface EncodedEntry {
  readonly entry: Uint8Array;
  readonly salt: Uint8Array;
  readonly payload: Uint8Array;
  readonly idempotencyKey: Uint8Array;
}

/** Errors: INPUT_TOO_LARGE; RangeError where a field has the wrong length. */
export function encodeEntries(entries: readonly NewEntry[]): readonly EncodedEntry[] {
  if (entries.length > maxAppendEntries) {
    throw new AppError('INPUT_TOO_LARGE', {
      what: 'An append',
      size: `${entries.length} entries`,
      limit: `${maxAppendEntries} entries`,
    });
  }
  return entries.map(encodeNewEntry);
}

function encodeNewEntry({ kind, timeMs, id, salt, payload, idempotencyKey }: NewEntry): EncodedEntry {
  if (payload.length > maxPayloadBytes) {
    throw new AppError('INPUT_TOO_LARGE', {
      what: 'A payload',
      size: `${payload.length} bytes`,
      limit: `${maxPayloadBytes} bytes`,
    });
  }
  if (idempotencyKey.length !== 32) throw new RangeError(`idempotency key of ${idempotencyKey.length} bytes`);
  const commitment = commitmentTo(hmacSha256, salt, payload);
  return { entry: encodeEntry({ kind, timeMs, id, commitment }), salt, payload, idempotencyKey };
}

/**
 * Appends within the transaction: locks the log's head row, passes over entries whose key is there already, inserts the
 * others with the next numbers and moves the head. The lock holds until the transaction ends: numbers have no gaps.
 */
export async function appendEntries(
  connection: Connection,
  log: LogName,
  entries: readonly EncodedEntry[],
): Promise<AppendOutcome> {
  const size = await lockHead(connection, log);
  // A statement of its own: one that waited for the lock would not see what the writer before it has committed.
  const known = await findKeys(connection, log, entries);
  const fresh: EncodedEntry[] = [];
  const outcomes = entries.map((entry) => {
    const key = keyText(entry.idempotencyKey);
    const before = known.get(key);
    if (before !== undefined) return { seq: before, duplicate: true };
    const seq = size + fresh.length;
    known.set(key, seq);
    fresh.push(entry);
    return { seq, duplicate: false };
  });
  if (fresh.length > 0) await insert(connection, log, size, fresh);
  return { entries: outcomes, size: size + fresh.length };
}

async function lockHead(connection: Connection, log: LogName): Promise<number> {
  const [head] = await connection.query<{ size: number }>(
    'SELECT size FROM reentry.log_head WHERE tenant_id = $1 AND log = $2 FOR UPDATE',
    [tenant, log],
  );
  if (head === undefined) throw new Error(`the log ${log} has no head row`);
  return head.size;
}

async function findKeys(
  connection: Connection,
  log: LogName,
  entries: readonly EncodedEntry[],
): Promise<Map<string, number>> {
  const rows = await connection.query<{ key: Buffer; seq: number }>(
    `SELECT idempotency_key AS key, seq FROM reentry.log_payload
     WHERE tenant_id = $1 AND log = $2 AND idempotency_key = ANY($3::bytea[])`,
    [tenant, log, entries.map(({ idempotencyKey }) => Buffer.from(idempotencyKey))],
  );
  return new Map(rows.map(({ key, seq }) => [keyText(key), seq]));
}

async function insert(
  connection: Connection,
  log: LogName,
  size: number,
  entries: readonly EncodedEntry[],
): Promise<void> {
  const tenantField = int2(tenant);
  const logField = Buffer.from(log, 'utf8');
  await copyRows(
    connection,
    'reentry.log_entry (tenant_id, log, seq, entry)',
    entries.map(({ entry }, index) => [tenantField, logField, int8(size + index), entry]),
  );
  await copyRows(
    connection,
    'reentry.log_payload (tenant_id, log, seq, idempotency_key, salt, payload)',
    entries.map((one, index) => [
      tenantField,
      logField,
      int8(size + index),
      one.idempotencyKey,
      one.salt,
      one.payload,
    ]),
  );
  await connection.query('UPDATE reentry.log_head SET size = $3 WHERE tenant_id = $1 AND log = $2', [
    tenant,
    log,
    size + entries.length,
  ]);
}

function keyText(key: Uint8Array): string {
  return Buffer.from(key.buffer, key.byteOffset, key.length).toString('latin1');
}

export async function logSize(database: Queryable, log: LogName): Promise<number> {
  const [head] = await database.query<{ size: number }>(
    'SELECT size FROM reentry.log_head WHERE tenant_id = $1 AND log = $2',
    [tenant, log],
  );
  return head?.size ?? 0;
}

export interface LogRange {
  readonly log: LogName;
  /** First and first not. */
  readonly from: number;
  readonly to: number;
}

interface StoredEntry {
  readonly seq: number;
  readonly entry: Uint8Array;
}

const entriesPerPage = 8_192;

export async function* readEntryPages(
  database: Queryable,
  { log, from, to }: LogRange,
): AsyncGenerator<readonly StoredEntry[]> {
  for (let next = from; next < to; ) {
    const page = await readEntries(database, { log, from: next, to }, entriesPerPage);
    const last = page.at(-1)?.seq;
    if (last === undefined) return;
    yield page;
    next = last + 1;
  }
}

async function readEntries(
  database: Queryable,
  { log, from, to }: LogRange,
  limit: number,
): Promise<readonly StoredEntry[]> {
  return database.query<StoredEntry & Record<string, unknown>>(
    `SELECT seq, entry FROM reentry.log_entry
     WHERE tenant_id = $1 AND log = $2 AND seq >= $3 AND seq < $4 ORDER BY seq LIMIT $5`,
    [tenant, log, from, to, limit],
  );
}

const sealedPerPage = 512;
const sealedPageBytes = 8 * 1024 * 1024;

/**
 * Pages of at most 512 entries whose payloads stay below 8 MB; a payload larger than that is a page of its own. Each
 * statement is a range of one primary key, which no statistics, or lack of them after a large import, make slow.
 */
export function readSealedPages(database: Database, range: LogRange): AsyncGenerator<readonly SealedEntry[]> {
  // While a page is used, the payloads of the next one are on their way, and the one after that is measured.
  return readAhead(sealedPages(database, readAhead(measuredPages(database, range))));
}

interface MeasuredPage {
  readonly range: LogRange;
  readonly entries: readonly StoredEntry[];
}

async function* measuredPages(database: Database, { log, from, to }: LogRange): AsyncGenerator<MeasuredPage> {
  for (let next = from; next < to; ) {
    const entries = await readEntries(database, { log, from: next, to }, sealedPerPage);
    const last = entries.at(-1)?.seq;
    if (last === undefined) return;
    const end = await pageEnd(database, { log, from: next, to: last + 1 });
    yield { range: { log, from: next, to: end }, entries };
    next = end;
  }
}

async function* sealedPages(
  database: Database,
  pages: AsyncIterable<MeasuredPage>,
): AsyncGenerator<readonly SealedEntry[]> {
  for await (const { range, entries } of pages) yield withPayloads(database, range, entries);
}

/** Where the payloads from `from` on reach 8 MB. Asking for a size does not read what it is the size of. */
async function pageEnd(database: Queryable, { log, from, to }: LogRange): Promise<number> {
  const sizes = await database.query<{ seq: number; bytes: number | null }>(
    `SELECT seq, octet_length(payload) AS bytes FROM reentry.log_payload
     WHERE tenant_id = $1 AND log = $2 AND seq >= $3 AND seq < $4 ORDER BY seq`,
    [tenant, log, from, to],
  );
  let sum = 0;
  for (const [index, { seq, bytes }] of sizes.entries()) {
    sum += bytes ?? 0;
    if (index > 0 && sum > sealedPageBytes) return seq;
  }
  return to;
}

async function withPayloads(
  database: Database,
  { log, from, to }: LogRange,
  entries: readonly StoredEntry[],
): Promise<readonly SealedEntry[]> {
  const payloads = await readCopy(
    database,
    `SELECT seq, salt, payload FROM reentry.log_payload
     WHERE tenant_id = ${tenant} AND log = '${log}' AND seq >= ${Number(from)} AND seq < ${Number(to)}`,
  );
  const bySeq = new Map(payloads.map((row) => [sequenceOf(row), row]));
  return entries
    .filter(({ seq }) => seq < to)
    .map(({ seq, entry }) => {
      const [, salt = null, payload = null] = bySeq.get(seq) ?? [];
      return { seq, entry, salt, payload };
    });
}

function sequenceOf([seq]: CopyRow): number {
  return seq ? Number(Buffer.from(seq).readBigInt64BE()) : -1;
}
