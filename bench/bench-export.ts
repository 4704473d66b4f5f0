import { readFileSync, writeFileSync } from 'node:fs';
import type pg from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import { endpoints } from '../src/contract/endpoints.ts';
import { changeColumns } from './page-cases.ts';
import { connectByHand, type PageDatabase } from './page-database.ts';
import { median, type Ratio } from './ratio.ts';
import { type ServedPages, servePages } from './served-pages.ts';

const fewRows = 10_000;

/** CSV of ten thousand changes, and of all: against the same rows by hand, and in memory. */
export async function* benchExport(database: PageDatabase, rounds: number): AsyncGenerator<Ratio> {
  await using served = await servePages(database, 1);
  const hand = await connectByHand(database.databaseUrl);
  try {
    const day = await firstDayOf(hand, fewRows);
    const few = `${endpoints.exportChanges.path}?from=${day}`;
    const all = endpoints.exportChanges.path;
    const rows = `SELECT ${changeColumns} FROM reentry.change WHERE tenant_id = 1 AND merged_at >= '${day}'
      ORDER BY merged_at DESC, ordinal DESC`;
    const sides = {
      ours: () => served.get(few),
      select: () => hand.query(rows),
      copy: () => readCopy(hand, rows),
    };
    const times = await takeTurns(sides, rounds);
    yield {
      name: '10,000 rows as CSV / SELECT',
      value: times.ours / times.select,
      limit: 3,
      unit: '×',
      detail: `${times.ours.toFixed(0)} ms to ${times.select.toFixed(0)} ms over pg; COPY as CSV takes ${times.copy.toFixed(0)} ms`,
    };

    const grown: Record<'few' | 'all', number[]> = { few: [], all: [] };
    for (let round = 0; round < rounds; round += 1) {
      grown.few.push(await growthMb(served, few));
      grown.all.push(await growthMb(served, all));
    }
    yield memory(`CSV of ${fewRows} rows, growth`, grown.few);
    yield memory(`CSV of ${database.changes} rows, growth`, grown.all);
  } finally {
    await hand.end();
  }
}

async function firstDayOf(hand: pg.Client, rows: number): Promise<string> {
  const found = await hand.query<{ day: string }>(
    `SELECT left(merged_at, 10) AS day FROM reentry.change WHERE tenant_id = 1
     ORDER BY merged_at DESC OFFSET ${rows - 1} LIMIT 1`,
  );
  return found.rows[0]?.day ?? '1970-01-01';
}

async function readCopy(hand: pg.Client, rows: string): Promise<void> {
  for await (const _ of hand.query(copyTo(`COPY (${rows}) TO STDOUT WITH (FORMAT csv, HEADER)`)));
}

type Sides<Value> = Readonly<Record<'ours' | 'select' | 'copy', Value>>;

async function takeTurns(sides: Sides<() => Promise<unknown>>, rounds: number): Promise<Sides<number>> {
  const times = { ours: [] as number[], select: [] as number[], copy: [] as number[] };
  // The first rounds warm all up.
  for (let round = -3; round < rounds; round += 1) {
    for (const name of ['ours', 'select', 'copy'] as const) {
      const started = performance.now();
      await sides[name]();
      if (round >= 0) times[name].push(performance.now() - started);
    }
  }
  return { ours: median(times.ours), select: median(times.select), copy: median(times.copy) };
}

/** By how much the server's resident memory rises while it sends the answer. */
async function growthMb({ get, pid }: ServedPages, path: string): Promise<number> {
  // The kernel then counts its high-water mark anew (proc_pid_clear_refs(5)).
  writeFileSync(`/proc/${pid}/clear_refs`, '5');
  const before = statusMb(pid, 'VmRSS');
  await get(path);
  return statusMb(pid, 'VmHWM') - before;
}

function statusMb(pid: number, name: 'VmRSS' | 'VmHWM'): number {
  const line = new RegExp(`${name}:\\s+(\\d+) kB`).exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return Number(line?.[1] ?? 0) / 1024;
}

function memory(name: string, grown: readonly number[]): Ratio {
  const detail = `of the resident memory; at most ${Math.max(...grown).toFixed(0)} MB`;
  return { name, value: median(grown), limit: 20, unit: 'MB', detail };
}
