import type { ReadReport } from '../../app/report-ports.ts';
import type { ReportCoverage } from '../../core/reports/report-summary.ts';
import { CoverageTally } from '../../core/reports/tally-coverage.ts';
import { coverageReport } from './coverage-report.ts';
import { reportInvalid } from './report-invalid.ts';
import { attributeIn, countIn, type XmlAttributes, type XmlHandler } from './walk-xml.ts';

/** Cobertura XML (coverage-04.dtd). Methods repeat the lines of their class, and classes share a file: each line counts once. */
export class CoberturaReader implements XmlHandler {
  readonly #tally = new CoverageTally();
  readonly #told: Pick<ReportCoverage, 'covered' | 'coverable'>;
  #file: string | undefined;

  constructor(root: XmlAttributes) {
    this.#told = {
      covered: countIn(root, 'lines-covered') ?? 0,
      coverable: countIn(root, 'lines-valid') ?? 0,
    };
  }

  open(name: string, attributes: XmlAttributes): void {
    if (name === 'class') {
      this.#file = attributeIn(attributes, 'filename');
      if (this.#file === undefined || this.#file === '') throw reportInvalid('a class names no file');
      this.#tally.file(this.#file);
    } else if (name === 'line' && this.#file !== undefined) {
      const line = countIn(attributes, 'number');
      const hits = attributeIn(attributes, 'hits');
      if (line === undefined || hits === undefined) throw reportInvalid('a line has no number or no hits');
      this.#tally.add(this.#file, line, Number(hits) > 0);
    }
  }

  close(name: string, text: string): void {
    if (name === 'class') this.#file = undefined;
    else if (name === 'source' && text.trim() !== '') this.#tally.addRoot(text.trim());
  }

  get report(): ReadReport {
    const { coverage } = this.#tally;
    // Some tools give sums without lines.
    const sums = coverage.coverable === 0 && this.#told.covered <= this.#told.coverable ? this.#told : {};
    return coverageReport('cobertura', { ...coverage, ...sums });
  }
}
