import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { LogName } from '../../src/app/ports.ts';
import { commitmentOffset, commitmentTo } from '../../src/core/tlog/entry.ts';
import { ed25519PrivateKey, ed25519Signer, hmacSha256, sha256 } from '../../src/core/tlog/node-primitives.ts';
import { parseNote, signNote } from '../../src/core/tlog/note.ts';
import { formatVkey, noteKey, parseVkey } from '../../src/core/tlog/note-key.ts';
import { copyFolder, sizes } from './evidence-folder.ts';
import type { Workbench } from './workbench.ts';

/** What can be done to an archive by whoever has its machine. */
export type Damage = (bench: Workbench) => Promise<unknown>;

/** A damage, and what a verification has to tell of it. */
export interface Corruption {
  readonly what: string;
  /** Log, code and place of each finding. */
  readonly told: readonly string[];
  /** Part of the first finding's detail. */
  readonly says?: string;
  readonly damage: Damage;
}

/** Turns over one bit of a `bytea`. */
export function flip(column: string, at: number, where: string): Damage {
  const [table, field] = column.split('.');
  return ({ sql }) =>
    sql(
      `UPDATE reentry.${table} SET ${field} = set_byte(${field}, ${at}, get_byte(${field}, ${at}) # 1) WHERE ${where}`,
    );
}

/** Gives two entries of the events log each other's columns. */
export function exchange(table: string, columns: readonly string[], one: number, other: number): Damage {
  const set = columns.map((column) => `${column} = theirs.${column}`).join(', ');
  return ({ sql }) =>
    sql(
      `UPDATE reentry.${table} AS ours SET ${set} FROM reentry.${table} AS theirs
       WHERE ours.log = 'events' AND theirs.log = 'events' AND (ours.seq, theirs.seq) IN (($1, $2), ($2, $1))`,
      [one, other],
    );
}

export function statements(...texts: readonly string[]): Damage {
  return async ({ sql }) => {
    for (const text of texts) await sql(text);
  };
}

export function flipByte(file: string, at: number): Damage {
  return ({ edit }) =>
    edit(file, (bytes) => {
      bytes[at] = (bytes[at] ?? 0) ^ 1;
      return bytes;
    });
}

export function replaceText(file: string, from: string | RegExp, to: string): Damage {
  return ({ edit }) => edit(file, (bytes) => bytes.toString('utf8').replace(from, to));
}

export function remove(file: string): Damage {
  return (bench) => bench.remove(file);
}

export function inOrder(...damages: readonly Damage[]): Damage {
  return async (bench) => {
    for (const damage of damages) await damage(bench);
  };
}

/** Seals another payload in the place of one: payload, commitment and entry agree, but only in the database. */
export function replacePayload(
  log: LogName,
  seq: number,
  edit: (payload: Buffer, bench: Workbench) => Promise<Buffer> | Buffer,
): Damage {
  return async (bench) => {
    const [row] = await bench.sql<Record<'entry' | 'salt' | 'payload', Buffer>>(
      'SELECT entry, salt, payload FROM reentry.log_entry JOIN reentry.log_payload USING (log, seq) WHERE log = $1 AND seq = $2',
      [log, seq],
    );
    if (!row) throw new Error(`no entry ${seq}`);
    const payload = await edit(row.payload, bench);
    row.entry.set(commitmentTo(hmacSha256, row.salt, payload), commitmentOffset);
    const values = [log, seq, payload];
    await bench.sql('UPDATE reentry.log_payload SET payload = $3 WHERE log = $1 AND seq = $2', values);
    await bench.sql('UPDATE reentry.log_entry SET entry = $3 WHERE log = $1 AND seq = $2', [
      log,
      seq,
      row.entry,
    ]);
  };
}

/** As an operator could who holds the key: throws the log's history away and signs what the database holds now. */
export function signAnew(log: LogName): Damage {
  return async (bench) => {
    await bench.sql('DELETE FROM reentry.log_checkpoint WHERE log = $1', [log]);
    await bench.remove(`logs/${log}/tile`);
    await bench.remove(`logs/${log}/checkpoint`);
    await bench.withArchive((archive) => archive[log].publish());
  };
}

/** As somebody could who holds no key: tiles and bundles are made to fit the rows, the signatures stay as they were. */
export function rebuildTiles(log: LogName): Damage {
  return async (bench) => {
    const checkpoint = await readFile(join(bench.path, `logs/${log}/checkpoint`));
    await bench.sql('CREATE TEMPORARY TABLE signed AS SELECT * FROM reentry.log_checkpoint WHERE log = $1', [
      log,
    ]);
    await signAnew(log)(bench);
    await bench.edit(`logs/${log}/checkpoint`, () => checkpoint);
    await bench.sql('DELETE FROM reentry.log_checkpoint WHERE log = $1', [log]);
    await bench.sql('INSERT INTO reentry.log_checkpoint SELECT * FROM signed');
    await bench.sql('DROP TABLE signed');
  };
}

/** The log's files as they were after the second import. */
export function earlierFiles(log: LogName): Damage {
  return async (bench) => {
    await bench.remove(`logs/${log}`);
    await copyFolder(join(bench.earlier, 'logs', log), join(bench.path, 'logs', log));
  };
}

/** All of a log as it was after the second import, so that it is whole in itself. */
export function cut(log: LogName): Damage {
  return inOrder(earlierFiles(log), cutRows(log), cutCheckpoints(log));
}

/** The log's rows cut to those of the second import. */
export function cutRows(log: LogName): Damage {
  const size = sizes.earlier[log];
  return statements(
    `DELETE FROM reentry.log_entry WHERE log = '${log}' AND seq >= ${size}`,
    `DELETE FROM reentry.log_payload WHERE log = '${log}' AND seq >= ${size}`,
    `UPDATE reentry.log_head SET size = ${size} WHERE log = '${log}'`,
  );
}

export function cutCheckpoints(log: LogName): Damage {
  return statements(
    `DELETE FROM reentry.log_checkpoint WHERE log = '${log}' AND size > ${sizes.earlier[log]}`,
  );
}

/** Signs the present checkpoint with a new key of the same name, and puts that key's public half into `vkeys`. */
export function signByStranger(log: LogName, vkeys: readonly string[]): Damage {
  return async ({ edit, path }) => {
    const known = parseVkey(sha256, (await readFile(join(path, `logs/${log}/vkey`), 'utf8')).trim());
    if (!known.ok) throw new Error(known.reason);
    const { publicKey, sign } = ed25519Signer(ed25519PrivateKey(randomBytes(32)));
    const key = noteKey(sha256, known.key.name, publicKey);
    await edit(`logs/${log}/checkpoint`, (bytes) => {
      const note = parseNote(bytes);
      return note.ok ? signNote(note.note.text, [{ ...key, sign }]) : bytes;
    });
    for (const vkey of vkeys) await edit(vkey, () => `${formatVkey(key)}\n`);
  };
}
