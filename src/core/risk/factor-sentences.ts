/** How one feature is said to a reviewer. */
interface FactorWords {
  /** What it measures, in the middle of a sentence. */
  readonly name: string;
  readonly unit: 'count' | 'share' | 'days' | 'yes-no';
  /** What this change did, without a full stop; true for every value of the feature, zero too. */
  readonly fact: (value: number) => string;
}

const words: ReadonlyMap<string, FactorWords> = new Map(
  Object.entries({
    src_la: count('source lines added', (n) => `Adds ${some(n, 'source line')}`),
    src_ld: count('source lines removed', (n) => `Removes ${some(n, 'source line')}`),
    la: count('lines added', (n) => `Adds ${some(n, 'line')} in all, tests and docs included`),
    branch_add: count('branches added', (n) => `Adds ${some(n, 'branch', 'branches')} to the code`),
    func_add: count('functions added', (n) => `Adds ${some(n, 'line')} that open a function or class`),
    hunks: count('places changed', (n) => `Changes ${some(n, 'place')}`),
    max_file: count('lines in the largest file', (n) => `Changes ${some(n, 'line')} in its largest file`),
    src_nf: count('source files changed', (n) => `Changes ${some(n, 'source file')}`),
    mod_lines: count('source lines replaced', (n) => `Replaces ${some(n, 'existing source line')}`),
    mod_recent30: share('share of young lines replaced', (s) =>
      s > 0
        ? `${percent(s)} of the source lines it replaces were written in the last 30 days`
        : 'Replaces no source lines of the last 30 days',
    ),
    mod_age: {
      name: 'age of the lines replaced',
      unit: 'days',
      fact: (n) =>
        n > 0
          ? `The source lines it replaces are ${days(n)} old on average`
          : 'Replaces no older source lines',
    },
    mod_other: share('share of others’ lines replaced', (s) =>
      s > 0
        ? `${percent(s)} of the source lines it replaces were last written by someone else`
        : 'Replaces no source lines that someone else wrote last',
    ),
    fix_365: count(
      'fixes to its files',
      (n) => `Touches files that needed ${some(n, 'fix', 'fixes')} in the last year`,
    ),
    fix_max365: count('fixes to one of its files', (n) =>
      n > 0
        ? `One of its files needed ${some(n, 'fix', 'fixes')} in the last year`
        : 'None of its files needed a fix in the last year',
    ),
    churn90: count(
      'changes to its files',
      (n) => `Touches files that changed ${times(n)} in the last 90 days`,
    ),
    new_files: count('files without history', (n) => `Touches ${some(n, 'file')} without history`),
    own_mean: share('author’s share of earlier changes', (s) =>
      s > 0
        ? `Its author made ${percent(s)} of the earlier changes to a file of it on average`
        : 'Its author made none of the earlier changes to its files',
    ),
    files_new_to_author: count(
      'files new to the author',
      (n) => `Touches ${some(n, 'file')} that its author never changed before`,
    ),
    exp: count('author’s earlier changes', (n) => `Its author made ${some(n, 'change')} here before`),
    rexp: count(
      'author’s recent changes',
      (n) => `Its author’s changes here weigh ${amount(n)}, where older ones count less`,
    ),
    sexp: count(
      'author’s changes in these folders',
      (n) => `Its author made ${some(n, 'change')} in its top folders before`,
    ),
    fix: {
      name: 'speaking of a fix',
      unit: 'yes-no',
      fact: (n) =>
        n > 0 ? 'Its title says that it mends something' : 'Its title does not say that it mends something',
    },
    c_conc: count(
      'lines of concurrent code',
      (n) => `Adds ${some(n, 'line')} of concurrent code (async, locks, threads)`,
    ),
    c_unsafe: count(
      'unsafe lines',
      (n) => `Adds ${some(n, 'line')} of unsafe code or of checks switched off`,
    ),
  } satisfies Record<string, FactorWords>),
);

/** Every signal that a scorecard may use. */
export const explainedSignals: ReadonlySet<string> = new Set(words.keys());

export interface Explained {
  readonly signal: string;
  /** Undefined where the change does not have it. */
  readonly value: number | undefined;
  /** What the median change of the reference population has. */
  readonly reference: number;
  readonly contribution: number;
}

/** One sentence: what the change did, what is usual, and which way that moves the score. */
export function sentenceOf({ signal, value, reference, contribution }: Explained): string {
  const factor = words.get(signal) ?? count(signal, (n) => `Has ${amount(n)} of ${signal}`);
  if (value === undefined)
    return `Not known: ${factor.name}; it is taken as usual, which makes no difference.`;
  const usual =
    factor.unit === 'yes-no' || value === reference ? '' : ` (usually ${inUnit(reference, factor.unit)})`;
  return `${capitalised(factor.fact(value))}${usual}, which ${effect(contribution)}.`;
}

function effect(contribution: number): string {
  if (contribution === 0) return 'makes no difference';
  return contribution > 0 ? 'raises the score' : 'lowers the score';
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function inUnit(value: number, unit: FactorWords['unit']): string {
  if (unit === 'share') return percent(value);
  return unit === 'days' ? days(value) : amount(value);
}

function count(name: string, fact: FactorWords['fact']): FactorWords {
  return { name, unit: 'count', fact };
}

function share(name: string, fact: FactorWords['fact']): FactorWords {
  return { name, unit: 'share', fact };
}

function some(value: number, one: string, many = `${one}s`): string {
  if (value === 0) return `no ${many}`;
  return `${amount(value)} ${value === 1 ? one : many}`;
}

function times(value: number): string {
  if (value === 0) return 'never';
  return value === 1 ? 'once' : `${amount(value)} times`;
}

function days(value: number): string {
  if (value < 1) return 'less than a day';
  return some(Math.round(value), 'day');
}

function percent(value: number): string {
  const whole = Math.round(value * 100);
  if (whole === 0 && value > 0) return 'less than 1 %';
  return whole === 100 && value < 1 ? 'more than 99 %' : `${whole} %`;
}

/** One decimal at most, thousands parted by commas; the same in every locale. */
function amount(value: number): string {
  const [whole = '', decimal] = String(Math.round(value * 10) / 10).split('.');
  if (!/^-?\d+$/.test(whole)) return whole;
  const parted = whole.replace(/\B(?=(?:\d{3})+$)/g, ',');
  return decimal === undefined ? parted : `${parted}.${decimal}`;
}
