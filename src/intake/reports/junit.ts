import type { ReadReport } from '../../app/report-ports.ts';
import type { GateConclusion } from '../../core/host/observation.ts';
import { emptySummary, keptText, type ReportTests, reportLimits } from '../../core/reports/report-summary.ts';
import { attributeIn, countIn, type XmlAttributes, type XmlHandler } from './walk-xml.ts';

type Outcome = 'passed' | 'failed' | 'errors' | 'skipped';

interface Counts {
  total: number;
  failed: number;
  errors: number;
  skipped: number;
}

interface Suite {
  /** What its attributes say. */
  readonly told: Counts;
  /** Its own cases and the suites in it. */
  readonly counted: Counts;
}

/** Worse first: a case that failed and then broke while it was taken down is an error. */
const order: readonly Outcome[] = ['errors', 'failed', 'skipped', 'passed'];

/**
 * JUnit XML, as Ant wrote it first and everybody writes it since, without a standard. Where the attributes of a suite and the cases
 * in it disagree, the worse number counts: some tools list no passed cases, others miss failures of a suite's set-up.
 */
export class JunitReader implements XmlHandler {
  readonly #suites: Suite[] = [];
  readonly #failedNames: string[] = [];
  #failedListed = 0;
  #current: { readonly name: string; outcome: Outcome } | undefined;
  #sum: Counts = none();

  open(name: string, attributes: XmlAttributes, around: readonly string[]): void {
    if (name === 'testsuites' || name === 'testsuite')
      this.#suites.push({ told: told(attributes), counted: none() });
    else if (name === 'testcase')
      this.#current = { name: nameOf(attributes), outcome: ownOutcome(attributes) };
    else this.#note(name, around.at(-1));
  }

  close(name: string): void {
    if (name === 'testcase') this.#endCase();
    else if (name === 'testsuites' || name === 'testsuite') this.#endSuite();
  }

  get report(): ReadReport {
    const { total: given, failed, errors, skipped } = this.#sum;
    const total = Math.max(given, failed + errors + skipped);
    const tests: ReportTests = {
      total,
      passed: total - failed - errors - skipped,
      failed,
      errors,
      skipped,
      failedNames: this.#failedNames,
      leftOut: this.#failedListed - this.#failedNames.length,
    };
    const { conclusion, remarks } = conclude(tests);
    return { summary: { ...emptySummary('junit', null), remarks, tests }, conclusion, name: 'junit' };
  }

  #note(name: string, parent: string | undefined): void {
    const outcome = outcomes.get(name);
    if (outcome === undefined) return;
    if (parent === 'testcase' && this.#current) this.#current.outcome = worse(this.#current.outcome, outcome);
    // A suite that could not be set up.
    else if (parent === 'testsuite' && outcome !== 'skipped')
      addOutcome(this.#suites.at(-1)?.counted, outcome);
  }

  #endCase(): void {
    const ended = this.#current;
    this.#current = undefined;
    if (ended === undefined) return;
    addOutcome(this.#suites.at(-1)?.counted, ended.outcome);
    if (ended.outcome !== 'failed' && ended.outcome !== 'errors') return;
    this.#failedListed += 1;
    if (this.#failedNames.length < reportLimits.failedTests) this.#failedNames.push(ended.name);
  }

  #endSuite(): void {
    const suite = this.#suites.pop();
    if (suite === undefined) return;
    const into = this.#suites.at(-1)?.counted ?? this.#sum;
    for (const key of ['total', 'failed', 'errors', 'skipped'] as const)
      into[key] += Math.max(suite.told[key], suite.counted[key]);
  }
}

const outcomes: ReadonlyMap<string, Outcome> = new Map([
  ['failure', 'failed'],
  ['error', 'errors'],
  ['skipped', 'skipped'],
]);

/** No test that ran and passed is no success, however little failed. */
function conclude({ total, passed, failed, errors }: ReportTests): {
  readonly conclusion: GateConclusion;
  readonly remarks: readonly string[];
} {
  if (failed + errors > 0) return { conclusion: 'failure', remarks: [] };
  if (total === 0) return { conclusion: 'neutral', remarks: ['No test ran.'] };
  if (passed === 0) return { conclusion: 'skipped', remarks: ['Every test was skipped.'] };
  return { conclusion: 'success', remarks: [] };
}

function none(): Counts {
  return { total: 0, failed: 0, errors: 0, skipped: 0 };
}

function told(attributes: XmlAttributes): Counts {
  const of = (name: string) => countIn(attributes, name) ?? 0;
  return {
    total: of('tests'),
    failed: of('failures'),
    errors: of('errors'),
    skipped: Math.max(of('skipped'), of('disabled'), of('ignored')),
  };
}

/** GoogleTest marks what it did not run with an attribute alone. */
function ownOutcome(attributes: XmlAttributes): Outcome {
  const isLeftOut =
    attributeIn(attributes, 'status') === 'notrun' || attributeIn(attributes, 'result') === 'suppressed';
  return isLeftOut ? 'skipped' : 'passed';
}

function nameOf(attributes: XmlAttributes): string {
  const group = attributeIn(attributes, 'classname') ?? '';
  const name = attributeIn(attributes, 'name') ?? '';
  return keptText(group === '' ? name : `${group} › ${name}`);
}

function addOutcome(counts: Counts | undefined, outcome: Outcome): void {
  if (counts === undefined) return;
  counts.total += 1;
  if (outcome !== 'passed') counts[outcome] += 1;
}

function worse(one: Outcome, other: Outcome): Outcome {
  return order.indexOf(one) < order.indexOf(other) ? one : other;
}
