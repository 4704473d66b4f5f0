import type { CellCount, DayCount, RollUps, ScoreCount } from '../core/change/roll-ups.ts';
import { encodeHex } from '../core/tlog/bytes.ts';
import { differingColumns } from './canonical-row.ts';
import type { VerificationFinding } from './ports.ts';

type Report = (finding: VerificationFinding) => void;

export interface ExpectedRollUps {
  readonly sealed: RollUps;
  /** Of rows that no intact sealed record is of: they are told by themselves, so it is all one whether they are counted. */
  readonly unsealed: RollUps;
}

/** Compares each stored count with the one that the sealed records give, both ways; returns how many rows were looked at. */
export function compareRollUps(
  { sealed, unsealed }: ExpectedRollUps,
  found: RollUps,
  report: Report,
): number {
  compareCounts(rollUps.cells, limits(rollUps.cells, sealed.cells, unsealed.cells), found.cells, report);
  compareCounts(rollUps.scores, limits(rollUps.scores, sealed.scores, unsealed.scores), found.scores, report);
  compareCounts(rollUps.days, limits(rollUps.days, sealed.days, unsealed.days), found.days, report);
  return found.cells.length + found.scores.length + found.days.length;
}

interface RollUp<Count> {
  readonly table: string;
  readonly keyOf: (count: Count) => string;
}

const rollUps: {
  readonly cells: RollUp<CellCount>;
  readonly scores: RollUp<ScoreCount>;
  readonly days: RollUp<DayCount>;
} = {
  cells: { table: 'change_cell', keyOf: ({ cell }) => encodeHex(cell) },
  scores: { table: 'change_score', keyOf: ({ cell, bucket }) => `${encodeHex(cell)} ${bucket}` },
  days: { table: 'change_day', keyOf: ({ day, class: actorClass }) => `${day} ${actorClass}` },
};

interface Limits<Count> {
  /** With the least number of changes that is right. */
  readonly count: Count;
  readonly most: number;
}

function limits<Count extends { readonly changes: number }>(
  { keyOf }: RollUp<Count>,
  sealed: readonly Count[],
  unsealed: readonly Count[],
): Map<string, Limits<Count>> {
  const made = new Map(sealed.map((count) => [keyOf(count), { count, most: count.changes }]));
  for (const count of unsealed) {
    const key = keyOf(count);
    const known = made.get(key) ?? { count: { ...count, changes: 0 }, most: 0 };
    made.set(key, { count: known.count, most: known.most + count.changes });
  }
  return made;
}

function compareCounts<Count extends { readonly changes: number }>(
  { table, keyOf }: RollUp<Count>,
  missing: Map<string, Limits<Count>>,
  found: readonly Count[],
  report: Report,
): void {
  const tell = (code: string, detail: string) => report({ code, log: 'evidence', detail });
  for (const count of found) {
    const key = keyOf(count);
    const right = missing.get(key);
    missing.delete(key);
    if (right === undefined) {
      const what = `counts ${count.changes} changes that no intact sealed record is of`;
      tell('roll-up-edited', `${table} ${key} ${what}`);
      continue;
    }
    const changes = Math.min(Math.max(count.changes, right.count.changes), right.most);
    const columns = differingColumns({ ...right.count, changes }, count);
    if (columns !== '')
      tell('roll-up-edited', `${table} ${key} differs from the sealed records in ${columns}`);
  }
  for (const [key, { count }] of missing) {
    if (count.changes > 0)
      tell('roll-up-missing', `${table} ${key} has no row, and ${count.changes} changes are sealed`);
  }
}
