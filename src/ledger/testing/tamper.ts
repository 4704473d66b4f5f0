import { randomBytes } from 'node:crypto';
import { copyFile, cp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SealedEntry } from '../../app/ports.ts';
import { commitmentTo, encodeEntry } from '../../core/tlog/entry.ts';
import { hmacSha256 } from '../../core/tlog/node-primitives.ts';
import { openKeys } from '../keys.ts';
import type { Finding } from '../log-findings.ts';
import { openLog } from '../open-log.ts';
import type { LogFixture } from './log-fixture.ts';

/** What can be done to a log by whoever has its machine. */
export type Tamper = (fixture: LogFixture) => Promise<void> | void;

/** Code and place of a finding, in short: `code`, `code index`, `code path`. */
export function tell({ code, index, tile }: Finding): string {
  return [code, index, tile].filter((part) => part !== undefined).join(' ');
}

/** 600 entries, with checkpoints of 0, 3, 260 and 600. */
export async function grow600(fixture: LogFixture): Promise<void> {
  await fixture.grow(await fixture.open(), 0, 3, 260, 600);
}

export function editRow(
  { ledger }: LogFixture,
  seq: number,
  edit: (row: SealedEntry) => Partial<SealedEntry>,
): void {
  const { rows } = ledger.logs.events;
  const row = rows[seq];
  if (row) rows[seq] = { ...row, ...edit(row) };
}

export function editCheckpoint(
  { ledger }: LogFixture,
  at: number,
  edit: (checkpoint: { root: Uint8Array; note: string }) => { root?: Uint8Array; note?: string },
): void {
  const { checkpoints } = ledger.logs.events;
  const checkpoint = checkpoints[at];
  if (checkpoint) checkpoints[at] = { ...checkpoint, ...edit(checkpoint) };
}

export function exchange(
  fixture: LogFixture,
  one: number,
  other: number,
  part: (row: SealedEntry) => Partial<SealedEntry>,
): void {
  const [first, second] = [one, other].map((seq) => fixture.ledger.logs.events.rows[seq]);
  if (!first || !second) throw new Error('no such rows');
  editRow(fixture, one, () => ({ ...part(second), seq: one }));
  editRow(fixture, other, () => ({ ...part(first), seq: other }));
}

export function resealed(salt: Uint8Array, payload: Uint8Array): Partial<SealedEntry> {
  const commitment = commitmentTo(hmacSha256, salt, payload);
  return { salt, payload, entry: encodeEntry({ kind: 1, timeMs: 5, id: Buffer.alloc(16), commitment }) };
}

/** What somebody with the whole machine but without the key can do: everything agrees, but for what was signed. */
export async function rewriteHistory(fixture: LogFixture): Promise<void> {
  const { ledger, folder, dataFolder } = fixture;
  editRow(fixture, 2, ({ salt }) => resealed(salt ?? Buffer.alloc(32), Buffer.from('forged')));
  ledger.logs.evidence.rows = ledger.logs.events.rows;
  ledger.logs.evidence.size = 600;
  const other = await openKeys({ dataFolder: join(dataFolder, 'other'), randomBytes, sealed: false });
  const elsewhere = join(dataFolder, 'other', 'log');
  await (await openLog({ folder: elsewhere, log: 'evidence', key: other.events, store: ledger })).publish();
  await rm(join(folder, 'tile'), { recursive: true });
  await cp(join(elsewhere, 'tile'), join(folder, 'tile'), { recursive: true });
}

/** The checkpoint of the same tree, signed by another deployment's key. */
export async function foreignCheckpoint(
  { ledger, folder, dataFolder }: LogFixture,
  size: number,
): Promise<void> {
  const other = await openKeys({ dataFolder: join(dataFolder, 'other'), randomBytes, sealed: false });
  ledger.logs.evidence.rows = ledger.logs.events.rows;
  ledger.logs.evidence.size = size;
  const elsewhere = join(dataFolder, 'other', 'log');
  await (await openLog({ folder: elsewhere, log: 'evidence', key: other.events, store: ledger })).publish();
  await copyFile(join(elsewhere, 'checkpoint'), join(folder, 'checkpoint'));
}

export function remove(path: string): (fixture: LogFixture) => Promise<void> {
  return ({ folder }) => rm(join(folder, path), { recursive: true });
}

export function change(
  path: string,
  edit: (bytes: Uint8Array) => Uint8Array,
): (fixture: LogFixture) => Promise<void> {
  return async ({ folder }) => {
    await writeFile(join(folder, path), edit(await readFile(join(folder, path))));
  };
}

export function replaceText(path: string, from: string, to: string): (fixture: LogFixture) => Promise<void> {
  return change(path, (bytes) => Buffer.from(Buffer.from(bytes).toString('utf8').replace(from, to)));
}

export function flipped(bytes: Uint8Array | null, at = 70): Uint8Array {
  const copy = new Uint8Array(bytes ?? []);
  const place = Math.min(at, copy.length - 1);
  copy[place] = (copy[place] ?? 0) ^ 1;
  return copy;
}
