import type { LedgerStore, LogName, SealedEntry } from '../app/ports.ts';
import { DurableFolder } from './durable-folder.ts';
import { type Finding, type FindingCode, Findings } from './log-findings.ts';
import { PageCursor } from './page-cursor.ts';
import { compareStalePartials } from './stale-partials.ts';
import { type Heads, readHeads, type SignedHead } from './verify-heads.ts';
import { RowCheck, type RowCheckOptions } from './verify-rows.ts';
import { TreeWalk } from './verify-tree.ts';

export interface VerifyLogOptions extends RowCheckOptions {
  /** Where `checkpoint`, `vkey` and `tile/` lie; only read. */
  readonly folder: string;
  readonly log: LogName;
  /** The public key that the caller trusts. Without it the file `vkey` of the folder is believed. */
  readonly vkey?: string;
  /** Without it files and signature alone are checked. */
  readonly store?: LedgerStore;
  readonly onProgress?: (done: number, total: number) => void;
}

export interface LogReport {
  readonly log: LogName;
  /** Name of the key; null where it is unusable. */
  readonly origin: string | null;
  /** The largest tree head whose signature holds, which everything was checked against; null where there is none. */
  readonly checkpoint: SignedHead | null;
  /** Entries that were walked. */
  readonly entries: number;
  /** Entries of the database that no checkpoint covers yet: normal for a moment, and after a crash. */
  readonly unpublished: number;
  /** The first hundred, and at least one of each code; none means that everything holds. */
  readonly findings: readonly Finding[];
  /** How many there are of each code. */
  readonly counts: ReadonlyMap<FindingCode, number>;
}

/**
 * Walks a log from payload over commitment, entry, leaf, tile and root to the signature, and compares database and files both
 * ways. Reads each entry once, in order; memory stays flat. Whatever was tampered with becomes a finding, never an exception:
 * those are for the machine's failures (EVIDENCE_INVALID where a file may not be read, the store's own).
 */
export async function verifyLog(options: VerifyLogOptions): Promise<LogReport> {
  const { folder, log, store } = options;
  const files = new DurableFolder(folder, { log });
  const findings = new Findings(log);
  const heads = await readHeads({ log, folder, files, store, vkey: options.vkey }, findings);
  const rows = store && new PageCursor(store.readSealed(log, 0, heads.held));
  const checkpoints = store && new PageCursor(store.checkpoints(log));
  const rowCheck = new RowCheck(findings, options);
  const walk = new TreeWalk({ files, rows, checkpoints }, heads, rowCheck, findings);
  try {
    await walk.run(options.onProgress ?? (() => undefined));
    for await (const checkpoint of rest(checkpoints)) walk.compareCheckpoint(checkpoint);
    if (rows) await checkUnpublished(rows, rowCheck, heads);
  } finally {
    await rows?.close();
    await checkpoints?.close();
  }
  rowCheck.finish();
  if (store) await findExtraRows(log, store, findings);
  if (walk.size === heads.size) await compareStalePartials(folder, files, heads.size, findings);
  return {
    log,
    origin: heads.verifier?.name ?? null,
    checkpoint: heads.newest ?? null,
    entries: walk.size,
    unpublished: Math.max(0, heads.held - heads.size),
    findings: findings.kept,
    counts: findings.counts,
  };
}

const restAtOnce = 512;

async function* rest<Item>(cursor: PageCursor<Item> | undefined): AsyncGenerator<Item, undefined> {
  for (;;) {
    let left = restAtOnce;
    const items = (await cursor?.takeWhile(() => left-- > 0)) ?? [];
    if (items.length === 0) return undefined;
    yield* items;
  }
}

/** The rows from the signed size on; what the walk left of those before belongs to a log that is cut off, which it said. */
async function checkUnpublished(
  rows: PageCursor<SealedEntry>,
  rowCheck: RowCheck,
  { size, held }: Heads,
): Promise<void> {
  let expected = size;
  for await (const row of rest(rows)) {
    for (; expected < row.seq; expected += 1) rowCheck.missing(expected);
    if (row.seq < expected) continue;
    rowCheck.unpublished(row);
    await rowCheck.ready;
    expected += 1;
  }
  for (; expected < held; expected += 1) rowCheck.missing(expected);
}

/** Rows beyond what the log's head row counts; asked again, for a live log grows. */
async function findExtraRows(log: LogName, store: LedgerStore, findings: Findings): Promise<void> {
  const end = await store.size(log);
  for await (const page of store.readEntries(log, end, Number.MAX_SAFE_INTEGER)) {
    const now = await store.size(log);
    for (const { seq } of page) {
      if (seq >= now) findings.add('row-extra', `the log ends at ${now}`, { index: seq });
    }
  }
}
