import { createHash } from 'node:crypto';

/** One step of the schema. Released ones are never edited: their digest stands in every database. */
export interface Migration {
  /** 1, 2, 3 … without gaps. */
  readonly number: number;
  readonly name: string;
  /** Plain SQL, several statements, in one transaction; no PL/pgSQL, triggers or sequences. */
  readonly sql: string;
}

/** SHA-256 of its SQL, hex. */
export function migrationDigest({ sql }: Migration): string {
  return createHash('sha256').update(sql).digest('hex');
}
