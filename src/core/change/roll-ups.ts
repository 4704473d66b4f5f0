import { type CellValues, scoreBucket } from './change-columns.ts';

/** Changes of a cell. */
export interface CellCount extends CellValues {
  /** 16 bytes, `cellOf` the values. */
  readonly cell: Uint8Array;
  readonly changes: number;
}

/** Changes of a cell by score: bucket 0 to 19, five points each. */
export interface ScoreCount {
  readonly cell: Uint8Array;
  readonly bucket: number;
  readonly changes: number;
}

/** Changes merged on a day (`dayOf`), by class. */
export interface DayCount {
  readonly day: number;
  readonly class: string;
  readonly changes: number;
}

/** Counts of changes that are kept beside them, so that nobody has to read all changes to count them. */
export interface RollUps {
  readonly cells: readonly CellCount[];
  readonly scores: readonly ScoreCount[];
  readonly days: readonly DayCount[];
}

/** What of a change the roll-ups count. */
export interface CountedChange extends Omit<CellValues, 'hasGaps' | 'hasContradictions' | 'hasSession'> {
  readonly gaps: number;
  readonly contradictions: number;
  readonly sessions: number;
  readonly cell: Uint8Array;
  readonly riskScore: number;
  readonly mergedDay: number | null;
}

type Counter<Count> = { -readonly [Key in keyof Count]: Count[Key] };

/** The counters that one change is in; changes that are counted alike share them. */
export interface CountedPlace {
  readonly cell: Counter<CellCount>;
  readonly score: Counter<ScoreCount>;
  /** Undefined for a time that is none. */
  readonly day: Counter<DayCount> | undefined;
}

/** Counts changes into roll-ups, and out of them again: what is left over may be negative, a difference to what is stored. */
export class RollUpCounter {
  readonly #cells = new Map<string, Counter<CellCount>>();
  readonly #scores = new Map<string, Counter<ScoreCount>>();
  readonly #days = new Map<string, Counter<DayCount>>();

  place(change: CountedChange): CountedPlace {
    const key = Buffer.from(change.cell).toString('latin1');
    const bucket = scoreBucket(change.riskScore);
    const day = change.mergedDay;
    return {
      cell: obtain(this.#cells, key, () => cellCount(change)),
      score: obtain(this.#scores, `${key}${bucket}`, () => ({ cell: change.cell, bucket, changes: 0 })),
      day:
        day === null
          ? undefined
          : obtain(this.#days, `${day} ${change.class}`, () => ({ day, class: change.class, changes: 0 })),
    };
  }

  /** Adds `times` changes at that place; -1 takes one away. */
  count({ cell, score, day }: CountedPlace, times = 1): void {
    cell.changes += times;
    score.changes += times;
    if (day) day.changes += times;
  }

  /** Every count but zero. */
  get rollUps(): RollUps {
    return { cells: counted(this.#cells), scores: counted(this.#scores), days: counted(this.#days) };
  }
}

function cellCount(change: CountedChange): Counter<CellCount> {
  const { repoId, class: actorClass, riskBand, kind, attributionLevel, agents, models, cell } = change;
  return {
    cell,
    repoId,
    class: actorClass,
    riskBand,
    kind,
    attributionLevel,
    hasGaps: change.gaps > 0,
    hasContradictions: change.contradictions > 0,
    hasSession: change.sessions > 0,
    agents,
    models,
    changes: 0,
  };
}

function counted<Count extends { readonly changes: number }>(counters: Map<string, Count>): readonly Count[] {
  return [...counters.values()].filter(({ changes }) => changes !== 0);
}

function obtain<Value>(map: Map<string, Value>, key: string, make: () => Value): Value {
  const found = map.get(key);
  if (found !== undefined) return found;
  const made = make();
  map.set(key, made);
  return made;
}
