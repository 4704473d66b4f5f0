/** Labelled changes of one repository, oldest first: only those that change source and whose label is known. */
export interface TrainingSet {
  readonly name: string;
  readonly rows: number;
  readonly positives: number;
  /** 0 or 1: a fix or revert within the horizon blames this change. */
  readonly labels: Uint8Array;
  /** 0 or 1. */
  readonly bots: Uint8Array;
  readonly columns: ReadonlyMap<string, Float64Array>;
}

/** What is known only later, and would tell the label to the model. */
const hindsight = new Set(['nfix', 'bug_ts', 'rev_ts', 'sec_ts', 'label', 'label_known', 'label_h_days']);

/** Reads a table of the reference miner. Throws a RangeError where a column is missing or a number is none. */
export function parseTrainingSet(name: string, csv: string): TrainingSet {
  const [header = '', ...lines] = csv.trim().split(/\r?\n/);
  const names = header.split(',');
  const at = (column: string): number => {
    const index = names.indexOf(column);
    if (index === -1) throw new RangeError(`${name} has no column ${column}`);
    return index;
  };
  const [time, known, label, added, removed] = ['ts', 'label_known', 'label', 'src_la', 'src_ld'].map(at);
  const number = (cells: readonly string[], column = 0): number => Number(cells[column]);
  const rows = lines
    .map((line) => line.split(','))
    .filter((cells) => number(cells, known) === 1 && number(cells, added) + number(cells, removed) > 0)
    .sort((a, b) => number(a, time) - number(b, time));
  const columnOf = (column: string): Float64Array => {
    const index = at(column);
    const values = Float64Array.from(rows, (cells) => number(cells, index));
    if (values.some(Number.isNaN)) throw new RangeError(`${name} has a value in ${column} that is no number`);
    return values;
  };
  const labels = Uint8Array.from(rows, (cells) => number(cells, label));
  const features = names.filter(
    (column) => !hindsight.has(column) && column !== 'project' && column !== 'commit',
  );
  return {
    name,
    rows: rows.length,
    positives: labels.reduce((sum, one) => sum + one, 0),
    labels,
    bots: Uint8Array.from(columnOf('bot')),
    columns: new Map(features.map((column) => [column, columnOf(column)])),
  };
}

/** The column's values; throws a RangeError where the set has no such column. */
export function valuesOf(set: TrainingSet, column: string): Float64Array {
  const values = set.columns.get(column);
  if (values === undefined) throw new RangeError(`${set.name} has no column ${column}`);
  return values;
}
